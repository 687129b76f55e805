"""Derives contents rows, outline, page labels and manifest entries from a plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sjs_forms.base import manifest
from sjs_forms.domain.placement import A4_HEIGHT
from sjs_forms.domain.source_facts import Bookmark
from sjs_forms.volume.binding_plan import (
    CONTENTS,
    COVER,
    BindingPlan,
    Edition,
    Kind,
    Part,
    Section,
    Side,
)

CHINESE_NUMERALS = "一二三四五六七八九十"
AWAITED = "待盖章扫描件"
"""Shown beside a generated form whose stamped scan is missing; never on the form itself."""
GOES_ON = "续下册"
"""Shown beside a document that continues in the next volume."""


def chinese_number(number: int) -> str:
    """Return 1 to 99 as Chinese numerals: 一, 十二, 二十."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else CHINESE_NUMERALS[tens - 1] + "十"
    return head + (CHINESE_NUMERALS[ones - 1] if ones else "")


def chinese_digits(number: int) -> str:
    """Return a number as Chinese digits: 2025 as 二〇二五."""
    return str(number).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


@dataclass(frozen=True, slots=True)
class ContentsRow:
    """One line of the contents page. `level` is 0 for a material, 1 for a document.

    `mark` says that a stamped scan is awaited.
    """

    part: str
    level: int
    ordinal: str
    title: str
    number: int
    mark: str = ""


def contents_rows(plan: BindingPlan) -> tuple[ContentsRow, ...]:
    """Return the rows of the contents page, in order."""
    return tuple(_contents_rows(plan))


def _contents_rows(plan: BindingPlan) -> Iterator[ContentsRow]:
    ordinal = 0
    for part in plan.parts:
        if part.section is None or part.number is None:
            continue
        if part.kind == "divider":
            ordinal, level = part.section.first, 0
            shown = chinese_number(part.section.number)
        else:
            level, shown = 1, f"{part.section.number}.{ordinal}"
            ordinal += 1
        yield ContentsRow(part.id, level, shown, part.title, part.number, _mark(part))


def _mark(part: Part) -> str:
    """Return the mark of a part: its scan is awaited, or it continues in the next volume."""
    goes_on = part.document is not None and part.document.goes_on
    marks = (AWAITED if part.awaits_stamp else "", GOES_ON if goes_on else "")
    return "，".join(filter(None, marks))


@dataclass(frozen=True, slots=True)
class VolumeRow:
    """A volume among several: its materials (number, title, documents) and its page numbers.

    `here` is true for the volume that shows the row.
    """

    ordinal: str
    here: bool
    materials: tuple[str, ...]
    first: int
    last: int


def volume_rows(plans: Sequence[BindingPlan], here: BindingPlan) -> tuple[VolumeRow, ...]:
    """Return what each volume holds, or nothing if there is only one."""
    if len(plans) < 2:
        return ()
    return tuple(
        VolumeRow(
            plan.edition.ordinal,
            plan.edition.ordinal == here.edition.ordinal,
            tuple(_contents_of(part.section) for part in plan.dividers if part.section),
            plan.edition.numbers_before + 1,
            plan.sides[-1].number or 0,
        )
        for plan in plans
    )


def _contents_of(section: Section) -> str:
    """Return a material, with its documents if not all are in: 五、财务材料（5.2续—5.4）."""
    title = f"{chinese_number(section.number)}、{section.material.short}"
    if not (section.continued or section.goes_on):
        return title
    ends = dict.fromkeys((0, len(section.documents) - 1))
    return f"{title}（{'—'.join(_cut_number(section, at) for at in ends)}）"


def _cut_number(section: Section, at: int) -> str:
    """Return a document's number, with a mark if part of it is in another volume."""
    document = section.documents[at]
    marks = ("续" if document.continued else "", "未完" if document.goes_on else "")
    return f"{section.number}.{section.first + at}{'，'.join(filter(None, marks))}"


def volume_title(edition: Edition) -> str:
    """Return the cover's title of one of several volumes: 第二册　共三册."""
    if not edition.ordinal:
        return ""
    return f"{edition.ordinal}　共{chinese_number(edition.volumes)}册"


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """One bookmark of the volume. `top` is in points on the A4 side, None for its head."""

    title: str
    side: int
    top: float | None = None
    children: tuple["OutlineItem", ...] = ()


def outline(plan: BindingPlan) -> tuple[OutlineItem, ...]:
    """Return the bookmarks: 封面, 目录, materials, below them documents with their own
    bookmarks.
    """
    items: list[OutlineItem] = []
    for part in plan.parts:
        if part.document is not None:
            continue
        children = tuple(
            OutlineItem(other.title, other.first_side, None, _own_bookmarks(plan, other))
            for other in plan.parts
            if other.document is not None and other.section is part.section
        )
        numeral = f"{chinese_number(part.section.number)}、" if part.section else ""
        items.append(OutlineItem(numeral + part.title, part.first_side, None, children))
    return tuple(items)


def marked(part: Part) -> str:
    """Return a part's title, with its mark if its scan is awaited."""
    return f"{part.title}（{AWAITED}）" if part.awaits_stamp else part.title


def _own_bookmarks(plan: BindingPlan, part: Part) -> tuple[OutlineItem, ...]:
    assert part.document is not None
    return _re_aim(part.document.bookmarks, side_of_page(plan, part), plan)


def side_of_page(plan: BindingPlan, part: Part) -> dict[int, int]:
    """Map each page index of a part's PDF to the first side that shows it."""
    found: dict[int, int] = {}
    for side in plan.sides_of(part):
        found.setdefault(side.page, side.side)
    return found


def _re_aim(
    bookmarks: tuple[Bookmark, ...], sides: dict[int, int], plan: BindingPlan
) -> tuple[OutlineItem, ...]:
    """Return bookmarks aimed at sides. One whose page was left out is replaced by its children."""
    items: list[OutlineItem] = []
    for bookmark in bookmarks:
        children = _re_aim(bookmark.children, sides, plan)
        side = sides.get(bookmark.page)
        if side is None:
            items.extend(children)
        else:
            top = height_on_side(plan, side, bookmark.top)
            items.append(OutlineItem(bookmark.title, side, top, children))
    return tuple(items)


def height_on_side(plan: BindingPlan, side: int, top: float | None) -> float | None:
    """Convert a height on the source's page to points on the A4 side.

    Returns None (show from the head) for a page that was turned, where no such height exists.
    """
    placement = plan.sides[side - 1].placement
    if top is None or placement is None or placement.turn:
        return None
    return min(max(placement.apply(0, top)[1], 0.0), A4_HEIGHT)


@dataclass(frozen=True, slots=True)
class LabelRange:
    """PDF page labels from one side on: a prefix, and a number that counts from `start`."""

    side: int
    prefix: str
    start: int | None


def page_labels(plan: BindingPlan) -> tuple[LabelRange, ...]:
    """Return the page labels: 封面, 目录-1 …, then continuous numbers from the first divider on."""
    ranges = []
    for part in plan.parts:
        if part.id == COVER:
            ranges.append(LabelRange(part.first_side, part.title, None))
            ranges.append(LabelRange(part.first_side + 1, f"{part.title}背面", None))
        elif part.id == CONTENTS:
            ranges.append(LabelRange(part.first_side, f"{part.title}-", 1))
        elif part.number is not None:
            ranges.append(LabelRange(part.first_side, "", part.number))
            break
    return tuple(ranges)


KINDS: dict[Kind, str] = {
    "cover": "封面",
    "contents": "目录",
    "divider": "彩页",
    "form": "表格",
    "attachment": "附件",
    "placeholder": "待补充",
    "blank": "空白",
}


def side_title(plan: BindingPlan, side: Side) -> str:
    """Describe a side for a person who handles the sheets: kind, title and page of the source."""
    if side.part is None or side.kind in ("cover", "contents"):
        return KINDS[side.kind]
    part = f"之 {side.source_part}" if side.source_part else ""
    page = f"（原第 {side.source_page} 页{part}）" if side.source_page else ""
    return f"{KINDS[side.kind]} {marked(plan.part(side.part))}{page}"


def manifest_parts(plan: BindingPlan) -> tuple[manifest.PartEntry, ...]:
    """Return the parts as manifest.json lists them."""
    return tuple(
        manifest.PartEntry(
            id=part.id,
            material=part.material,
            title=part.title,
            first_side=part.first_side,
            last_side=part.last_side,
            label=None if part.number is None else str(part.number),
            awaits_stamp=part.awaits_stamp,
        ).saying(
            continued=whole is not None and whole.continued,
            goes_on=whole is not None and whole.goes_on,
        )
        for part in plan.parts
        for whole in (part.document or part.section,)
    )


def manifest_sides(
    plan: BindingPlan, digests: Sequence[str] = ()
) -> tuple[manifest.SideEntry, ...]:
    """Return the sides as manifest.json and `plan --json` list them, with digests if drawn."""
    known = digests or [""] * len(plan.sides)
    return tuple(
        manifest.SideEntry(
            side=side.side,
            sheet=side.sheet,
            face=side.face,
            kind=side.kind,
            label=side.label,
            coloured=side.coloured,
            part=side.part,
            source=side.source,
            source_page=side.source_page,
        ).saying(source_part=side.source_part, sha256=sha256)
        for side, sha256 in zip(plan.sides, known, strict=True)
    )


def coloured_sheets(plan: BindingPlan) -> list[int]:
    """Return the sheets of the dividers, whether coloured by ink or by paper."""
    return [plan.sides[part.first_side - 1].sheet for part in plan.dividers]
