"""Finds PNG data of which a part was overwritten or is missing, by their chunks (PNG, 5)."""

import zlib
from collections.abc import Iterator

_PNG_SIGNATURE = 8
_CHUNK = 12
"""Bytes of a PNG chunk beside its content: length, type and sum (PNG, 5.3)."""
_PICTURE_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT")
_END_CHUNK = b"IEND"


def is_png_overwritten(data: bytes) -> bool:
    """Return whether a chunk that the picture of a PNG needs does not have its own sum."""
    for kind, start, end in _chunks(data):
        if kind == _END_CHUNK:
            return False
        stored = data[end : end + 4]
        is_summed = kind in _PICTURE_CHUNKS and len(stored) == 4
        if is_summed and zlib.crc32(data[start:end]) != int.from_bytes(stored, "big"):
            return True
    return False


def has_png_end(data: bytes) -> bool:
    """Return whether a PNG has its last chunk; its picture may be complete without."""
    return any(kind == _END_CHUNK for kind, _, _ in _chunks(data))


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the type of each chunk, and where what its sum is of, type and content, starts and
    ends.
    """
    at = _PNG_SIGNATURE
    while at + _CHUNK <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], at + 4, end
        at = end + 4
