"""Tells how a HEIF or AVIF picture must be turned that its own boxes do not turn.

The boxes irot and imir turn a picture (ISO 23008-12, 6.5.10 and 6.5.12), and decoders obey them;
the orientation in EXIF is then only a record of that. Programs that convert a photo to HEIF or AVIF
often write no such box and keep the orientation in EXIF alone, which decoders pass over.
"""

import struct
from typing import Any

from PIL import Image

from sjs_forms.intake.images.avif_pictures import boxes

_TURNING = (b"irot", b"imir")
_ORIENTATION = 0x0112
_IN_FILE = 0


def orientation_left(picture: Any, data: bytes) -> int:
    """Return the EXIF orientation that is still to be applied to a decoded picture, 1 to 8.

    `data` are the bytes of its file.
    """
    try:
        meta = _meta(data)
        if meta is None or _is_turned(meta):
            return 1
        found = picture.info.get("original_orientation")  # what pi_heif took out of EXIF
        if picture.format == "AVIF":
            found = _orientation_in(_exif_of(meta, data))
    except (struct.error, IndexError, ValueError, SyntaxError, OSError, TypeError):
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _meta(data: bytes) -> dict[bytes, bytes] | None:
    found = next((body for kind, body in boxes(data) if kind == b"meta"), None)
    return None if found is None else dict(boxes(found[4:]))


def _is_turned(meta: dict[bytes, bytes]) -> bool:
    properties = dict(boxes(meta.get(b"iprp", b""))).get(b"ipco", b"")
    return any(kind in _TURNING for kind, _ in boxes(properties))


def _orientation_in(exif: bytes) -> int:
    held = Image.Exif()
    held.load(exif)
    return int(held.get(_ORIENTATION, 1))


def _exif_of(meta: dict[bytes, bytes], data: bytes) -> bytes:
    """Return the TIFF structure of the EXIF item, or nothing."""
    listed = meta.get(b"iinf", b"")
    for kind, body in boxes(listed[8 if listed[:1] != b"\0" else 6 :]):
        if kind != b"infe" or body[0] not in (2, 3):
            continue
        item, _, what = struct.unpack_from(">HH4s" if body[0] == 2 else ">IH4s", body, 4)
        if what == b"Exif":
            content = _content(meta.get(b"iloc", b""), item, data)
            (skipped,) = struct.unpack_from(">I", content)
            return content[4 + skipped :]
    return b""


def _content(iloc: bytes, wanted: int, data: bytes) -> bytes:
    """Return the content of an item that is stored in the file itself (ISO 14496-12, 8.11.3)."""
    version, sizes = iloc[0], int.from_bytes(iloc[4:6], "big")
    widths = [sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15 if version else 0]
    at, wide = 6, 4 if version == 2 else 2

    def taken(size: int) -> int:
        nonlocal at
        at += size
        if at > len(iloc):
            raise ValueError("the table of items is cut")
        return int.from_bytes(iloc[at - size : at], "big")

    for _ in range(taken(wide)):
        item = taken(wide)
        method = taken(2) & 15 if version else _IN_FILE
        taken(2)
        base, parts = taken(widths[2]), []
        for _ in range(taken(2)):
            taken(widths[3])
            start, length = base + taken(widths[0]), taken(widths[1])
            parts.append(data[start : start + length])
        if item == wanted and method == _IN_FILE:
            return b"".join(parts)
    return b""
