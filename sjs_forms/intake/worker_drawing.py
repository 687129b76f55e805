"""Draws or reads one page of a PDF, or reads the text of all pages, in a worker.

A page is drawn for the screen (`draw`) or for a file that the user keeps (`picture`).
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sjs_forms.pdf.drawing import PageRenderer
from sjs_forms.pdf.page_reading import page_reading

DRAW, TEXTS, READ, PICTURE = "draw", "texts", "read", "picture"
"""Kinds of requests to a worker, in addition to those to open a file."""
KINDS = (DRAW, TEXTS, READ, PICTURE)

_MAX_DPI = 300
_MAX_PIXELS = 16_000_000
"""Limit on the pixels of a picture, whatever the page's size: A4 at some 400 dpi."""
_MOST_PIXELS = 40_000_000
"""The same for a picture that is kept: A4 at some 600 dpi."""


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """Carry out a request of one of these kinds. Raises what PDFium raises."""
    source, target = Path(request["source"]), Path(request["target"])
    match request["kind"]:
        case "draw":
            return _draw(source, target, request["page"], request["dpi"])
        case "read":
            return _read(source, target, request["page"])
        case "picture":
            return _picture(source, target, request)
    return _read_texts(source, target)


def _draw(source: Path, target: Path, page: int, dpi: float) -> dict[str, Any]:
    """Write a page, from 1, to `target` as PNG; nothing if there is no such page."""
    with PageRenderer(source) as renderer:
        pages = len(renderer)
        is_there = 1 <= page <= pages
        if is_there:
            fine = _within_bounds(renderer.size(page), dpi)
        target.write_bytes(renderer.png(page, fine, optimise=False) if is_there else b"")
    return {"pages": pages}


def _read(source: Path, target: Path, page: int) -> dict[str, Any]:
    """Write the picture of `page_reading` for a page, from 1, and return its other values."""
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    try:
        read = page_reading(document[page - 1])
        read.picture.save(target, "PNG", compress_level=1)
        return {"points": read.points, "text": read.text, "text_turn": read.text_turn}
    finally:
        document.close()


def _picture(source: Path, target: Path, request: Mapping[str, Any]) -> dict[str, Any]:
    """Write a page, from 1, to `target` as JPEG of a quality, or as PNG."""
    page, quality = request["page"], request["quality"]
    with PageRenderer(source) as renderer:
        dpi = min(request["dpi"], _finest(renderer.size(page), _MOST_PIXELS))
        drawn = renderer.png(page, dpi) if quality is None else renderer.jpeg(page, dpi, quality)
    target.write_bytes(drawn)
    return {}


def _read_texts(source: Path, target: Path) -> dict[str, Any]:
    target.touch()
    with PageRenderer(source) as renderer:
        return {"texts": [renderer.text(page) for page in range(1, len(renderer) + 1)]}


def _within_bounds(size: tuple[float, float], dpi: float) -> float:
    """Return the dots per inch at which a page of this size in points is within the limits."""
    return max(1.0, min(dpi, _MAX_DPI, _finest(size, _MAX_PIXELS)))


def _finest(size: tuple[float, float], pixels: int) -> float:
    """Return the dots per inch at which a page of this size in points has so many pixels."""
    width, height = size
    return math.sqrt(pixels / max(width * height / 72**2, 1e-6))
