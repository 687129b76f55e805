"""Reduces pages to maps of their ink, so that a scan and a generated page can be compared.

A map is dark where a page has ink, independent of paper tone, shadows and red seals, which are
removed. Maps are A4 at 72 dpi: one pixel is one point.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from PIL import Image, ImageChops, ImageFilter

WIDTH, HEIGHT = 595, 842
"""Size of a map in pixels: A4 in points."""
FINE = 2
"""Side of a fine cell in points: 0.7 mm."""
EDGE = 22
"""Points along the edges that are ignored: dirt, shadows and punched holes, but no form."""
_FAINT = 40
"""A pixel darker than its paper by less than this (of 255) is not ink, but perhaps show-through."""
_SPECKS = 60
"""A page with fewer inked pixels (points) than this has only dust."""
_SKEWS = sorted((step / 2 for step in range(-8, 9)), key=abs)
"""Skew angles in degrees that are tried first, before those between them."""
_BETWEEN = sorted((step / 10 for step in range(-4, 5)), key=abs)


@dataclass(frozen=True, eq=False)
class InkMap:
    """The ink of a page in grey, 0 for none. `cells` caches reduced versions."""

    ink: Image.Image
    cells: dict[Any, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def blank(self) -> bool:
        """Whether the page has nothing but dust, dirt at its edges, and show-through."""
        wide, high = self.ink.size
        inner = self.ink.crop((EDGE, EDGE, wide - EDGE, high - EDGE))
        # Strokes remain when single pixels are blurred away.
        strokes = inner.filter(ImageFilter.BoxBlur(1)).histogram()
        return sum(strokes[_FAINT:]) < _SPECKS

    @cached_property
    def small(self) -> Image.Image:
        """The ink in fine cells."""
        return self.ink.reduce(FINE)

    @property
    def turns(self) -> tuple[int, ...]:
        """Clockwise turns in degrees that may set the page upright, judged by its shape."""
        wide, high = self.ink.size
        if 0.95 < wide / high < 1.05:
            return (0, 90, 180, 270)
        return (90, 270) if wide > high else (0, 180)

    def turned(self, degrees: int) -> "InkMap":
        """Return the map turned clockwise by quarter-turns, centred on an A4 page."""
        turned = self.ink.rotate(-degrees, expand=True) if degrees else self.ink
        canvas = Image.new("L", (WIDTH, HEIGHT), 0)
        canvas.paste(turned, ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2))
        return InkMap(canvas)


def ink_map(picture: Image.Image, points: tuple[float, float]) -> InkMap:
    """Return the map of a page drawn as `picture`, with its size in points. One pixel is
    one point.
    """
    # Red ink is white in the red channel, so seals do not hide what they cover.
    grey = picture.getchannel("R") if picture.mode == "RGB" else picture.convert("L")
    return InkMap(_evened(grey.resize(_true_size(points), Image.Resampling.BOX)))


def _true_size(points: tuple[float, float]) -> tuple[int, int]:
    """Return a page's size in pixels: its own if about A4, else fitted to A4."""
    width, height = points
    room = (WIDTH, HEIGHT) if width <= height else (HEIGHT, WIDTH)
    scale = min(room[0] / width, room[1] / height)
    scale = 1.0 if 0.9 < scale < 1.1 else scale
    return max(1, round(width * scale)), max(1, round(height * scale))


def _evened(grey: Image.Image) -> Image.Image:
    """Return how much darker each pixel is than the paper around it. Black on white is 255."""
    ink = ImageChops.subtract(paper_tone(grey), grey)
    strongest = quantile(ink.histogram(), 0.995)
    if strongest <= _FAINT:
        return ink.point([0] * 256)
    low, high = _FAINT / 2, max(strongest, 2 * _FAINT)
    return ink.point(
        [round(255 * min(1.0, max(0.0, (v - low) / (high - low)))) for v in range(256)]
    )


def paper_tone(grey: Image.Image) -> Image.Image:
    """Return the tone of the paper at each pixel of a page drawn at 72 dpi."""
    small = (
        grey.reduce(min(6, *grey.size))
        .filter(ImageFilter.MaxFilter(7))
        .filter(ImageFilter.GaussianBlur(4))
    )
    return small.resize(grey.size, Image.Resampling.BILINEAR)


def quantile(histogram: list[int], share: float) -> int:
    """Return the value that `share` of the pixels do not exceed."""
    left = share * sum(histogram)
    for value, count in enumerate(histogram):
        left -= count
        if left <= 0:
            return value
    return len(histogram) - 1


def straightened(page: InkMap) -> InkMap:
    """Return the page turned by a few degrees so that its lines and rules are level."""
    best = skew(page)
    if not best:
        return page
    return InkMap(page.ink.rotate(best, Image.Resampling.BILINEAR))


def skew(page: InkMap) -> float:
    """Return the degrees, at most some four, by which lines and rules of a page slope clockwise.

    That of a page without any is 0.
    """
    coarse = page.ink.reduce(2 * FINE)
    about = max(_SKEWS, key=lambda angle: _levelness(coarse, angle))
    near = [about + step for step in _BETWEEN]
    return max(near, key=lambda angle: _levelness(page.small, angle))


def _levelness(small: Image.Image, angle: float) -> float:
    """Return how sharply inked and empty rows, and columns, alternate at an angle."""
    level = small.rotate(angle, Image.Resampling.BILINEAR) if angle else small
    rows = level.resize((1, level.height), Image.Resampling.BOX).tobytes()
    columns = level.resize((level.width, 1), Image.Resampling.BOX).tobytes()
    return sum(
        (before - after) ** 2 for profile in (rows, columns) for before, after in pairwise(profile)
    )
