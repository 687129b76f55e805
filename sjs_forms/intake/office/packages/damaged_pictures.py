"""Counts the pictures in an Office document of which a part is missing."""

import base64
import binascii
import re
from collections.abc import Iterable
from typing import Any

from sjs_forms.intake.office.packages.office_package import OfficePackage
from sjs_forms.intake.picture_data.embedded_pictures import is_damaged_picture
from sjs_forms.intake.wordml import named

_IMAGE = "/image"
"""The end of the type of a relationship to a picture (ISO/IEC 29500-1, 15.2.14)."""
_OPEN_PICTURES = "Pictures/"
"""The folder of pictures in a package of OpenDocument, by custom of all programs."""

_BLIP = re.compile(rb"\\(?:jpegblip|pngblip)(?![a-z])")
_HEXADECIMAL = re.compile(rb"(?:[0-9a-fA-F]{2}\s*){32,}")
"""A picture's data in RTF. The identifier that may precede them is shorter."""
_BRACE = re.compile(rb"[{}]")


def damaged_in_package(package: OfficePackage) -> int:
    """Return the number of damaged pictures in a package, each counted once."""
    if package.is_open_document:
        names = {name for name in package.members if name.startswith(_OPEN_PICTURES)}
    else:
        there = set(package.members)
        names = {name for name, kind in package.related() if kind.endswith(_IMAGE)} & there
    return sum(is_damaged_picture(package.read(name)) for name in sorted(names))


def damaged_in_document(root: Any) -> int:
    """Return the same for a document of a single XML file, whose pictures are in base 64.

    Those are office:binary-data in OpenDocument, w:binData in Word 2003 and pkg:binaryData in a
    flat OOXML file.
    """
    texts = (each.text or "" for each in named(root, "binary-data", "binData", "binaryData"))
    return _damaged(map(_unpacked, texts))


def damaged_in_rtf(data: bytes) -> int:
    """Return the same for RTF, whose pictures are in hexadecimal (RTF 1.9.1, Pictures)."""
    found = []
    for blip in _BLIP.finditer(data):
        written = _HEXADECIMAL.search(data, blip.end(), _end_of_group(data, blip.end()))
        if written is not None:
            found.append(bytes.fromhex(written[0].decode("ascii")))
    return _damaged(found)


def _end_of_group(data: bytes, start: int) -> int:
    """Return where the group that is open at `start` ends."""
    depth = 1
    for brace in _BRACE.finditer(data, start):
        depth += 1 if brace[0] == b"{" else -1
        if not depth:
            return brace.start()
    return len(data)


def _damaged(pictures: Iterable[bytes]) -> int:
    return sum(map(is_damaged_picture, pictures))


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""
