"""The picture formats that are read, recognised by their first bytes.

`images.picture_file` opens them with Pillow, HEIF with pi-heif.
"""

_SIGNATURES = (
    b"\xff\xd8\xff",  # JPEG, and MPO
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",  # TIFF
    b"MM\0*",
    b"II+\0",  # BigTIFF
    b"MM\0+",
    b"\0\0\0\x0cjP  \r\n\x87\n",  # JPEG 2000
    b"\xffO\xffQ",  # JPEG 2000 codestream
)
_HEVC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_HEIF_BRANDS = _HEVC_BRANDS | {b"mif1", b"msf1", b"avif", b"avis"}


def is_picture(head: bytes) -> bool:
    """Return whether a file that begins with `head` is a picture in one of the formats."""
    if head.startswith(_SIGNATURES):
        return True
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return True
    if head[4:8] == b"ftyp":
        brands = {head[at : at + 4] for at in range(8, min(len(head), 64), 4)}
        return bool(brands & _HEIF_BRANDS)
    return _is_bmp(head)


def _is_bmp(head: bytes) -> bool:
    return head[:2] == b"BM" and head[6:10] == b"\0\0\0\0" and len(head) >= 26
