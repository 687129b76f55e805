"""Configures Pillow to read every TIFF layout correctly, or not at all.

Its own decoder of uncompressed samples misreads 16-bit planes, and supports neither subsampled
YCbCr nor some bit-reversed depths. libtiff, which it uses for compressed samples, does. Some depths
that both decode are missing from Pillow's table.
"""

from typing import Any

from PIL import Image, TiffImagePlugin

from sjs_forms.intake.refusals import unknown_coding

_UNSIGNED, _SIGNED, _FLOAT = 1, 2, 3
_PLANAR, _SEPARATE = 0x011C, 2
_NOT_IN_PLANES = ("LA", "La", "PA")
"""Modes whose planes Pillow does not combine."""


def configure_pillow() -> None:
    """Make libtiff decode all TIFF files, and add the missing depths."""
    TiffImagePlugin.READ_LIBTIFF = True
    table: Any = TiffImagePlugin.OPEN_INFO
    for order, grey16 in ((b"II", "I;16"), (b"MM", "I;16B")):
        for photometric in (0, 1):
            for fill_order in (1, 2):
                known = (order, photometric, (_UNSIGNED,), fill_order)
                table[(*known, (12,), ())] = ("I;16", "I;12")
                table[(*known, (16,), ())] = (grey16, grey16)
                table[(*known, (32,), ())] = ("I", "I;32N")
            # libtiff returns samples in native byte order, whatever the file's.
            table[(order, photometric, (_SIGNED,), 1, (16,), ())] = ("I", "I;16NS")
            table[(order, photometric, (_SIGNED,), 1, (32,), ())] = ("I", "I;32NS")
            table[(order, photometric, (_FLOAT,), 1, (32,), ())] = ("F", "F;32NF")


def check_layout(picture: Image.Image) -> None:
    """Raise FileRefused if Pillow would misread a TIFF's current frame."""
    planes = picture.tag_v2.get(_PLANAR) == _SEPARATE  # type: ignore[attr-defined]
    if planes and picture.mode in _NOT_IN_PLANES:
        raise unknown_coding()
