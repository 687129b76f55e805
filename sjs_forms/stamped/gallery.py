"""Holds the generated forms of all applicants, and finds the pages that a scanned page resembles.

All applicants use the same form. So a scan is placed once, on the generated page that it fits best;
with that placement it is compared with the pages of all applicants, cell by cell.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from PIL import Image

from sjs_forms.pdf.ink_map import FINE, HEIGHT, WIDTH, InkMap
from sjs_forms.stamped.page_alignment import (
    Bits,
    ExactPlacement,
    Grid,
    Line,
    best_shift,
    bits_of,
    coarse_cells,
    mapped_by,
    place_coarsely,
    place_exactly,
)
from sjs_forms.stamped.pile_recognition import HeldPage
from sjs_forms.stamped.recognition import FormPage
from sjs_forms.stamped.scan_reading import PageRead
from sjs_forms.stamped.text_likeness import pairs_of

_CELLS = Grid(-(-WIDTH // FINE), -(-HEIGHT // FINE), 1)
"""Cells of 0.7 mm, shifted by one at most."""
_NEAREST = 3
"""Number of the best coarse placements that are refined."""
_FITS = 0.7
"""A page with this likeness to a page of the blank form is placed well enough by it."""


@dataclass(frozen=True, eq=False)
class GalleryPage:
    """A page of an applicant's form as it would be printed now.

    `applicant` is the number of his row, 0 for the blank form. `packed` is the ink of the page,
    compressed, because there may be thousands of pages.
    """

    applicant: int
    page: FormPage
    text: str
    lines: tuple[Line, ...]
    packed: bytes
    coarse: Bits
    cells: Bits

    @property
    def ink(self) -> InkMap:
        """The ink of the page."""
        return InkMap(Image.frombytes("L", (WIDTH, HEIGHT), zlib.decompress(self.packed)))

    @property
    def read(self) -> PageRead:
        """The page for comparison with a scan."""
        return PageRead(self.ink, self.text, lines=self.lines)

    @cached_property
    def pairs(self) -> Counter[str]:
        """The pairs of neighbouring characters in its text."""
        return pairs_of(self.text)


def gallery_pages(applicant: int, printed: Mapping[FormPage, PageRead]) -> tuple[GalleryPage, ...]:
    """Return the pages of an applicant's forms, reduced."""
    return tuple(
        GalleryPage(
            applicant,
            place,
            read.text,
            read.lines,
            zlib.compress(read.ink.ink.tobytes(), 6),
            coarse_cells(read.ink),
            bits_of(read.ink, _CELLS, 1.0, (0, 2 * _CELLS.shift)),
        )
        for place, read in printed.items()
    )


@dataclass(frozen=True, eq=False, slots=True)
class LaidScan:
    """A scanned page laid upon the generated pages: its ink there, and its plain text."""

    ink: InkMap
    text: str


class Gallery:
    """All generated pages; those of the blank forms come first."""

    def __init__(self, pages: Iterable[GalleryPage]) -> None:
        self.pages = tuple(pages)
        self.blank = tuple(each for each in self.pages if not each.applicant)
        self.filled = tuple(each for each in self.pages if each.applicant)

    def of(self, applicant: int) -> dict[FormPage, PageRead]:
        """Return the pages of one applicant."""
        return {each.page: each.read for each in self.pages if each.applicant == applicant}

    def page(self, held: HeldPage) -> GalleryPage:
        """Return one page of an applicant."""
        return next(
            each
            for each in self.filled
            if each.applicant == held.applicant and each.page == held.page
        )

    def laid(self, scan: PageRead) -> LaidScan:
        """Lay a scanned page upon the generated pages, as it fits one of them best.

        The blank form is tried first, which is printed on every applicant's pages.
        """
        upright = {turn: scan.ink.turned(turn) for turn in scan.ink.turns}
        found = _best_placed(upright, self.blank)
        if found[0].score < _FITS:
            found = max(found, _best_placed(upright, self.filled), key=lambda way: way[0].score)
        match, turn = found
        return LaidScan(InkMap(mapped_by(match.placed, upright[turn].ink, 1)), scan.text)

    def nearest(self, scan: LaidScan, count: int) -> tuple[GalleryPage, ...]:
        """Return the page of each applicant that a scan resembles most, of the nearest of them."""
        looks = [(_cells_alike(each, scan.ink), each) for each in self.filled]
        return _first_of_each(sorted(looks, key=_best_first), count)

    def nearest_by_text(self, scan: LaidScan, count: int) -> tuple[GalleryPage, ...]:
        """Return the same by the text of the scan."""
        own = pairs_of(scan.text)
        looks = [((own & each.pairs).total(), each) for each in self.filled]
        return _first_of_each(sorted(looks, key=_best_first), count)

    def blank_like(self, own: GalleryPage) -> GalleryPage:
        """Return the blank form's page that has most of a page's wording."""
        return max(
            self.blank, key=lambda each: ((each.pairs & own.pairs).total(), each.page == own.page)
        )


def _best_placed(
    upright: Mapping[int, InkMap], marks: Sequence[GalleryPage]
) -> tuple[ExactPlacement, int]:
    """Return the best exact placement on one of these pages, and the turn for it."""
    ways = [
        (place_coarsely(ink, mark.coarse), turn, at)
        for turn, ink in upright.items()
        for at, mark in enumerate(marks)
    ]
    ways.sort(key=lambda way: (-way[0].score, way[1], way[2]))
    matches = [
        (place_exactly(upright[turn], marks[at].ink, coarse), turn)
        for coarse, turn, at in ways[:_NEAREST]
    ]
    return max(matches, key=lambda found: found[0].score)


def _best_first(look: tuple[float, GalleryPage]) -> tuple[float, int, FormPage]:
    alike, page = look
    return -alike, page.applicant, page.page


def _cells_alike(own: GalleryPage, ink: InkMap) -> float:
    shown = bits_of(ink, _CELLS, 1.0, (_CELLS.shift, _CELLS.shift))
    return best_shift(own.cells, shown, _CELLS)[0]


def _first_of_each(
    looks: Sequence[tuple[float, GalleryPage]], count: int
) -> tuple[GalleryPage, ...]:
    found: dict[int, GalleryPage] = {}
    for _, page in looks:
        found.setdefault(page.applicant, page)
        if len(found) == count:
            break
    return tuple(found.values())
