"""Reads a .docx as `word_blocks.DocumentText`, within limits; follows no link and runs nothing."""

from typing import BinaryIO

from sjs_forms.word_import.ooxml.document_body import read_body
from sjs_forms.word_import.ooxml.docx_package import BadDocx, open_package
from sjs_forms.word_import.word_blocks import DocumentText

__all__ = ["BadDocx", "read_word"]


def read_word(stream: BinaryIO) -> DocumentText:
    """Return the text of a .docx, block by block. Raises BadDocx if it is none, or damaged."""
    return read_body(open_package(stream))
