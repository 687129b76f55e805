"""JBIG2 files (ITU-T T.88) of one generic region, whose bits are coded as Group 4 fax data."""

import io
import struct

from PIL import Image

_PAGE, _REGION, _END_OF_PAGE, _END_OF_STRIPE, _END_OF_FILE = 48, 38, 49, 50, 51
_MMR = 0x01


def jbig2(
    picture: Image.Image, *, sequential: bool = True, header: bool = True, striped: bool = False
) -> bytes:
    """The picture in black and white, as a file or as bare segments.

    A `striped` one states its height only behind its last stripe.
    """
    wide, high = picture.size
    stated, striping = (0xFFFFFFFF, 0x8000 | high) if striped else (high, 0)
    page = struct.pack(">IIIIBH", wide, stated, 0, 0, 0, striping)
    region = struct.pack(">IIIIBB", wide, high, 0, 0, 0, _MMR) + _group4(picture)
    stripes = [(_END_OF_STRIPE, struct.pack(">I", high - 1))] if striped else []
    ends = [(_END_OF_PAGE, b""), (_END_OF_FILE, b"")]
    segments = [(_PAGE, page), (_REGION, region), *stripes, *ends]
    heads = [
        struct.pack(">IBBBI", at, kind, 0, 0 if kind == _END_OF_FILE else 1, len(data))
        for at, (kind, data) in enumerate(segments)
    ]
    start = b"\x97JB2\r\n\x1a\n" + bytes([1 if sequential else 0]) + struct.pack(">I", 1)
    bodies = [data for _, data in segments]
    if sequential:
        whole = b"".join(head + body for head, body in zip(heads, bodies, strict=True))
    else:
        whole = b"".join(heads) + b"".join(bodies)
    return start + whole if header else whole


def _group4(picture: Image.Image) -> bytes:
    """The bits of a picture as one strip of T.6; black is 1, as in JBIG2."""
    saved = io.BytesIO()
    picture.convert("1").save(
        saved, "TIFF", compression="group4", tiffinfo={262: 0, 278: picture.height}
    )
    with Image.open(saved) as tiff:
        offsets, counts = tiff.tag_v2[273], tiff.tag_v2[279]
        assert len(offsets) == 1
    return saved.getvalue()[offsets[0] : offsets[0] + counts[0]]
