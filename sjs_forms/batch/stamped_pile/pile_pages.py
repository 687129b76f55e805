"""Reads the pages of a pile, and compares them with the applicants' forms."""

import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from PIL import Image

from sjs_forms.base.progress import Progress, Stage
from sjs_forms.pdf.ink_map import InkMap
from sjs_forms.stamped.gallery import Gallery, LaidScan
from sjs_forms.stamped.page_claims import PageClaims, claims_on, speaks_against
from sjs_forms.stamped.pile_recognition import HeldPage
from sjs_forms.stamped.recognition import FormPage, recognised
from sjs_forms.stamped.scan_reading import PageRead, ScanComparison, compare_page
from sjs_forms.stamped.text_likeness import readable


@dataclass(frozen=True, slots=True)
class _Packed:
    """An ink map, compressed: a pile may have thousands of pages."""

    size: tuple[int, int]
    data: bytes

    @classmethod
    def of(cls, ink: InkMap) -> "_Packed":
        return cls(ink.ink.size, zlib.compress(ink.ink.tobytes(), 1))

    @property
    def ink(self) -> InkMap:
        return InkMap(Image.frombytes("L", self.size, zlib.decompress(self.data)))


@dataclass(frozen=True, eq=False, slots=True)
class SeenPage:
    """A scanned page that is not blank, and what it says of the applicants."""

    own: _Packed
    laid: _Packed
    text: str
    text_turn: int
    claims: PageClaims

    @property
    def read(self) -> PageRead:
        """The page for comparison with forms."""
        return PageRead(self.own.ink, self.text, self.text_turn)

    @property
    def scan(self) -> LaidScan:
        """The page as it lies upon the forms."""
        return LaidScan(self.laid.ink, self.text)


class PilePages:
    """All pages of a pile by number; None for a blank one, and for one that cannot be drawn."""

    def __init__(
        self,
        gallery: Gallery,
        seen: Mapping[int, SeenPage | None],
        undrawn: Collection[int] = frozenset(),
    ) -> None:
        self.seen, self.undrawn, self._gallery = seen, undrawn, gallery
        self._compared: dict[tuple[int, int], ScanComparison] = {}

    def compared(
        self, number: int, applicant: int, wished: FormPage | None = None
    ) -> ScanComparison:
        """Return how a page that is not blank compares with an applicant's forms."""
        page = self.seen[number]
        assert page is not None
        key = number, applicant
        if key not in self._compared or wished is not None:
            own = self._gallery.of(applicant)
            self._compared[key] = compare_page(number, page.read, own, wished)
        return self._compared[key]

    def fits(self, number: int, applicant: int) -> FormPage | None:
        """Return as which page of an applicant's forms a page may be taken; None if as none."""
        page = self.seen[number]
        if page is None:
            return None
        found = recognised(self.compared(number, applicant).seen)
        if found.state != "placed" or found.page is None:
            return None
        if page.claims.claims.get(applicant) == "denied":
            return None
        own = self._gallery.page(HeldPage(applicant, found.page))
        return None if speaks_against(self._gallery, page.scan, own) else found.page


def read_pages(
    gallery: Gallery, reads: Iterable[tuple[int, PageRead | None]], count: int, progress: Progress
) -> PilePages:
    """Compare `count` pages with all applicants' forms; None cannot be drawn. Raises Cancelled."""
    seen: dict[int, SeenPage | None] = {}
    undrawn: set[int] = set()
    for number, read in reads:
        progress(Stage.RECOGNISING, number - 1, count)
        seen[number] = None if read is None else _seen(gallery, read)
        if read is None:
            undrawn.add(number)
    return PilePages(gallery, seen, undrawn)


def _seen(gallery: Gallery, read: PageRead) -> SeenPage | None:
    if read.ink.blank and not readable(read.text):
        return None
    scan = gallery.laid(read)
    claims = claims_on(gallery, scan)
    return SeenPage(_Packed.of(read.ink), _Packed.of(scan.ink), read.text, read.text_turn, claims)
