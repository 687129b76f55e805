"""Recognises SVG among the pictures of a document by its content, whatever the picture is called.

So does LibreOffice, and an SVG may load further files (SVG 1.1, 5.7).
"""

import base64
import binascii
import zlib
from urllib.parse import unquote_to_bytes

_GZIP = b"\x1f\x8b"
_GZIP_FRAME = 31
"""zlib's `wbits` for data in gzip's frame."""
_LARGEST = 50_000_000
"""Limit in bytes on a drawing that is stored as .svgz; the rest is dropped, so that it is invalid.
"""
_BEFORE = b"\xef\xbb\xbf\xff\xfe \t\r\n"
"""Byte order marks and spaces, which may precede XML."""
_PIXELS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
"""The first bytes of formats that hold pixels and no links."""


def svg_in(data: bytes) -> bytes | None:
    """Return the XML of a picture that may be SVG, unpacked if it is .svgz; None for any other."""
    if data.startswith(_GZIP):
        data = _unzipped(data)
    plain = data.replace(b"\0", b"")  # of UTF-16
    return data if plain.lstrip(_BEFORE).startswith(b"<") and b"svg" in plain else None


def _unzipped(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(_GZIP_FRAME).decompress(data, _LARGEST)
    except zlib.error:
        return b""


def is_picture_of_pixels(uri: str) -> bool:
    """Return whether a data URI (RFC 2397) holds a picture of pixels, which has no links."""
    head, _, body = uri.partition(",")
    data = unquote_to_bytes(body)
    if head.endswith(";base64"):
        data = decoded(data) or b""
    return data.startswith(_PIXELS)


def decoded(text: str | bytes) -> bytes | None:
    """Return the bytes of a text in base64, or None if it contains other characters."""
    data = text.encode() if isinstance(text, str) else text
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
