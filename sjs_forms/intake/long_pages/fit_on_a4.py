"""Cuts long pages, and reports pages that come out too small or too coarse on A4."""

import contextlib
import math
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image
from pypdfium2 import raw

from sjs_forms.base.findings.finding import Finding
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.placement import place
from sjs_forms.domain.source_facts import PageFacts
from sjs_forms.intake import file_remarks
from sjs_forms.intake.clean.document import PlainDocument
from sjs_forms.intake.long_pages import cut_places
from sjs_forms.intake.long_pages.cut_places import Strip
from sjs_forms.intake.long_pages.page_parts import cut_pages
from sjs_forms.pdf.page_pictures import CLEAR_DPI

TOO_SMALL = 0.4
"""Scale below which a sheet is unreadable whatever is on it: anything larger than A2."""

LEGIBLE = 4.0
"""Letter size in points on paper below which a page gets a warning.

It is less than `cut_places.LEGIBLE`: a cut only takes more paper, but a warning must be read.
"""

_FEW = 0.1
"""Share of letters that may be smaller: superscripts, footnotes of tables."""

_SAMPLED = 1_000
"""Letters measured per page."""

_LOOKED_AT = 60
"""Pages whose letters are measured. Further ones are judged by their scale alone."""

_MAX_PIXELS = 60_000_000
_COARSEST = 200


def long_pages_cut(clean: Path, plain: PlainDocument, limits: IntakeLimits) -> PlainDocument:
    """Cut strips that are illegible as a whole. Rewrites the clean PDF.

    A page that cannot be rendered or cut stays whole. Raises FileRefused for too many parts.
    """
    found: dict[int, Strip] = {}
    for at, page in enumerate(plain.pages):
        if cut_places.is_slender(page.width, page.height):
            with contextlib.suppress(pypdfium2.PdfiumError):
                strip = _strip(clean, at, page)
                found |= {} if strip is None else {at: strip}
    try:
        return cut_pages(clean, plain, found, limits)
    except pikepdf.PdfError:
        return plain


def _strip(clean: Path, at: int, page: PageFacts) -> Strip | None:
    """Analyse one page, rendered in grey."""
    short = min(page.width, page.height)
    fine = math.sqrt(_MAX_PIXELS / (page.width * page.height))
    scale = min(cut_places.ACROSS / short, fine)
    if scale * short < _COARSEST:
        return Strip()
    document = pypdfium2.PdfDocument(clean)
    try:
        seen: Image.Image = document[at].render(scale=scale, grayscale=True).to_pil().convert("L")
    finally:
        document.close()
    return cut_places.strip_of(seen, page.width, page.height)


def remarks_on(clean: Path, pages: tuple[PageFacts, ...]) -> tuple[Finding, ...]:
    """Return remarks on pages that come out too coarse or too small on paper.

    They are named by their numbers in the file as given.
    """
    scales = [place(page.width, page.height).scale for page in pages]
    coarse: dict[int, float] = {}
    small: dict[int, float] = {}
    tiny: set[int] = set()
    with contextlib.suppress(pypdfium2.PdfiumError):
        tiny = _with_tiny_letters(clean, scales)
    for at, (page, scale) in enumerate(zip(pages, scales, strict=True)):
        number = (at if page.origin is None else page.origin) + 1
        if page.dpi is not None and page.dpi / scale < CLEAR_DPI - 1:
            coarse[number] = min(page.dpi / scale, coarse.get(number, math.inf))
        if scale < TOO_SMALL or at in tiny:
            small[number] = min(scale, small.get(number, 1.0))
    found = []
    if small:
        found.append(file_remarks.shrunk(list(small), round(min(small.values()) * 100)))
    if coarse:
        found.append(file_remarks.low_resolution(list(coarse), round(min(coarse.values()))))
    return tuple(found)


def _with_tiny_letters(clean: Path, scales: list[float]) -> set[int]:
    """Return the shrunk pages on which more than a few letters come out too small."""
    shrunk = [at for at, scale in enumerate(scales) if TOO_SMALL <= scale < 0.9][:_LOOKED_AT]
    if not shrunk:
        return set()
    document = pypdfium2.PdfDocument(clean)
    try:
        return {at for at in shrunk if _is_tiny(document, at, LEGIBLE / scales[at])}
    finally:
        document.close()


def _is_tiny(document: pypdfium2.PdfDocument, at: int, bound: float) -> bool:
    page = document[at]
    text = page.get_textpage()
    try:
        count = text.count_chars()
        step = max(1, count // _SAMPLED)
        sizes = [_size(text, index) for index in range(0, count, step) if _is_ink(text, index)]
        return sum(size < bound for size in sizes) > _FEW * len(sizes)
    finally:
        text.close()
        page.close()


def _is_ink(text: pypdfium2.PdfTextPage, index: int) -> bool:
    return not chr(raw.FPDFText_GetUnicode(text, index) or 32).isspace()


def _size(text: pypdfium2.PdfTextPage, index: int) -> float:
    """Return a letter's size in points on the page."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    return float(raw.FPDFText_GetFontSize(text, index)) * math.hypot(matrix.c, matrix.d)
