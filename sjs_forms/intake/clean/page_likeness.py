"""Compares two renderings of a page by PDFium."""

from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageChops, ImageFilter, ImageStat

LONG_SIDE = 500
"""Length in pixels of a rendering's longer side."""

SPOT = 10
"""Side in pixels of a small area of a page."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean differences of grey, 0 to 255. `missing` counts where only the first page is dark.

    `spot` is the greatest mean of any small area of the page: a word, a tick, a stamp.
    """

    mean: float
    missing: float
    spot: float


def drawn(page: pypdfium2.PdfPage) -> Image.Image:
    """Render the page in grey, its longer side LONG_SIDE pixels. Raises ValueError if it has no
    size.
    """
    width, height = page.get_size()
    if min(width, height) <= 0:
        raise ValueError("a page of no size")
    scale = LONG_SIDE / max(width, height)
    picture: Image.Image = page.render(scale=scale, draw_annots=True).to_pil()
    return picture.convert("L")


def difference(before: Image.Image, after: Image.Image) -> Difference:
    """Compare two renderings of a page; a pixel of shift or blur is tolerated."""
    if before.size != after.size:
        after = after.resize(before.size)
    missing = ImageChops.subtract(after, before.filter(ImageFilter.MaxFilter(3)))
    added = ImageChops.subtract(before.filter(ImageFilter.MinFilter(3)), after)
    both = ImageChops.add(missing, added)
    parts = max(1, both.width // SPOT), max(1, both.height // SPOT)
    spot = both.resize(parts, Image.Resampling.BOX).getextrema()[1]
    return Difference(_mean(both), _mean(missing), float(spot))  # type: ignore[arg-type]


def is_blank(page: Image.Image) -> bool:
    """Return whether the rendering is entirely blank."""
    lowest, highest = page.getextrema()
    return lowest == highest


def darkness(page: Image.Image) -> float:
    """Return the mean blackness of a rendering, 0 to 255."""
    return 255 - _mean(page)


def _mean(picture: Image.Image) -> float:
    return float(ImageStat.Stat(picture).mean[0])
