"""Converts JBIG2 files (ITU-T T.88, annex D) to PDF's form: segments without header and end."""

import struct
from dataclasses import dataclass

_HEADER = b"\x97JB2\r\n\x1a\n"
_PAGE, _END_OF_PAGE, _END_OF_STRIPE, _END_OF_FILE = 48, 49, 50, 51
_FIRST_KINDS = (0, 16, 48, 52, 53, 62)
"""Possible kinds of the first segment: dictionaries, page information, profiles, tables."""

_MAX_SEGMENTS = 10_000
_UNKNOWN = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class EmbeddedJbig2:
    """Data for /JBIG2Decode, and the picture's size in pixels."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Segment:
    kind: int
    header: bytes
    length: int


def embedded(data: bytes) -> EmbeddedJbig2 | None:
    """Return the first page of a JBIG2 file, or None if it is not such a file.

    Raises ValueError or struct.error for a damaged one.
    """
    if data.startswith(_HEADER):
        flags = data[8]
        at = 9 if flags & 2 else 13
        segments = _segments(data, at, sequential=bool(flags & 1))
    elif data[:4] == bytes(4) and len(data) > 11 and data[4] in _FIRST_KINDS:
        segments = _segments(data, 0, sequential=True)
    else:
        return None
    kept, size, stripes = [], (0, 0), 0
    for segment, body in segments:
        if segment.kind == _PAGE:
            if size != (0, 0):
                break
            size = struct.unpack(">II", body[:8])
        if segment.kind == _END_OF_FILE:
            break
        if segment.kind == _END_OF_STRIPE:
            stripes = struct.unpack(">I", body[:4])[0] + 1
        if segment.kind != _END_OF_PAGE:
            kept += [segment.header, body]
    width, height = size
    height = stripes if height == _UNKNOWN else height
    if not width or not height:
        raise ValueError("no page in JBIG2 data")
    return EmbeddedJbig2(b"".join(kept), width, height)


def _segments(data: bytes, at: int, *, sequential: bool) -> list[tuple[_Segment, bytes]]:
    """Return the segments with their data: each after its header, or all after all headers."""
    found: list[tuple[_Segment, bytes]] = []
    headers: list[_Segment] = []
    while at < len(data) and len(headers) < _MAX_SEGMENTS:
        segment, at = _segment(data, at)
        headers.append(segment)
        if sequential:
            length = len(data) - at if segment.length == _UNKNOWN else segment.length
            found.append((segment, data[at : at + length]))
            at += length
        elif segment.kind == _END_OF_FILE:
            break
    if not sequential:
        for segment in headers:
            found.append((segment, data[at : at + segment.length]))
            at += segment.length
    return found


def _segment(data: bytes, start: int) -> tuple[_Segment, int]:
    """Return a segment's header (T.88, 7.2), and where it ends."""
    number, flags = struct.unpack(">IB", data[start : start + 5])
    at = start + 5
    count = data[at] >> 5
    if count == 7:
        count = struct.unpack(">I", data[at : at + 4])[0] & 0x1FFFFFFF
        at += 4 + (count + 8) // 8
    else:
        at += 1
    at += count * (1 if number <= 256 else 2 if number <= 65536 else 4)
    at += 4 if flags & 0x40 else 1
    (length,) = struct.unpack(">I", data[at : at + 4])
    return _Segment(flags & 0x3F, data[start : at + 4], length), at + 4
