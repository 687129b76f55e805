"""The facts of an opened attachment: the values that intake passes to the plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sjs_forms.base.findings.finding import Finding

SealLook = Literal["", "red", "none", "colourless", "grey"]
"""Whether a page has a round red seal: not examined; yes; no; no, and the page is colourless; no,
and its picture is grey.
"""


@dataclass(frozen=True, slots=True)
class Ink:
    """The ink of a page as a viewer shows it, on a grid of square cells.

    `rows` run from the bottom of the page upwards; in each, the lowest bit is the leftmost cell.
    `cell` is the side of a cell in points. The last row and column may extend beyond the page.
    """

    cell: float
    columns: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page as a viewer shows it: size in points after crop box, rotation and user unit.

    `scanned` means that one picture covers most of the page. `sealed` means that it has a signature
    or stamp, so that a born-digital page may be a sealed one too. `coloured` means that it needs
    colour printing. `seal` tells whether it has a round red seal. `ink` is None if not examined.
    `dpi` is the resolution of a scan at this size. `origin` is the index (from 0) of the page of
    the file from which this one was made; None if no page of the file was cut.
    """

    width: float
    height: float
    scanned: bool = False
    sealed: bool = False
    coloured: bool = False
    ink: Ink | None = None
    dpi: float | None = None
    origin: int | None = None
    seal: SealLook = ""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """One entry of a document's own outline.

    `page` counts from 0. `top` is the target height in points above the bottom of the page as
    shown, or None for the whole page.
    """

    title: str
    page: int
    top: float | None = None
    children: tuple["Bookmark", ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A usable attachment: every page, in a clean PDF.

    `sha256` is of the file in the applicant's folder. The clean PDF at `clean` has as many pages as
    `pages` (more than the file if a long page was cut). The box of each page starts at 0, 0 and has
    the size given there, without rotation, crop box or user unit. Its content is balanced, and its
    only annotations are links to the web or to pages of the same file (explicit destinations).
    `remarks` say what intake did or noticed about the file as a whole. `streams` has the digests of
    its large streams (see `hashing.stream_digest`) in hexadecimal, by object number, as far as
    known.
    """

    sha256: str
    clean: Path
    pages: tuple[PageFacts, ...]
    bookmarks: tuple[Bookmark, ...] = ()
    remarks: tuple[Finding, ...] = field(default=())
    streams: Mapping[int, str] = field(default_factory=dict)

    @property
    def given(self) -> int:
        """The number of pages of the file as given."""
        return len({self.origin_of(index) for index in range(len(self.pages))})

    def origin_of(self, index: int) -> int:
        """Return the index, in the file as given, of the page from which a clean page was made."""
        origin = self.pages[index].origin
        return index if origin is None else origin

    def part_of(self, index: int) -> int | None:
        """Return which part of its page, from 1, a clean page is; None for a whole page."""
        parts = self.parts_of(self.origin_of(index))
        return parts.index(index) + 1 if len(parts) > 1 else None

    def parts_of(self, origin: int) -> tuple[int, ...]:
        """Return the indices in the clean PDF of the pages made from a page of the file."""
        if self.pages[0].origin is None:
            return (origin,)
        return tuple(at for at, page in enumerate(self.pages) if page.origin == origin)
