"""What pictures cover of a page, and how finely they were scanned."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

_MOST = 0.75
"""Share of the page from which a picture is taken for a scan of all of it."""
_MAX_OBJECTS = 50_000
"""Objects of a page that are looked at; drawings of buildings have many thousands of lines."""
_DEPTH = 3
"""Levels of nested forms in which pictures are looked for."""


@dataclass(frozen=True, slots=True)
class PictureCover:
    """`share` of the page that pictures cover; above 1 where they overlap.

    `hides_text` means that one covers text that was painted before it. `dpi` is the resolution of a
    picture that covers most of the page, or None. `paths` is the number of lines and areas: text
    that was turned into outlines has one for each character.
    """

    share: float
    hides_text: bool
    dpi: float | None
    paths: int = 0


def picture_cover(page: Any) -> PictureCover:
    """Look at the pictures of an open page of PDFium's."""
    from pypdfium2 import raw

    wide, high = page.get_size()
    share, has_text, hides_text, paths = 0.0, False, False, 0
    dpi: float | None = None
    for each in islice(page.get_objects(max_depth=_DEPTH), _MAX_OBJECTS):
        if each.type == raw.FPDF_PAGEOBJ_TEXT:
            has_text = True
        elif each.type == raw.FPDF_PAGEOBJ_PATH:
            paths += 1
        elif each.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = each.get_bounds()
            across = max(0.0, min(right, wide) - max(left, 0.0))
            down = max(0.0, min(top, high) - max(bottom, 0.0))
            own = across * down / (wide * high)
            share += own
            if own > _MOST:
                hides_text = hides_text or has_text
                dpi = _resolution(each, right - left, top - bottom)
    return PictureCover(share, hides_text, dpi, paths)


def _resolution(image: Any, wide: float, high: float) -> float:
    """Return the pixels per inch of an image of this size in points, turned or not."""
    pixels = image.get_px_size()
    return float(min(max(pixels) / max(wide, high), min(pixels) / min(wide, high)) * 72)
