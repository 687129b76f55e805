"""Counts the pictures in an Office document of which a part is missing."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sjs_forms.intake.office.packages.office_package import OfficePackage
from sjs_forms.intake.picture_data.embedded_pictures import is_damaged_picture
from sjs_forms.intake.wordml import named

_IMAGE = "/image"
"""The end of the type of a relationship to a picture (ISO/IEC 29500-1, 15.2.14)."""
_OPEN_PICTURES = "Pictures/"
"""The folder of pictures in a package of OpenDocument, by custom of all programs."""

_RTF = re.compile(
    rb"\\[{}\\]|(?P<brace>[{}])|(?P<blip>\\(?:jpegblip|pngblip)(?![a-z]))"
    rb"|(?P<data>(?<![0-9a-zA-Z])[0-9a-fA-F][0-9a-fA-F\s]{63,})"
)
"""What matters for the pictures in RTF: groups, words for formats, and data in hexadecimal, which
are longer than the tag and the identifier that may precede them.
"""


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
    return _damaged(_pictures_in_rtf(data))


def _pictures_in_rtf(data: bytes) -> Iterator[bytes]:
    """Yield the data in each group with the word for JPEG or PNG, but not in groups within it."""
    depth, of_picture = 0, -1
    for found in _RTF.finditer(data):
        if found["brace"]:
            depth += 1 if found["brace"] == b"{" else -1
            of_picture = of_picture if depth >= of_picture else -1
        elif found["blip"]:
            of_picture = depth
        elif found["data"] and depth == of_picture:
            digits = b"".join(found["data"].split())
            yield binascii.unhexlify(digits[: len(digits) // 2 * 2])
            of_picture = -1


def _damaged(pictures: Iterable[bytes]) -> int:
    return sum(map(is_damaged_picture, pictures))


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""
