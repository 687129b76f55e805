"""Finds PNG and TIFF data of which a part was overwritten, mostly by the sums stored with them.

Pillow and libtiff stop decoding when a picture is full, and so never reach the sum behind the data.
Without one (LZW, WebP, HEIF, JPEG 2000) foreign bytes are decoded as if they were the picture's
own, unless the decoder fails on them; in fax data, only zeros that no code has are found.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sjs_forms.intake.picture_data.jpeg_damage import is_damaged, look_at
from sjs_forms.intake.picture_data.picture_streams import has_fax_hole

_PNG_SIGNATURE = 8
_CHUNK = 12
"""Bytes of a PNG chunk beside its content: length, type and sum (PNG, 5.3)."""
_PICTURE_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT")
_END_CHUNK = b"IEND"

_COMPRESSION, _FILL_ORDER, _JPEG_TABLES = 259, 266, 347
_STRIPS = ((273, 279), (324, 325))
"""Tags of the offsets and byte counts of strips, and of tiles (TIFF 6.0)."""
_FAX, _T6 = (2, 3, 4), 4
_JPEG, _DEFLATE, _OLD_DEFLATE = 7, 8, 32946
"""Values of Compression; that of deflate is in Adobe's supplement of 2002."""
_START, _END = b"\xff\xd8", b"\xff\xd9"
_BLOCK = 1 << 20


def is_png_overwritten(data: bytes) -> bool:
    """Return whether a chunk that the picture of a PNG needs does not have its own sum."""
    at = _PNG_SIGNATURE
    while at + _CHUNK <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 8 + length
        if kind == _END_CHUNK:
            return False
        stored = data[end : end + 4]
        is_summed = kind in _PICTURE_CHUNKS and len(stored) == 4
        if is_summed and zlib.crc32(data[at + 4 : end]) != int.from_bytes(stored, "big"):
            return True
        at = end + 4
    return False


def is_tiff_overwritten(picture: Any, source: Path) -> bool:
    """Return whether JPEG, deflate or fax data of the current frame of a TIFF are damaged."""
    tags = picture.tag_v2
    compression = tags.get(_COMPRESSION)
    if compression == _JPEG:
        tables = tags.get(_JPEG_TABLES, b"")
        return any(_is_jpeg_damaged(tables, part) for part in _parts(tags, source))
    if compression in (_DEFLATE, _OLD_DEFLATE) and tags.get(_FILL_ORDER, 1) == 1:
        most = 16 * picture.width * picture.height + _BLOCK
        return any(_is_deflate_damaged(part, most) for part in _parts(tags, source))
    if compression in _FAX:
        return any(has_fax_hole(part, compression == _T6) for part in _parts(tags, source))
    return False


def _parts(tags: Any, source: Path) -> Iterator[bytes]:
    """Yield the data of each strip or tile."""
    with source.open("rb") as file:
        for starts, sizes in _STRIPS:
            for start, size in zip(tags.get(starts, ()), tags.get(sizes, ()), strict=False):
                file.seek(start)
                yield file.read(size)


def _is_jpeg_damaged(tables: Any, part: bytes) -> bool:
    """Return the same for a strip, whose tables may be stored once for all (TIFF Note 2)."""
    data = part
    if isinstance(tables, bytes) and tables.startswith(_START) and part.startswith(_START):
        data = tables.rstrip(b"\0").removesuffix(_END) + part[len(_START) :]
    return look_at(data).doubtful and is_damaged(data)


def _is_deflate_damaged(part: bytes, most: int) -> bool:
    """Return whether data are no stream of zlib, or have another sum than is stored (RFC 1950)."""
    stream = zlib.decompressobj()
    done = 0
    try:
        while part and done <= most and not stream.eof:
            unpacked = stream.decompress(part, _BLOCK)
            done += len(unpacked)
            part = stream.unconsumed_tail
    except zlib.error:
        return True
    return False
