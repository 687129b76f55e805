"""Finds TIFF data of which a part was overwritten, mostly by the sums stored with them.

libtiff stops decoding when a picture is full, and so never reaches the sum behind the data. Without
one (LZW, WebP, HEIF, JPEG 2000) foreign bytes are decoded as if they were the picture's
own, unless the decoder fails on them; in fax data, only zeros that no code has are found.
"""

import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from sjs_forms.intake.picture_data.jpeg_damage import is_damaged, look_at
from sjs_forms.intake.picture_data.picture_streams import has_fax_hole

_COMPRESSION, _FILL_ORDER, _JPEG_TABLES = 259, 266, 347
_STRIPS = ((273, 279), (324, 325))
"""Tags of the offsets and byte counts of strips, and of tiles (TIFF 6.0)."""
_FAX, _T6 = (2, 3, 4), 4
_JPEG, _DEFLATE, _OLD_DEFLATE = 7, 8, 32946
"""Values of Compression; that of deflate is in Adobe's supplement of 2002."""
_START, _END = b"\xff\xd8", b"\xff\xd9"
_ZLIB_HEADER = 2
"""Bytes before the packed data (RFC 1950, 2.2)."""
_BLOCK = 1 << 20


def is_tiff_overwritten(picture: Any, file: BinaryIO) -> bool:
    """Return whether JPEG, deflate or fax data of the current frame of a TIFF are damaged.

    `file` is the open file of the picture.
    """
    tags = picture.tag_v2
    compression = tags.get(_COMPRESSION)
    if compression == _JPEG:
        tables = tags.get(_JPEG_TABLES, b"")
        return any(_is_jpeg_damaged(tables, part) for part in _parts(tags, file))
    if compression in (_DEFLATE, _OLD_DEFLATE) and tags.get(_FILL_ORDER, 1) == 1:
        most = 16 * picture.width * picture.height + _BLOCK
        return any(_is_deflate_damaged(part, most) for part in _parts(tags, file))
    if compression in _FAX:
        return any(has_fax_hole(part, compression == _T6) for part in _parts(tags, file))
    return False


def _parts(tags: Any, file: BinaryIO) -> Iterator[bytes]:
    """Yield the data of each strip or tile."""
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
    """Return whether data are no stream of zlib, have no end, or another sum than is stored.

    Foreign bytes may be codes too, after which the end is no longer found. A sum that is missing
    behind the end does not matter (RFC 1950; RFC 1951, 3.2.3). `most` is the limit in bytes.
    """
    try:
        return not _ends(part, zlib.decompressobj(), most) and not _ends(
            part[_ZLIB_HEADER:], zlib.decompressobj(-zlib.MAX_WBITS), most
        )
    except zlib.error:
        return True


def _ends(data: bytes, stream: Any, most: int) -> bool:
    """Return whether a stream has its end within `most` bytes of content. Raises zlib.error."""
    done = 0
    while data and done <= most and not stream.eof:
        done += len(stream.decompress(data, _BLOCK))
        data = stream.unconsumed_tail
    return bool(stream.eof)
