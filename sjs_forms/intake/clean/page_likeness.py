"""Whether a page still looks as it did: both drawn by pdfium and laid over each other."""

from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageChops, ImageFilter, ImageStat

LONG_SIDE = 500
"""Pixels of a drawing's longer side."""

SPOT = 10
"""Pixels of a small part of a page on either side."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean differences of grey, 0 to 255: `missing` where only the first page is dark.

    `spot` is the greatest mean of any small part of the page: a word, a tick, a stamp.
    """

    mean: float
    missing: float
    spot: float


def drawn(page: pypdfium2.PdfPage) -> Image.Image:
    """The page in grey, its longer side LONG_SIDE pixels; raises ValueError for no size."""
    width, height = page.get_size()
    if min(width, height) <= 0:
        raise ValueError("a page of no size")
    scale = LONG_SIDE / max(width, height)
    picture: Image.Image = page.render(scale=scale, draw_annots=True).to_pil()
    return picture.convert("L")


def difference(before: Image.Image, after: Image.Image) -> Difference:
    """How far two drawings of a page differ, forgiving a pixel of shift and blur."""
    if before.size != after.size:
        after = after.resize(before.size)
    missing = ImageChops.subtract(after, before.filter(ImageFilter.MaxFilter(3)))
    added = ImageChops.subtract(before.filter(ImageFilter.MinFilter(3)), after)
    both = ImageChops.add(missing, added)
    parts = max(1, both.width // SPOT), max(1, both.height // SPOT)
    spot = both.resize(parts, Image.Resampling.BOX).getextrema()[1]
    return Difference(_mean(both), _mean(missing), float(spot))  # type: ignore[arg-type]


def is_blank(page: Image.Image) -> bool:
    """Whether nothing at all is on the drawing."""
    lowest, highest = page.getextrema()
    return lowest == highest


def darkness(page: Image.Image) -> float:
    """Mean blackness of a drawing, 0 to 255."""
    return 255 - _mean(page)


def _mean(picture: Image.Image) -> float:
    return float(ImageStat.Stat(picture).mean[0])
