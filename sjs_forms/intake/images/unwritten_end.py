"""Finds picture files whose end was reserved on the disk but never written.

A download or copy that was interrupted leaves a file of full length that ends in zeros. Decoders
accept zeros as data, so such a picture is decoded without an error, black or grey from some row on.
Zeros behind the picture's own end are padding and do not matter.
"""

from pathlib import Path
from typing import Any

from PIL import Image

HOLE = 1024
"""Zeros at the end from which a compressed picture counts as unwritten."""

RAW_SHARE = 0.05
"""Share of the file from which this holds for uncompressed pictures, where zeros are black."""

_PHOTOMETRIC, _BLACK_IS_ZERO, _RGB = 0x0106, 1, 2
"""PhotometricInterpretation and two of its values (TIFF 6.0)."""

_STRIPS = ((273, 279), (324, 325))
"""Tags of the offsets and byte counts of strips, and of tiles."""

_PNG_END = b"IEND\xaeB`\x82"
_HEADER = 8
"""Bytes before the content of a RIFF file or of a box (ISO 14496-12, 4.2)."""


def has_unwritten_end(picture: Image.Image, source: Path) -> bool:
    """Return whether the file of an opened picture ends in zeros that stand for nothing."""
    data = source.read_bytes()
    written = len(data.rstrip(b"\0"))
    least = float(HOLE)
    if picture.format in ("BMP", "DIB", "TIFF"):
        if not _is_black_at_zero(picture):
            return False
        end, least = _end_of_strips(source, len(data)), max(least, RAW_SHARE * len(data))
    else:
        end = _end_of(data, written, picture.format)
    return min(len(data), end) - written >= least


def _is_black_at_zero(picture: Any) -> bool:
    """Return whether zeros are black, as opposed to white or to the end of compressed data."""
    if picture.mode not in ("L", "RGB", "RGBA"):
        return False
    plain = picture.info.get("compression") in ("raw", "packbits")
    shades = picture.tag_v2.get(_PHOTOMETRIC) if picture.format == "TIFF" else _RGB
    return shades in (_BLACK_IS_ZERO, _RGB) and (plain or picture.format != "TIFF")


def _end_of_strips(source: Path, length: int) -> int:
    """Return where the last strip or tile of a TIFF file ends, or `length` for another format."""
    ends = [0]
    with Image.open(source) as picture:
        if picture.format != "TIFF":
            return length
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            tags: Any = getattr(picture, "tag_v2", {})
            for offsets, counts in _STRIPS:
                pairs = zip(_numbers(tags, offsets), _numbers(tags, counts), strict=False)
                ends += [offset + count for offset, count in pairs]
    return max(ends)


def _numbers(tags: Any, tag: int) -> list[int]:
    found = tags.get(tag, ())
    values = found if isinstance(found, tuple) else (found,)
    return [value for value in values if isinstance(value, int)]


def _end_of(data: bytes, written: int, form: str | None) -> int:
    """Return where the picture ends by its own account, or 0 if that is unknown."""
    if form == "PNG":
        return 0 if data.endswith(_PNG_END, 0, written) else len(data)
    if form == "WEBP":
        return _HEADER + int.from_bytes(data[4:8], "little")
    return _end_of_boxes(data) if form in ("HEIF", "AVIF") else 0


def _end_of_boxes(data: bytes) -> int:
    at = 0
    while len(data) - at >= _HEADER and any(data[at : at + _HEADER]):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < _HEADER:  # 0 extends to the end of the file
            return len(data)
        at += size
    return at
