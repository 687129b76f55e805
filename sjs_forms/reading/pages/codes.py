"""Reads the QR codes on a drawn page with zxing-cpp, of the extra `read`."""

from importlib.util import find_spec
from typing import Any

from sjs_forms.pdf.ink_map import ink_map, skew
from sjs_forms.reading.pages.page_words import CodeMark

LIBRARY = "zxingcpp"

MAX_CODES = 20
"""Codes of a page that are read."""
MAX_TEXT = 4_000
"""Characters of a code that are kept; no QR code of text has more than 4,296."""
_SKEWED = 0.3
"""Degrees from which a page without a readable code is straightened and looked at again."""


def is_installed() -> bool:
    """Return whether the library is there; does not load it."""
    return find_spec(LIBRARY) is not None


def code_marks(picture: Any, points: tuple[float, float]) -> tuple[CodeMark, ...]:
    """Return the QR codes on a Pillow picture of a page of this size in points.

    Takes some 5 ms. Raises ImportError if the extra is missing.
    """
    grey = picture.convert("L")
    scale = points[0] / grey.width, points[1] / grey.height
    found = _read(grey)
    if found:
        return tuple(_mark(code, scale, 0.0, grey.size) for code in found)
    slope = skew(ink_map(grey, points))
    if abs(slope) < _SKEWED:
        return ()
    straight = grey.rotate(slope, fillcolor=255)
    return tuple(_mark(code, scale, slope, grey.size) for code in _read(straight))


def _read(grey: Any) -> list[Any]:
    import zxingcpp

    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return list(zxingcpp.read_barcodes(grey, formats=formats))[:MAX_CODES]


def _mark(code: Any, scale: tuple[float, float], slope: float, size: tuple[int, int]) -> CodeMark:
    """Return a code, found after the picture was turned by `slope` degrees anticlockwise."""
    import math

    place = code.position
    cos, sin = math.cos(math.radians(slope)), math.sin(math.radians(slope))
    middle = size[0] / 2, size[1] / 2
    xs, ys = [], []
    for corner in (place.top_left, place.top_right, place.bottom_left, place.bottom_right):
        x, y = corner.x - middle[0], corner.y - middle[1]
        xs.append((middle[0] + x * cos - y * sin) * scale[0])
        ys.append((middle[1] + x * sin + y * cos) * scale[1])
    return CodeMark(code.text[:MAX_TEXT], min(xs), min(ys), max(xs), max(ys))
