"""What is known of an attachment once it has been opened: values between intake and the plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sjs_forms.base.findings import Finding

SealLook = Literal["", "red", "none", "colourless", "grey"]
"""Whether a page bears a round red seal: nobody looked · it does · it does not · it does not, and
has no colour at all · its picture knows no colour."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Where a page bears ink, on a grid of square cells, as a viewer shows the page.

    `rows` run from the foot of the page upwards; in each the lowest bit is the cell at the left
    edge. `cell` is the side of a cell in points; the last row and column may overhang the page.
    """

    cell: float
    columns: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page as a viewer shows it: size in points after crop box, rotation and user unit.

    `scanned` says that one picture covers most of the page; `sealed` that it carries a
    signature or stamp, so that a born-digital page may yet be a sealed one; `coloured` that it
    needs colour to be printed as it is; `seal` whether it bears a round red seal. `ink` is None
    where nobody looked. `dpi` is how finely a scan is drawn at this size, in dots per inch.
    `origin` is the index (from 0) of the page of the file that this one is or is a part of; None
    where no page of the file was cut.
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

    `page` counts from 0; `top` is the aimed height in points above the foot of the page as
    shown, or None for the whole page.
    """

    title: str
    page: int
    top: float | None = None
    children: tuple["Bookmark", ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """An attachment made ready: every page as it was, in a clean PDF.

    `sha256` is of the file as it lies in the applicant's folder. The clean PDF at `clean` has
    as many pages as `pages` (more than the file, where a long page was cut); each page's box
    starts at 0, 0 and has the size given there, with no rotation, crop or user unit left, its
    content balanced, and no annotation but links to the web or to pages of the same file
    (explicit destinations). `remarks` say what intake did or noticed, of the
    file as a whole. `streams` has digests of its large streams (see
    `hashing.stream_digest`), in hexadecimal and by object number, as far as known.
    """

    sha256: str
    clean: Path
    pages: tuple[PageFacts, ...]
    bookmarks: tuple[Bookmark, ...] = ()
    remarks: tuple[Finding, ...] = field(default=())
    streams: Mapping[int, str] = field(default_factory=dict)

    @property
    def given(self) -> int:
        """How many pages the file has as given."""
        return len({self.origin_of(index) for index in range(len(self.pages))})

    def origin_of(self, index: int) -> int:
        """The index in the file as given of the page that a page of the clean PDF comes from."""
        origin = self.pages[index].origin
        return index if origin is None else origin

    def part_of(self, index: int) -> int | None:
        """Which part of its page, from 1, a page of the clean PDF is; None for a whole page."""
        parts = self.parts_of(self.origin_of(index))
        return parts.index(index) + 1 if len(parts) > 1 else None

    def parts_of(self, origin: int) -> tuple[int, ...]:
        """The indices in the clean PDF of what a page of the file as given became."""
        if self.pages[0].origin is None:
            return (origin,)
        return tuple(at for at, page in enumerate(self.pages) if page.origin == origin)
