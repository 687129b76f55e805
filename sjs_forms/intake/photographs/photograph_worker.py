"""What runs in the confined process that finds papers on photographs and straightens them.

It serves requests as intake's worker does. A page's outline is always searched on the same small
picture of it, so that what was proposed is what is made.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NoReturn

from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.source_facts import PageFacts
from sjs_forms.intake.photographs.opencv import load_opencv
from sjs_forms.intake.photographs.straightened_pages import OUTLINE
from sjs_forms.intake.photographs.straightening import flattened, page_corners
from sjs_forms.intake.worker import run_to_the_end, serve
from sjs_forms.pdf.drawing import drawn_within

_OUTLINE_DPI = 150
_FINEST_DPI = 400
_QUALITY = 88
"""Quality of a straightened page as JPEG."""
_SHARE_OF_TIME = 3
"""Divisor of a file's seconds that are spent looking for ink and seals on one page."""


def run_photographer(level: int) -> NoReturn:
    """Serve requests about photographs, logging from `level` on."""
    run_to_the_end(lambda: serve(level, _carried_out, load_opencv))


def _carried_out(
    request: dict[str, Any], limits: IntakeLimits, announce: Callable[[str], None]
) -> dict[str, Any]:
    announce(request["kind"])
    if request["kind"] == OUTLINE:
        return _outlined(request)
    return _straightened(request, limits)


def _outlined(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return which of the pages, from 0, have text, and which have a paper's outline."""
    Path(request["target"]).touch()
    worded, outlined = [], []
    with _document(request["source"]) as document:
        for index in request["chosen"]:
            page = document[index]
            if _has_text(page):
                worded.append(index)
            elif _corners(page) is not None:
                outlined.append(index)
            page.close()
    return {"worded": worded, "outlined": outlined}


def _straightened(request: Mapping[str, Any], limits: IntakeLimits) -> dict[str, Any]:
    """Write the PDF with clean pages in place of photographs. Return the facts that differ."""
    import pikepdf

    from sjs_forms.intake.clean.strict_reopening import check_reopens
    from sjs_forms.intake.long_pages.fit_on_a4 import remarks_on
    from sjs_forms.pdf.objects import large_streams, save

    source, target = Path(request["source"]), Path(request["target"])
    before = tuple(PageFacts(**known) for known in request["pages"])
    after = list(before)
    with ExitStack() as stack:
        document = stack.enter_context(_document(source))
        pdf = stack.enter_context(pikepdf.open(source))
        for index in request["chosen"]:
            made = target.with_name(f"{index}.pdf")
            after[index] = _clean_page(document[index], before[index].dpi, made, limits)
            put_page(pdf, index, stack.enter_context(pikepdf.open(made)))
        save(pdf, target)
    check_reopens(target, len(after))
    with pikepdf.open(target) as pdf:
        streams = large_streams(pdf)
    return {
        "pages": {str(index): after[index] for index in request["chosen"]},
        "streams": streams,
        "remarks": list(remarks_on(target, tuple(after))),
    }


def _clean_page(page: Any, dpi: float | None, target: Path, limits: IntakeLimits) -> PageFacts:
    """Write the paper on a photograph as a PDF of one page; return its facts."""
    from PIL import Image

    from sjs_forms.intake.images.picture_file import take_in_image
    from sjs_forms.intake.ink_detection import examined_pages

    corners = _corners(page)
    assert corners is not None, "an outline that was found is found again"
    fine = drawn_within(page, min(dpi or _OUTLINE_DPI, _FINEST_DPI))
    flat = Image.fromarray(flattened(fine, corners * fine.size))
    picture = target.with_suffix(".jpg")
    flat.save(picture, "JPEG", quality=_QUALITY, subsampling=0)
    plain = take_in_image(picture, target, limits)
    return examined_pages(target, plain.pages, limits.max_seconds / _SHARE_OF_TIME)[0][0]


def put_page(pdf: Any, index: int, other: Any) -> None:
    """Give a page the content of another PDF's only page; what points at the page still does."""
    page, new = pdf.pages[index].obj, pdf.copy_foreign(other.pages[0].obj)
    for key in list(page.keys()):
        if key not in ("/Type", "/Parent"):
            del page[key]
    for key in list(new.keys()):
        if key not in ("/Type", "/Parent"):
            page[key] = new[key]


def _corners(page: Any) -> Any | None:
    """Return the corners of the paper as shares of the page's width and height, or None."""
    small = drawn_within(page, _OUTLINE_DPI)
    corners = page_corners(small)
    return None if corners is None else corners / small.size


def _has_text(page: Any) -> bool:
    text = page.get_textpage()
    try:
        return bool(text.count_chars())
    finally:
        text.close()


@contextmanager
def _document(path: Path | str) -> Iterator[Any]:
    """Open a PDF with PDFium."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        yield document
    finally:
        document.close()
