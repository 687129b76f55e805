"""What a worker does to draw one page of a PDF as PNG, or to read the text of all pages."""

import math
from pathlib import Path
from typing import Any

from sjs_forms.pdf.drawing import PageRenderer

DRAW, TEXTS = "draw", "texts"
"""Kinds of requests to a worker, beside those to open a file."""

_MOST_DPI = 300
_MOST_PIXELS = 16_000_000
"""Limit on the pixels of a picture, whatever the page's size: A4 at some 400 dpi."""


def draw(source: Path, target: Path, page: int, dpi: float) -> dict[str, Any]:
    """Write a page, from 1, to `target` as PNG; nothing if there is no such page.

    Returns the page count. Raises what PDFium raises.
    """
    with PageRenderer(source) as renderer:
        pages = len(renderer)
        is_there = 1 <= page <= pages
        if is_there:
            fine = _within_bounds(renderer.size(page), dpi)
        target.write_bytes(renderer.png(page, fine, optimise=False) if is_there else b"")
    return {"pages": pages}


def read_texts(source: Path, target: Path) -> dict[str, Any]:
    """Return the text of each page; `target` stays empty. Raises what PDFium raises."""
    target.touch()
    with PageRenderer(source) as renderer:
        return {"texts": [renderer.text(page) for page in range(1, len(renderer) + 1)]}


def _within_bounds(size: tuple[float, float], dpi: float) -> float:
    """Return the dots per inch at which a page of this size in points is within the limit."""
    width, height = size
    most = math.sqrt(_MOST_PIXELS / max(width * height / 72**2, 1e-6))
    return max(1.0, min(dpi, _MOST_DPI, most))
