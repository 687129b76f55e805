"""The volume as data: every side of paper, before one byte of PDF is written.

Contents, bookmarks, page labels, printed numbers, dividers, blanks and the manifest are views
of this one list (see `plan_views`), so they cannot disagree.
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
from sjs_forms.domain.programme import Binding, DividerColour, Material
from sjs_forms.domain.source_facts import Bookmark, Ink, SealLook

Kind = Literal["cover", "contents", "divider", "form", "attachment", "placeholder", "blank"]
Face = Literal["recto", "verso"]

CONTINUED = "（续）"
"""Added to the title of what began in the volume before."""

COVER = "cover"
CONTENTS = "contents"
DIVIDERS = "dividers"
PLACEHOLDERS = "placeholders"
OWN_PDFS = (COVER, CONTENTS, DIVIDERS, PLACEHOLDERS)
"""Keys of the pages that the volume brings itself."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a document gives the volume: its index in the PDF that holds it, its size.

    Width and height are points, as shown; `rotate` is the user's correction in degrees clockwise.
    `coloured`, `ink` and `seal` are as in `source_facts.PageFacts`. `given` is the page's number,
    from 1, in the file as given (None: by its index), `part` which part of it this is, from 1
    (None: all of it).
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
    """One document of the volume: a form, an attachment, or a placeholder for what is missing.

    `pdf` is the key under which the assembler is given its PDF; `source` the file as the user
    wrote it, None for what we generate. `continued` says that pages before these are bound in the
    volume before, `goes_on` that there are more in the next.
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
        """What contents and bookmark call it."""
        return f"{self.title}{CONTINUED}" if self.continued else self.title


@dataclass(frozen=True, slots=True)
class Section:
    """A material and its documents, in order; number is the notice's.

    `continued` says that what comes before is bound in the volume before, `goes_on` that there is
    more in the next; `first` is the number of its first document.
    """

    material: Material
    number: int
    documents: tuple[Document, ...]
    continued: bool = False
    goes_on: bool = False
    first: int = 1

    @property
    def title(self) -> str:
        """What divider, contents and bookmark call it."""
        return f"{self.material.title}{CONTINUED}" if self.continued else self.material.title


@dataclass(frozen=True, slots=True)
class Part:
    """A run of sides that belong together: cover, contents, a divider, a document.

    `first_side` to `last_side` are its own printed faces, without the blank that may follow.
    `number` is what the contents page says, None before the numbers begin.
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
        """Id of the material it belongs to."""
        return self.section.material.id if self.section else None

    @property
    def awaits_stamp(self) -> bool:
        """Whether it is a generated form in the place of its stamped scan."""
        return self.kind == "form" and self.section is not None and self.section.material.stamped


@dataclass(frozen=True, slots=True)
class Side:
    """One face of paper. `side` counts from 1 and is the page of 装订版.pdf.

    `number` is counted on every side from the first divider on; it is printed only where
    `numbered`. `pdf` and `page` say what is drawn (None: a blank), `placement` where; `coloured`
    that it needs colour.
    `source_page` counts from 1 in the user's file; `source_part` says which part of that page is
    shown, from 1, where it was too long for one side.
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
        """Odd sides are rectos (right-hand pages)."""
        return "recto" if self.side % 2 else "verso"

    @property
    def label(self) -> str | None:
        """What is printed on the side as its number, None where nothing is."""
        return str(self.number) if self.numbered else None


@dataclass(frozen=True, slots=True)
class Edition:
    """What is said of a volume as a whole.

    `draft` marks every side; `divider_colour` says whether dividers have their colour from ink
    or from the paper. Where one application takes several volumes, `ordinal` is 第一册, `volumes`
    how many there are, and `numbers_before` how many sides were numbered in the volumes before.
    """

    draft: bool = False
    divider_colour: DividerColour = "ink"
    ordinal: str = ""
    volumes: int = 1
    numbers_before: int = 0


WHOLE = Edition()
"""The one volume of an application, not a draft."""


@dataclass(frozen=True, slots=True)
class BindingPlan:
    """All sides in order and the parts they make up.

    `gutter` is the binding margin in points: left on rectos, right on versos.
    """

    sides: tuple[Side, ...]
    parts: tuple[Part, ...]
    edition: Edition = WHOLE
    gutter: float = 0.0

    @property
    def draft(self) -> bool:
        """Whether every side bears the mark of a draft."""
        return self.edition.draft

    @property
    def divider_colour(self) -> DividerColour:
        """Where the dividers have their colour from."""
        return self.edition.divider_colour

    @property
    def sheets(self) -> int:
        """Sheets of paper in one copy."""
        return len(self.sides) // 2

    @property
    def faces(self) -> tuple[tuple[Side, Side], ...]:
        """Recto and verso of every sheet, in order."""
        return tuple(zip(self.sides[::2], self.sides[1::2], strict=True))

    def part(self, part_id: str) -> Part:
        """The part of that id. Raises KeyError where there is none."""
        for part in self.parts:
            if part.id == part_id:
                return part
        raise KeyError(part_id)

    @property
    def dividers(self) -> tuple[Part, ...]:
        """The coloured dividers, in order."""
        return tuple(part for part in self.parts if part.kind == "divider")

    def sides_of(self, part: Part) -> tuple[Side, ...]:
        """A part's own sides."""
        return self.sides[part.first_side - 1 : part.last_side]


@dataclass(frozen=True, slots=True)
class _Face:
    """What is drawn on one side of a run, before it is known which side that is.

    `inked` says of a page of our own that it is printed in colour.
    """

    pdf: str
    page: int
    shows: Page | None = None
    inked: bool = False


@dataclass(frozen=True, slots=True)
class _UnplacedPart:
    """A part before it is known where it comes to lie."""

    id: str
    kind: Kind
    title: str
    faces: tuple[_Face, ...]
    section: Section | None = None
    document: Document | None = None


def plan_binding(
    sections: Sequence[Section],
    binding: Binding,
    contents_pages: int = 1,
    edition: Edition = WHOLE,
) -> BindingPlan:
    """Lay out cover, contents and sections on A4 duplex, by the policy `binding`.

    Every part starts on a recto, a divider's verso is blank and the count of sides is even; so
    `contents_pages` moves where the numbers begin but changes no number.
    """
    runs = tuple(_runs(sections, contents_pages, edition.divider_colour))
    sheets = sum((len(run.faces) + 1) // 2 for run in runs)
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
        last = first + len(run.faces) - 1
        parts.append(
            Part(run.id, run.kind, run.title, first, last, number, run.section, run.document)
        )
        for offset, face in enumerate(run.faces):
            frame = frames[(first + offset + 1) % 2]
            sides.append(_side(run, face, first + offset, number and number + offset, frame))
        if len(sides) % 2:
            sides.append(Side(last + 1, "blank", number=number and number + len(run.faces)))
    return BindingPlan(tuple(sides), tuple(parts), edition, gutter)


def front_sheets(plan: BindingPlan) -> int:
    """Sheets of cover and contents."""
    return plan.dividers[0].first_side // 2 if plan.dividers else plan.sheets


def _runs(
    sections: Sequence[Section], contents_pages: int, divider_colour: DividerColour
) -> Iterator[_UnplacedPart]:
    yield _UnplacedPart(COVER, "cover", "封面", (_Face(COVER, 0),))
    contents = tuple(_Face(CONTENTS, page) for page in range(contents_pages))
    yield _UnplacedPart(CONTENTS, "contents", "目录", contents)
    for index, section in enumerate(sections):
        divider = section.material
        face = _Face(DIVIDERS, index, inked=divider_colour == "ink")
        yield _UnplacedPart(divider.id, "divider", section.title, (face,), section)
        for ordinal, document in enumerate(section.documents, start=section.first):
            part_id = f"{divider.id}-{ordinal}"
            faces = tuple(_Face(document.pdf, page.index, page) for page in document.pages)
            yield _UnplacedPart(part_id, document.kind, document.heading, faces, section, document)


def _side(run: _UnplacedPart, face: _Face, side: int, number: int | None, frame: Frame) -> Side:
    source = run.document.source if run.document else None
    return Side(
        side,
        run.kind,
        run.id,
        number,
        numbered=run.document is not None,
        pdf=face.pdf,
        page=face.page,
        placement=_placement(run.kind, face.shows, frame),
        source=source,
        source_page=_given(face) if source else None,
        source_part=face.shows.part if face.shows else None,
        coloured=face.inked or (face.shows is not None and face.shows.coloured),
    )


def _given(face: _Face) -> int:
    """The number of the page in the user's file."""
    return (face.shows and face.shows.given) or face.page + 1


def _placement(kind: Kind, page: Page | None, frame: Frame) -> Placement | None:
    """Attachments give way to binding and number; our own pages leave room for both."""
    if page is None:
        return None
    if kind == "attachment":
        return place_free(page.width, page.height, page.rotate, page.ink, frame)
    return place(page.width, page.height, page.rotate)


def side_frame(face: Face, binding: Binding, gutter: float) -> Frame:
    """What a page must leave free on a recto or verso; `gutter` in points."""
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
