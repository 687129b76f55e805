"""Draws or reads one page of a PDF, or reads the text of all pages, in a worker."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sjs_forms.pdf.drawing import PageRenderer
from sjs_forms.pdf.page_reading import page_reading

DRAW, TEXTS, READ = "draw", "texts", "read"
"""Kinds of requests to a worker, in addition to those to open a file."""
KINDS = (DRAW, TEXTS, READ)

_MAX_DPI = 300
_MAX_PIXELS = 16_000_000
"""Limit on the pixels of a picture, whatever the page's size: A4 at some 400 dpi."""


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """Carry out a request of one of these kinds. Raises what PDFium raises."""
    source, target = Path(request["source"]), Path(request["target"])
    match request["kind"]:
        case "draw":
            return _draw(source, target, request["page"], request["dpi"])
        case "read":
            return _read(source, target, request["page"])
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


def _read_texts(source: Path, target: Path) -> dict[str, Any]:
    target.touch()
    with PageRenderer(source) as renderer:
        return {"texts": [renderer.text(page) for page in range(1, len(renderer) + 1)]}


def _within_bounds(size: tuple[float, float], dpi: float) -> float:
    """Return the dots per inch at which a page of this size in points is within the limit."""
    width, height = size
    most = math.sqrt(_MAX_PIXELS / max(width * height / 72**2, 1e-6))
    return max(1.0, min(dpi, _MAX_DPI, most))
