"""Counts the pictures in an AVIF file: libavif, which decodes it, knows only the primary one.

The boxes are those of ISO 14496-12 (8.11) and ISO 23008-12.
"""

import struct
from collections.abc import Iterator

_PICTURES = (b"av01", b"grid", b"iovl", b"iden")
_PART_OF = (b"thmb", b"auxl", b"prem")
"""References from an auxiliary picture: a thumbnail, an alpha plane or a depth map."""
_HIDDEN = 1


def pictures_in(data: bytes) -> int:
    """Return how many pictures of the file are shown on their own; 0 if unknown."""
    try:
        for kind, body in boxes(data):
            if kind == b"meta":
                return len(_own_pictures(dict(boxes(body[4:]))))
    except (struct.error, IndexError):
        pass
    return 0


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and content of each box (ISO 14496-12, 4.2)."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", data, at + 8), 16
        end = at + size if size else len(data)
        if end < at + head:
            return
        yield kind, data[at + head : end]
        at = end


def _own_pictures(meta: dict[bytes, bytes]) -> set[int]:
    """Return the items that are pictures, without hidden, auxiliary and source ones."""
    found = set()
    listed = meta.get(b"iinf", b"")
    for kind, body in boxes(listed[8 if listed[:1] != b"\0" else 6 :]):
        if kind == b"infe" and body[0] in (2, 3):
            item, _, what = struct.unpack_from(">HH4s" if body[0] == 2 else ">IH4s", body, 4)
            if what in _PICTURES and not body[3] & _HIDDEN:
                found.add(item)
    references = meta.get(b"iref", b"")
    form = "H" if references[:1] == b"\0" else "I"
    for kind, body in boxes(references[4:]):
        source, count = struct.unpack_from(f">{form}H", body)
        if kind in _PART_OF:
            found.discard(source)
        elif kind == b"dimg":
            size = struct.calcsize(f">{form}H")
            found.difference_update(struct.unpack_from(f">{count}{form}", body, size))
    return found
