"""Judges how readable a page is: blank, dark, faint, blurred, skewed. Says so only if certain."""

from PIL import Image, ImageChops, ImageFilter

from sjs_forms.pdf.ink_map import ink_map, paper_tone, quantile, skew
from sjs_forms.reading.pages.page_words import PageQuality

_EDGE = 20
"""Points along the edges that are ignored: shadows and punched holes."""
_STROKE, _FAINT_STROKE = 24, 16
"""A stroke is darker than its paper by this much (of 255); fainter ones count for less."""
_BLANK, _FAINTLY_BLANK = 30, 90
"""Pixels (points) of strokes, and of faint ones, below which a page is blank: a line of five
characters has some 500, the grain of a noisy scan 10.
"""
_DARK = 100
"""Tone of the paper (of 255) below which a page is dark. Phones give 150 and more."""
_FAINT = 42
"""Contrast of the darker strokes below which text is faint; toner at half strength gives 80."""
_ENOUGH_INK = 600
"""Pixels of faint strokes without which contrast and sharpness say nothing."""
_REAL_DPI = 140
"""Resolution of a scan from which a soft edge is blur, and not merely coarse."""
_SHARPNESS_DPI = 150
_BLURRED = 0.2
"""Steepest edges within a pixel, as a share of the contrast of strokes, below which a page is
blurred: a blur of three pixels at 150 dpi gives 0.17, one of two 0.28, a usual scan 0.6 to 1.1.
"""


def page_quality(
    picture: Image.Image, points: tuple[float, float], dpi: float | None
) -> PageQuality:
    """Judge a picture of a page of this size in points, drawn at 150 dpi or more.

    `dpi` is the resolution of the scan on it, or None for a page that is none, of which only
    blankness is judged.
    """
    grey = picture.convert("L")
    size = _size(grey, points, 1.0)
    small = grey.resize(size, Image.Resampling.BOX)
    paper = paper_tone(small)
    ink = _inner(ImageChops.subtract(paper, small))
    strokes = ink.filter(ImageFilter.BoxBlur(1)).histogram()
    faint_strokes = sum(strokes[_FAINT_STROKE:])
    if sum(strokes[_STROKE:]) < _BLANK and faint_strokes < _FAINTLY_BLANK:
        return PageQuality(blank=True)
    if dpi is None:
        return PageQuality()
    dark = quantile(_inner(paper).histogram(), 0.5) < _DARK
    contrast = quantile([0] * _FAINT_STROKE + ink.histogram()[_FAINT_STROKE:], 0.9)
    has_ink = faint_strokes >= _ENOUGH_INK
    return PageQuality(
        dark=dark,
        faint=has_ink and not dark and contrast < _FAINT,
        blurred=has_ink and dpi >= _REAL_DPI and _steepest(grey, points) < _BLURRED * contrast,
        skew=round(skew(ink_map(grey, points)), 1),
    )


def _size(grey: Image.Image, points: tuple[float, float], scale: float) -> tuple[int, int]:
    """Return a page's size at so many pixels per point, or its picture's, if that is smaller."""
    fine = min(scale, grey.width / points[0], grey.height / points[1])
    return max(2, round(points[0] * fine)), max(2, round(points[1] * fine))


def _inner(picture: Image.Image) -> Image.Image:
    wide, high = picture.size
    edge = min(_EDGE, wide // 4, high // 4)
    return picture.crop((edge, edge, wide - edge, high - edge))


def _steepest(grey: Image.Image, points: tuple[float, float]) -> int:
    """Return by how much the steepest edges change within a pixel at 150 dpi."""
    size = _size(grey, points, _SHARPNESS_DPI / 72)
    page = grey.resize(size, Image.Resampling.BOX)
    beside = ImageChops.difference(
        page.crop((0, 0, size[0] - 1, size[1])), page.crop((1, 0, size[0], size[1]))
    )
    return quantile(beside.histogram(), 0.999)
