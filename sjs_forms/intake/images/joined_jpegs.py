"""Counts the pictures in a JPEG file that has several, one behind the other, without an index.

A scanner's program or `copy /b` joins them; viewers show the first. An MPO file lists its own, see
`frames`.
"""

import io
import struct

from PIL import Image

_START, _SCAN, _END = b"\xff\xd8\xff", 0xDA, 0xD9
_PADDING = b"\0\r\n "
_NO_LENGTH = (0x01, *range(0xD0, 0xD9))
"""Markers without a length (ITU-T T.81, B.1.1.3)."""

_MOST = 1_000
_UNREADABLE = (OSError, SyntaxError, ValueError, KeyError, TypeError, struct.error)
_HEADER = 1 << 20
"""Bytes of a picture in which its size stands."""


def joined_pictures(data: bytes) -> int:
    """Return how many pictures follow the first that are no preview of it, half as large or less.

    Anything else behind a picture, as phones put a film there, ends the count.
    """
    first, at, found = _size(data), _end_of(data, 0), 0
    while at and found < _MOST:
        at += len(data[at : at + 4096]) - len(data[at : at + 4096].lstrip(_PADDING))
        if data[at : at + 3] != _START:
            break
        own = _size(data[at : at + _HEADER])
        is_preview = own[0] * 2 <= first[0] or own[1] * 2 <= first[1]
        found += not is_preview
        at = _end_of(data, at)
    return found


def _size(data: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(data[:_HEADER]), formats=["JPEG"]) as picture:
            return picture.size
    except (*_UNREADABLE, Image.DecompressionBombError):
        return 0, 0


def _end_of(data: bytes, start: int) -> int:
    """Return where the JPEG that begins at `start` ends, or 0 if that cannot be told."""
    at = start + 2
    while data[at : at + 1] == b"\xff" and at + 1 < len(data):
        marker = data[at + 1]
        if marker == _END:
            return at + 2
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        at += 2 if marker in _NO_LENGTH else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN:
            at = _next_marker(data, at)
    return 0


def _next_marker(data: bytes, at: int) -> int:
    """Return the place of the first marker behind a scan's data."""
    while (at := data.find(b"\xff", at)) >= 0:
        following = data[at + 1 : at + 2]
        if following not in (b"\0", b"\xff") and not b"\xd0" <= following <= b"\xd7":
            return at
        at += 1
    return len(data)
