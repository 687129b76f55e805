"""Reads a .docx as `readback.blocks.Written`, within bounds, nothing in it followed or run.

The zip is opened here, not by a document library: only the few parts that hold text are
unpacked, each bounded, and parsed without entities, network or document type.
"""

from typing import BinaryIO

from sjs_forms.ooxml.body import read_body
from sjs_forms.ooxml.package import NotWord, open_package
from sjs_forms.readback.blocks import Written

__all__ = ["NotWord", "read_word"]


def read_word(stream: BinaryIO) -> Written:
    """The text of a .docx, block by block. Raises NotWord where it is none or not a sound one."""
    return read_body(open_package(stream))
