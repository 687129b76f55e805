"""What Pillow is told so that it reads every layout of TIFF right, or not at all.

Its own decoder of uncompressed samples mistakes planes of 16 bits and knows neither subsampled
YCbCr nor several depths with their bits reversed; libtiff, which it uses for all compressed
samples, does. Some depths that both decode are missing from its table.
"""

from typing import Any

from PIL import Image, TiffImagePlugin

from sjs_forms.intake.refusals import unknown_coding

_UNSIGNED, _SIGNED, _FLOAT = 1, 2, 3
_PLANAR, _SEPARATE = 0x011C, 2
_NOT_IN_PLANES = ("LA", "La", "PA")
"""Modes whose bands Pillow does not put together from planes."""


def teach_pillow() -> None:
    """Have libtiff decode all TIFF files, and the missing depths understood."""
    TiffImagePlugin.READ_LIBTIFF = True
    table: Any = TiffImagePlugin.OPEN_INFO
    for order, grey16 in ((b"II", "I;16"), (b"MM", "I;16B")):
        for photometric in (0, 1):
            for fill_order in (1, 2):
                known = (order, photometric, (_UNSIGNED,), fill_order)
                table[(*known, (12,), ())] = ("I;16", "I;12")
                table[(*known, (16,), ())] = (grey16, grey16)
                table[(*known, (32,), ())] = ("I", "I;32N")
            # libtiff gives samples in the order of the machine, whatever the file's.
            table[(order, photometric, (_SIGNED,), 1, (16,), ())] = ("I", "I;16NS")
            table[(order, photometric, (_SIGNED,), 1, (32,), ())] = ("I", "I;32NS")
            table[(order, photometric, (_FLOAT,), 1, (32,), ())] = ("F", "F;32NF")


def check_layout(picture: Image.Image) -> None:
    """Raise FileRefused where Pillow would take a TIFF's current frame for something else."""
    planes = picture.tag_v2.get(_PLANAR) == _SEPARATE  # type: ignore[attr-defined]
    if planes and picture.mode in _NOT_IN_PLANES:
        raise unknown_coding()
