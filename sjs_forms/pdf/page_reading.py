"""Reads a page for comparison with other pages: its picture, its text, and how that is turned."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

_DPI = 100
_MAX_PIXELS = 1_600
"""Pixels of a picture's longer side, whatever page size the file states."""
_ANGLES = 2_000
"""Number of characters whose direction is examined."""
_MAX_TEXT = 200_000
"""Characters of text that are read; no form has as many."""


@dataclass(frozen=True, eq=False, slots=True)
class PageReading:
    """A page: a Pillow picture in RGB, its size in points, its text, and the clockwise turn in
    degrees that sets most of the text upright.
    """

    picture: Any
    points: tuple[float, float]
    text: str
    text_turn: int


def page_reading(page: Any) -> PageReading:
    """Read an open page of PDFium's."""
    points = page.get_size()
    scale = min(_DPI / 72, _MAX_PIXELS / max(points))
    picture = page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")
    text = page.get_textpage()
    try:
        return PageReading(picture, points, text.get_text_bounded()[:_MAX_TEXT], _turn_of(text))
    finally:
        text.close()


def _turn_of(text: Any) -> int:
    import math

    from pypdfium2 import raw

    count = min(text.count_chars(), _ANGLES)
    angles = (raw.FPDFText_GetCharAngle(text.raw, index) for index in range(count))
    # PDFium states by how much a character was turned clockwise.
    quarters = Counter(-round(math.degrees(angle) / 90) % 4 for angle in angles if angle >= 0)
    return quarters.most_common(1)[0][0] * 90 if quarters else 0
