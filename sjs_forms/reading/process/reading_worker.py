"""What runs in the confined processes that read pages.

The reader draws a page and looks at it; the recogniser holds the models of the OCR. Both serve
requests as intake's worker does.
ONNX Runtime is loaded once the process is confined: a thread that it started before would not be.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake.worker import run_to_the_end, serve
from sjs_forms.pdf.drawing import drawn_within
from sjs_forms.reading.pages import codes, ocr
from sjs_forms.reading.pages.page_words import ReadPage, WordSource, upright
from sjs_forms.reading.pages.picture_cover import picture_cover
from sjs_forms.reading.pages.quality import page_quality
from sjs_forms.reading.pages.seals import seal_marks
from sjs_forms.reading.pages.text_words import text_layer
from sjs_forms.reading.process.reading_records import record_of

LOOK, RECOGNISE, READ_TEXT = "look-at-page", "recognise-page", "read-text-layer"
"""Kinds of requests."""

_PROGRAM = "from sjs_forms.reading.process.reading_worker import {0}; {0}(int(sys.argv[1]))"
READER = _PROGRAM.format("run_reader")
RECOGNISER = _PROGRAM.format("run_recogniser")
"""What the processes run."""

_DPI = 150
"""Resolution at which a page is looked at."""


def run_reader(level: int) -> NoReturn:
    """Serve requests to look at pages, logging from `level` on."""
    run_to_the_end(lambda: serve(level, _look))


def run_recogniser(level: int) -> NoReturn:
    """Serve requests to recognise pages, logging from `level` on."""
    run_to_the_end(lambda: serve(level, _recognised, ocr.prepare))


@cache
def _models() -> ocr.TextRecogniser:
    return ocr.TextRecogniser()


def _look(
    request: dict[str, Any], _: IntakeLimits, announce: Callable[[str], None]
) -> dict[str, Any]:
    """Return the record of a page, from 1, and whether it is to be recognised.

    If only its text layer is asked for, the page is not drawn.
    """
    announce(request["kind"])
    Path(request["target"]).touch()
    look = text_read if request["kind"] == READ_TEXT else looked_at
    with _page(request) as page:
        reading, is_enough = look(page, request["page"])
    return {"reading": record_of(reading), "is_enough": is_enough}


def text_read(page: Any, number: int) -> tuple[ReadPage, bool]:
    """Read the text layer of an open page of PDFium's; otherwise as `looked_at`."""
    layer = text_layer(page, picture_cover(page))
    wide, high = page.get_size()[::-1] if layer.turned % 2 else page.get_size()
    source: WordSource = "text" if layer.words else "none"
    return ReadPage(number, wide, high, layer.words, source, layer.turned), layer.is_enough


def looked_at(page: Any, number: int) -> tuple[ReadPage, bool]:
    """Read an open page of PDFium's as far as it can be without recognising its picture.

    Returns also whether that is all that the page says.
    """
    points = page.get_size()
    cover = picture_cover(page)
    layer = text_layer(page, cover)
    picture = drawn_within(page, _DPI)
    quality = page_quality(picture, points, cover.dpi)
    found = codes.code_marks(picture, points) if codes.is_installed() else ()
    wide, high = points[::-1] if layer.turned % 2 else points
    reading = ReadPage(
        page=number,
        width=wide,
        height=high,
        words=layer.words,
        source="text" if layer.words else "none",
        turned=layer.turned,
        seals=tuple(upright(each, points, layer.turned) for each in seal_marks(picture, points)),
        codes=tuple(upright(each, points, layer.turned) for each in found),
        quality=quality,
    )
    return reading, layer.is_enough or quality.blank


def _recognised(
    request: dict[str, Any], _: IntakeLimits, announce: Callable[[str], None]
) -> dict[str, Any]:
    """Return the words on the picture of a page, from 1, and how it is turned."""
    announce(RECOGNISE)
    Path(request["target"]).touch()
    with _page(request) as page:
        points, picture = page.get_size(), drawn_within(page, ocr.DPI)
    found = _models().read(picture, points)
    return {"words": [asdict(word) for word in found.words], "turned": found.turned}


@contextmanager
def _page(request: Mapping[str, Any]) -> Iterator[Any]:
    """Open the page of a request, from 1, with PDFium."""
    import pypdfium2

    document = pypdfium2.PdfDocument(request["source"])
    try:
        yield document[request["page"] - 1]
    finally:
        document.close()
