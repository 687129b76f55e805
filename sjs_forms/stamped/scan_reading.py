"""Compares scanned pages with generated ones, by their appearance and their text."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sjs_forms.pdf.page_reading import PageReading, page_reading
from sjs_forms.stamped.recognition import SURE, FormPage, PageLikeness, ScanObservation
from sjs_forms.stamped.text_likeness import changes, plain, readable, text_likeness

if TYPE_CHECKING:
    from sjs_forms.pdf.ink_map import InkMap
    from sjs_forms.stamped.page_alignment import Line

_NEAREST = 3
"""Number of the best coarse placements that are refined."""


@dataclass(frozen=True, eq=False, slots=True)
class PageRead:
    """One page: its ink map, straightened, its plain text, and the text's turn in degrees.

    `lines` are its pieces of text, if requested.
    """

    ink: "InkMap"
    text: str
    text_turn: int = 0
    lines: tuple["Line", ...] = ()


@dataclass(frozen=True, slots=True)
class ScanComparison:
    """What was measured on a scanned page, and which text of a form's page it lacks.

    `unlike` is keyed by the pages that it may be. It is empty for a page with the same text.
    """

    seen: ScanObservation
    unlike: Mapping[FormPage, tuple[str, ...]]


def page_read(page: PageReading) -> PageRead:
    """Return the properties of a page that are compared."""
    from sjs_forms.pdf.ink_map import ink_map, straightened

    ink, shown = ink_map(page.picture, page.points), plain(page.text)
    turn = page.text_turn if readable(shown) else 0
    return PageRead(ink if ink.blank else straightened(ink), shown, turn)


def form_pages(pdf: bytes) -> Iterator[PageRead]:
    """Yield the pages of a generated form with their lines, for comparison with scans."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            read = page_read(page_reading(page))
            yield replace(read, ink=read.ink.turned(0), lines=_lines(page))
    finally:
        document.close()


def _lines(page: Any) -> tuple["Line", ...]:
    from sjs_forms.stamped.page_alignment import Line

    height = page.get_height()
    text = page.get_textpage()
    try:
        boxes = [text.get_rect(index) for index in range(text.count_rects())]
        return tuple(
            Line((left, height - top, right, height - foot), shown)
            for left, foot, right, top in boxes
            if (shown := text.get_text_bounded(left, foot, right, top).strip())
        )
    finally:
        text.close()


def compare_page(
    number: int,
    scan: PageRead,
    references: Mapping[FormPage, PageRead],
    stated: FormPage | None = None,
) -> ScanComparison:
    """Compare a scanned page with all pages of the forms.

    `stated`, the page that the user says it is, is always compared closely.
    """
    has_text = readable(scan.text)
    if scan.ink.blank and not has_text:
        return ScanComparison(ScanObservation(number, blank=True), {})
    texts = _best_first(
        PageLikeness(page, text_likeness(own.text, scan.text))
        for page, own in references.items()
        if has_text
    )
    likely = {page for page in (stated, texts[0].page if texts else None) if page}
    pictures, unlike_pictures = _pictures(scan, references, likely)
    found = ScanObservation(number, False, pictures, texts, scan.text_turn)
    if not has_text:
        return ScanComparison(found, unlike_pictures)
    other = {page: changes(references[page].text, scan.text) for page in likely}
    return ScanComparison(found, other)


def _best_first(looks: Iterable[PageLikeness]) -> tuple[PageLikeness, ...]:
    return tuple(sorted(looks, key=lambda alike: (-alike.score, alike.page, alike.turn)))


def _pictures(
    scan: PageRead, references: Mapping[FormPage, PageRead], likely: Collection[FormPage]
) -> tuple[tuple[PageLikeness, ...], dict[FormPage, tuple[str, ...]]]:
    """Return the pages most similar in appearance, and how the best and those in `likely` differ.

    These are compared closely in every orientation, because the right one must be certain.
    """
    from sjs_forms.stamped.page_alignment import (
        coarse_cells,
        differing_lines,
        place_coarsely,
        place_exactly,
    )

    upright = {turn: scan.ink.turned(turn) for turn in scan.ink.turns}
    placements = [
        (place_coarsely(ink, coarse_cells(own.ink)), page, turn)
        for turn, ink in upright.items()
        for page, own in references.items()
    ]
    placements.sort(key=lambda way: (-way[0].score, way[1], way[2]))
    near = placements[:2] + [
        way for way in placements[2:_NEAREST] if 2 * way[0].score > placements[0][0].score
    ]
    known = {placements[0][1], *likely}
    near += [way for way in placements if way[1] in known and way not in near]
    matches = {}
    for at, page, turn in near:
        match = place_exactly(upright[turn], references[page].ink, at)
        matches[PageLikeness(page, round(match.score, 3), turn)] = match
    looks = _best_first(matches)
    other = {}
    for alike in reversed(looks):
        if alike.score >= SURE and alike.page in (looks[0].page, *likely):
            own = references[alike.page]
            lines = differing_lines(upright[alike.turn], own.ink, matches[alike], own.lines)
            other[alike.page] = tuple(lines)
    return looks, other
