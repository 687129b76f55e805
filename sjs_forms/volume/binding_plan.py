"""The volume as data: every side of paper, planned before any PDF is written.

Contents, bookmarks, page labels, printed numbers, dividers, blanks and the manifest are derived
from this one list (see `plan_views`), so they cannot disagree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sjs_forms.domain.placement import (
    A4_HEIGHT,
    A4_WIDTH,
    MM,
    Box,
    Frame,
    Placement,
    place,
    place_free,
)
from sjs_forms.domain.print_rules import Binding, DividerColour
from sjs_forms.domain.programme import Material
from sjs_forms.domain.source_facts import Bookmark, Ink, SealLook

Kind = Literal["cover", "contents", "divider", "form", "attachment", "placeholder", "blank"]
Face = Literal["recto", "verso"]

CONTINUED = "（续）"
"""Appended to the title of a document or material that began in the previous volume."""

COVER = "cover"
CONTENTS = "contents"
DIVIDERS = "dividers"
PLACEHOLDERS = "placeholders"
OWN_PDFS = (COVER, CONTENTS, DIVIDERS, PLACEHOLDERS)
"""Keys of the PDFs that the volume generates itself."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a document: its index in its PDF, and its size.

    Width and height are in points, as shown. `rotate` is the user's correction in degrees
    clockwise. `coloured`, `ink` and `seal` are as in `source_facts.PageFacts`. `given` is the
    page's number, from 1, in the file as given (None: index + 1). `part` counts, from 1, the parts
    of a page cut for length (None: the whole page).
    """

    index: int
    width: float
    height: float
    rotate: int = 0
    coloured: bool = False
    ink: Ink | None = None
    given: int | None = None
    part: int | None = None
    seal: SealLook = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the volume: a form, an attachment, or a placeholder for a missing one.

    `pdf` is the key of its PDF. `source` is the file as the user wrote it, None for a generated
    one. `continued` means that earlier pages are in the previous volume, `goes_on` that more follow
    in the next.
    """

    title: str
    kind: Literal["form", "attachment", "placeholder"]
    pdf: str
    pages: tuple[Page, ...]
    source: str | None = None
    bookmarks: tuple[Bookmark, ...] = ()
    continued: bool = False
    goes_on: bool = False

    @property
    def heading(self) -> str:
        """The heading in contents and bookmarks."""
        return f"{self.title}{CONTINUED}" if self.continued else self.title


@dataclass(frozen=True, slots=True)
class Section:
    """A material and its documents, in order. `number` is the notice's.

    `continued` means that it began in the previous volume, `goes_on` that it continues in the next.
    `first` is the number of its first document.
    """

    material: Material
    number: int
    documents: tuple[Document, ...]
    continued: bool = False
    goes_on: bool = False
    first: int = 1

    @property
    def title(self) -> str:
        """The title on divider, contents and bookmark."""
        return f"{self.material.title}{CONTINUED}" if self.continued else self.material.title


@dataclass(frozen=True, slots=True)
class Part:
    """A run of sides that belong together: cover, contents, a divider, or a document.

    `first_side` to `last_side` excludes the blank that may follow. `number` is the page number on
    the contents page, None before numbering begins.
    """

    id: str
    kind: Kind
    title: str
    first_side: int
    last_side: int
    number: int | None = None
    section: Section | None = None
    document: Document | None = None

    @property
    def material(self) -> str | None:
        """The id of the material that it belongs to."""
        return self.section.material.id if self.section else None

    @property
    def awaits_stamp(self) -> bool:
        """Whether this is a generated form in place of its stamped scan."""
        return self.kind == "form" and self.section is not None and self.section.material.stamped


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet. `side` counts from 1 and equals the page of 装订版.pdf.

    `number` counts every side from the first divider on and is printed only if `numbered`. `pdf`
    and `page` say what is drawn (None: a blank), `placement` where. `coloured` means that it needs
    colour printing. `source_page` counts from 1 in the user's file. `source_part` counts, from 1,
    the part shown of a page that is too long for one side.
    """

    side: int
    kind: Kind
    part: str | None = None
    number: int | None = None
    numbered: bool = False
    pdf: str | None = None
    page: int = 0
    placement: Placement | None = None
    source: str | None = None
    source_page: int | None = None
    source_part: int | None = None
    coloured: bool = False

    @property
    def sheet(self) -> int:
        """The sheet of paper, from 1."""
        return (self.side + 1) // 2

    @property
    def face(self) -> Face:
        """The face of the sheet: odd sides are rectos (right-hand pages)."""
        return "recto" if self.side % 2 else "verso"

    @property
    def label(self) -> str | None:
        """The number printed on the side, or None."""
        return str(self.number) if self.numbered else None


@dataclass(frozen=True, slots=True)
class Edition:
    """Properties of a volume as a whole.

    `draft` marks every side. `divider_colour` says whether dividers get their colour from ink or
    from coloured paper. If an application takes several volumes, `ordinal` is 第一册, `volumes`
    their count, and `numbers_before` the count of numbered sides in the previous ones.
    """

    draft: bool = False
    divider_colour: DividerColour = "ink"
    ordinal: str = ""
    volumes: int = 1
    numbers_before: int = 0


WHOLE = Edition()
"""The only volume of an application, not a draft."""


@dataclass(frozen=True, slots=True)
class BindingPlan:
    """All sides in order, and the parts that they form.

    `gutter` is the binding margin in points: left on rectos, right on versos.
    """

    sides: tuple[Side, ...]
    parts: tuple[Part, ...]
    edition: Edition = WHOLE
    gutter: float = 0.0

    @property
    def draft(self) -> bool:
        """Whether every side is marked as a draft."""
        return self.edition.draft

    @property
    def divider_colour(self) -> DividerColour:
        """Whether dividers get their colour from ink or paper."""
        return self.edition.divider_colour

    @property
    def sheets(self) -> int:
        """The number of sheets in one copy."""
        return len(self.sides) // 2

    @property
    def faces(self) -> tuple[tuple[Side, Side], ...]:
        """Recto and verso of every sheet, in order."""
        return tuple(zip(self.sides[::2], self.sides[1::2], strict=True))

    def part(self, part_id: str) -> Part:
        """Return the part with this id. Raises KeyError."""
        for part in self.parts:
            if part.id == part_id:
                return part
        raise KeyError(part_id)

    @property
    def dividers(self) -> tuple[Part, ...]:
        """The dividers, in order."""
        return tuple(part for part in self.parts if part.kind == "divider")

    def sides_of(self, part: Part) -> tuple[Side, ...]:
        """Return the sides of a part."""
        return self.sides[part.first_side - 1 : part.last_side]


@dataclass(frozen=True, slots=True)
class _UnplacedSide:
    """What is drawn on one side of a part, before its side number is known.

    `inked` means that a generated page is printed in colour.
    """

    pdf: str
    page: int
    shows: Page | None = None
    inked: bool = False


@dataclass(frozen=True, slots=True)
class _UnplacedPart:
    """A part before its sides are assigned."""

    id: str
    kind: Kind
    title: str
    sides: tuple[_UnplacedSide, ...]
    section: Section | None = None
    document: Document | None = None


def plan_binding(
    sections: Sequence[Section],
    binding: Binding,
    contents_pages: int = 1,
    edition: Edition = WHOLE,
) -> BindingPlan:
    """Lay out cover, contents and sections on A4 duplex under the policy `binding`.

    Every part starts on a recto, a divider's verso is blank, and the number of sides is even. So
    `contents_pages` shifts the sides but changes no printed number.
    """
    runs = tuple(_runs(sections, contents_pages, edition.divider_colour))
    sheets = sum((len(run.sides) + 1) // 2 for run in runs)
    gutter = binding.gutter_mm(sheets) * MM
    frames = (side_frame("recto", binding, gutter), side_frame("verso", binding, gutter))
    sides: list[Side] = []
    parts: list[Part] = []
    front: int | None = None
    for run in runs:
        first = len(sides) + 1
        if run.kind == "divider" and front is None:
            front = len(sides)
        number = None if front is None else first - front + edition.numbers_before
        last = first + len(run.sides) - 1
        parts.append(
            Part(run.id, run.kind, run.title, first, last, number, run.section, run.document)
        )
        for offset, drawn in enumerate(run.sides):
            frame = frames[(first + offset + 1) % 2]
            sides.append(_side(run, drawn, first + offset, number and number + offset, frame))
        if len(sides) % 2:
            sides.append(Side(last + 1, "blank", number=number and number + len(run.sides)))
    return BindingPlan(tuple(sides), tuple(parts), edition, gutter)


def front_sheets(plan: BindingPlan) -> int:
    """Return the number of sheets of cover and contents."""
    return plan.dividers[0].first_side // 2 if plan.dividers else plan.sheets


def _runs(
    sections: Sequence[Section], contents_pages: int, divider_colour: DividerColour
) -> Iterator[_UnplacedPart]:
    yield _UnplacedPart(COVER, "cover", "封面", (_UnplacedSide(COVER, 0),))
    contents = tuple(_UnplacedSide(CONTENTS, page) for page in range(contents_pages))
    yield _UnplacedPart(CONTENTS, "contents", "目录", contents)
    for index, section in enumerate(sections):
        divider = section.material
        drawn = _UnplacedSide(DIVIDERS, index, inked=divider_colour == "ink")
        yield _UnplacedPart(divider.id, "divider", section.title, (drawn,), section)
        for ordinal, document in enumerate(section.documents, start=section.first):
            part_id = f"{divider.id}-{ordinal}"
            shown = tuple(_UnplacedSide(document.pdf, page.index, page) for page in document.pages)
            yield _UnplacedPart(part_id, document.kind, document.heading, shown, section, document)


def _side(
    run: _UnplacedPart, drawn: _UnplacedSide, side: int, number: int | None, frame: Frame
) -> Side:
    source = run.document.source if run.document else None
    return Side(
        side,
        run.kind,
        run.id,
        number,
        numbered=run.document is not None,
        pdf=drawn.pdf,
        page=drawn.page,
        placement=_placement(run.kind, drawn.shows, frame),
        source=source,
        source_page=_number_as_given(drawn) if source else None,
        source_part=drawn.shows.part if drawn.shows else None,
        coloured=drawn.inked or (drawn.shows is not None and drawn.shows.coloured),
    )


def _number_as_given(drawn: _UnplacedSide) -> int:
    """Return the page's number in the user's file."""
    return (drawn.shows and drawn.shows.given) or drawn.page + 1


def _placement(kind: Kind, page: Page | None, frame: Frame) -> Placement | None:
    """Return a page's placement. Only attachments must be kept clear of binding and number."""
    if page is None:
        return None
    if kind == "attachment":
        return place_free(page.width, page.height, page.rotate, page.ink, frame)
    return place(page.width, page.height, page.rotate)


def side_frame(face: Face, binding: Binding, gutter: float) -> Frame:
    """Return the area that a page may use on a recto or verso. `gutter` is in points."""
    outer, zone = binding.number_outer_mm * MM, binding.number_zone_mm * MM
    air, edge = binding.number_air_mm * MM, binding.edge_mm * MM
    foot = binding.number_baseline_mm * MM - air
    head = binding.number_baseline_mm * MM + binding.number_size_pt + air
    if face == "recto":
        strip = Box(0, 0, gutter, A4_HEIGHT)
        number = Box(A4_WIDTH - outer - zone + air, foot, A4_WIDTH - outer + air, head)
        within = Box(gutter, head, A4_WIDTH - edge, A4_HEIGHT - edge)
    else:
        strip = Box(A4_WIDTH - gutter, 0, A4_WIDTH, A4_HEIGHT)
        number = Box(outer - air, foot, outer + zone - air, head)
        within = Box(edge, head, A4_WIDTH - gutter, A4_HEIGHT - edge)
    return Frame(strip, number, within)
