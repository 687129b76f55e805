"""The print job as data: everything needed to print, bind and seal the volume.

Derived from the plan; wrap, job sheet and manifest.json are filled from it. Pure. Lengths are in
millimetres; sides and sheets count from 1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.findings.finding_places import (
    WHOLE,
    AnswerPlace,
    FilePlace,
    MaterialPlace,
    Whole,
)
from sjs_forms.base.findings.remedies import ChooseStock, PlainAction
from sjs_forms.base.manifest import DividerSheet, PrintEntry, Seal, SheetRun, Stock
from sjs_forms.domain.answers.answer_values import role_of
from sjs_forms.domain.application import Application
from sjs_forms.domain.fields.line import printed_line
from sjs_forms.domain.folder.material_folders import ATTACHMENTS_FOLDER
from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH, MM
from sjs_forms.domain.print_rules import DividerColour, PaperStock
from sjs_forms.domain.programme import Programme, SealRule
from sjs_forms.domain.seal_rules import pages_to_seal
from sjs_forms.domain.source_facts import SealLook
from sjs_forms.printing.spine import Spine, make_spine, spine_width
from sjs_forms.volume.binding_plan import BindingPlan, Part
from sjs_forms.volume.plan_views import chinese_digits, coloured_sheets, volume_title

TRIM_WIDTH = round(A4_WIDTH / MM, 3)
TRIM_HEIGHT = round(A4_HEIGHT / MM, 3)
"""Height of the trimmed volume in millimetres."""

SealState = Literal["to-seal", "check", "not-seen", "grey", "missing"]


@dataclass(frozen=True, slots=True)
class ColouredSheet:
    """A divider: its sheet, its colour (CSS hex and common name), and the material that follows."""

    sheet: int
    side: int
    material: str
    title: str
    colour: str
    colour_name: str


@dataclass(frozen=True, slots=True)
class SheetRange:
    """A range of sheets that all need colour, or that all do not."""

    first: int
    last: int
    coloured: bool

    @property
    def sheets(self) -> int:
        """The number of sheets."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class SealPlace:
    """A place for the seal. `label` is the number printed on its side, or None.

    The fore-edge runs from `sheet` to `last_sheet` and has no side. States: `to-seal`, to be sealed
    in each copy; `check`, a stamped scan whose seal must be checked for legibility; `not-seen`, a
    scan in which no seal was found; `grey`, a grey copy, in which seals cannot be detected;
    `missing`, the document itself is missing. `awaits_stamp` marks a generated form that awaits its
    scan.
    """

    title: str
    side: int | None
    sheet: int
    last_sheet: int
    label: str | None
    state: SealState
    awaits_stamp: bool = False


@dataclass(frozen=True, slots=True)
class PrintJob:
    """The order for the print shop. Sides and `sheets` are those of one copy.

    `dividers` says whether their colour is printed or comes from the paper. `ordinal` is 第一册 if
    there are several volumes, `volume_title` 第一册 共三册. `missing` lists missing documents,
    `doubts` documents to check, `remarks` counts the other findings; `complete` means that there is
    nothing to report on any document.
    """

    copies: int
    sides: int
    sheets: int
    paper: str
    duplex: str
    binding: str
    stock: PaperStock
    cover: PaperStock
    glue_mm: float
    bleed_mm: float
    binding_margin_mm: float
    spine: Spine
    dividers: DividerColour
    coloured: tuple[ColouredSheet, ...]
    ranges: tuple[SheetRange, ...]
    seals: tuple[SealPlace, ...]
    missing: tuple[str, ...]
    doubts: tuple[str, ...]
    remarks: int
    complete: bool
    draft: bool
    ordinal: str = ""
    volume_title: str = ""

    @property
    def sheets_in_all(self) -> int:
        """Sheets of text paper for all copies."""
        return self.copies * self.sheets

    @property
    def wrap_width_mm(self) -> float:
        """Width of the wrap laid flat, in millimetres: back, spine and front."""
        return round(2 * TRIM_WIDTH + self.spine.width_mm, 2)


def chosen_stock(programme: Programme, stock_id: str | None = None) -> PaperStock:
    """Return the paper with this id, by default the notice's own. Raises UsageFault if unknown."""
    wanted = programme.print.stock if stock_id is None else stock_id
    for stock in programme.print.stocks:
        if stock.id == wanted:
            return stock
    known = tuple((stock.id, stock.title) for stock in programme.print.stocks)
    raise UsageFault(f"没有登记名为“{wanted}”的纸张。", ChooseStock(known))


def print_job(
    programme: Programme,
    application: Application,
    plan: BindingPlan,
    findings: Sequence[Finding] = (),
    stock: PaperStock | None = None,
) -> PrintJob:
    """Return the print job of a plan, on the notice's own paper unless another is given."""
    rules = programme.print
    stock = stock or chosen_stock(programme)
    applicant = printed_line(role_of(programme.fields, application, "applicant"))
    year = f"{spine_year(programme)}{plan.edition.ordinal}"
    width = spine_width(plan.sheets, stock, rules.cover, rules.spine)
    missing = tuple(found.message for found in findings if _is_missing(found))
    doubts = tuple(found.message for found in findings if found.has(Trait.DOUBT))
    return PrintJob(
        copies=rules.copies,
        sides=len(plan.sides),
        sheets=plan.sheets,
        paper=rules.paper,
        duplex=rules.duplex,
        binding=rules.binding,
        stock=stock,
        cover=rules.cover,
        glue_mm=rules.spine.glue_mm,
        bleed_mm=rules.bleed_mm,
        binding_margin_mm=round(plan.gutter / MM, 1),
        spine=make_spine(width, TRIM_HEIGHT, rules.spine, applicant, year),
        ordinal=plan.edition.ordinal,
        volume_title=volume_title(plan.edition),
        dividers=plan.divider_colour,
        coloured=tuple(_coloured(plan)),
        ranges=sheet_ranges(plan),
        seals=seal_places(programme.seals, plan),
        missing=missing,
        doubts=doubts,
        remarks=len(findings) - len(missing) - len(doubts),
        complete=not (missing or doubts or any(map(_is_about_a_document, findings))),
        draft=plan.draft,
    )


def spine_year(programme: Programme) -> str:
    """Return the year as printed on a spine: 二〇二五年."""
    return f"{chinese_digits(programme.year)}年"


def _is_missing(finding: Finding) -> bool:
    return finding.severity == "error" or finding.has(Trait.MISSING)


def _is_about_a_document(finding: Finding) -> bool:
    match finding.place:
        case AnswerPlace(steps):
            return steps[0] == ATTACHMENTS_FOLDER
        case FilePlace(path):
            return path.startswith(f"{ATTACHMENTS_FOLDER}/")
        case MaterialPlace():
            return True
        case Whole():
            return False


def thickness(programme: Programme, job: PrintJob) -> tuple[Finding, ...]:
    """Return a warning if the volume is too thick to be bound as one."""
    limit, width = programme.print.spine.limit_mm, job.spine.width_mm
    if width <= limit:
        return ()
    return (
        warning(
            "spine-too-thick",
            WHOLE,
            "附件",
            f"书脊厚 {width:.1f} 毫米（{job.sheets} 张 {job.stock.title}），"
            f"超过{job.binding} {limit:g} 毫米的限度，装成一册容易散页。",
            PlainAction.SPLIT_VOLUME,
        ),
    )


def sheet_ranges(plan: BindingPlan) -> tuple[SheetRange, ...]:
    """Return every sheet once, in order, grouped into ranges that need colour or do not."""
    coloured = {side.sheet for side in plan.sides if side.coloured}
    ranges = []
    for needs, run in groupby(range(1, plan.sheets + 1), coloured.__contains__):
        sheets = list(run)
        ranges.append(SheetRange(sheets[0], sheets[-1], needs))
    return tuple(ranges)


def _coloured(plan: BindingPlan) -> Iterator[ColouredSheet]:
    for part, sheet in zip(plan.dividers, coloured_sheets(plan), strict=True):
        assert part.section is not None
        material = part.section.material
        title = f"{part.section.number} {material.short}"
        yield ColouredSheet(
            sheet, part.first_side, material.id, title, material.colour, material.colour_name
        )


def seal_places(rules: Sequence[SealRule], plan: BindingPlan) -> tuple[SealPlace, ...]:
    """Return the places for the seal, in the rules' order; none for a material that is missing.

    The place on a stamped scan is listed too, because a seal must be there.
    """
    return tuple(place for rule in rules for place in _places(rule, plan))


def _places(rule: SealRule, plan: BindingPlan) -> Iterator[SealPlace]:
    if rule.at == "fore-edge":
        yield SealPlace(rule.title, None, 1, plan.sheets, None, "to-seal")
        return
    if rule.at == "cover":
        yield SealPlace(rule.title, 1, 1, 1, plan.sides[0].label, "to-seal")
        return
    parts = [part for part in plan.parts if part.material == rule.material and part.document]
    parts = _whole_in_this_volume(rule, parts)
    documents = [part.document.pages for part in parts if part.document]
    for at, page in pages_to_seal(rule, documents):
        part = parts[at]
        side = plan.sides[part.first_side + page - 1]
        title = f"{rule.title}：{part.title}" if rule.at == "each" else rule.title
        state = _state(part, documents[at][page].seal)
        yield SealPlace(
            title, side.side, side.sheet, side.sheet, side.label, state, part.awaits_stamp
        )


def _whole_in_this_volume(rule: SealRule, parts: list[Part]) -> list[Part]:
    """Return the parts that a rule applies to, except those sealed in another volume."""
    if rule.at == "first":
        return [] if any(part.section and part.section.continued for part in parts) else parts
    if rule.at == "last":
        return [] if any(part.section and part.section.goes_on for part in parts) else parts
    return [part for part in parts if part.document and not part.document.continued]


def _state(part: Part, look: SealLook) -> SealState:
    if part.kind != "attachment":
        return "missing" if part.kind == "placeholder" else "to-seal"
    looks: dict[SealLook, SealState] = {
        "none": "not-seen",
        "colourless": "not-seen",
        "grey": "grey",
    }
    return looks.get(look, "check")


def print_data(job: PrintJob) -> PrintEntry:
    """Return the job as manifest.json lists it under `print`."""
    text = job.spine.text
    return PrintEntry(
        copies=job.copies,
        sides_per_copy=job.sides,
        sheets_per_copy=job.sheets,
        sheets_in_all=job.sheets_in_all,
        coloured_sheets=tuple(sheet.sheet for sheet in job.coloured),
        paper=job.paper,
        stock=_stock_data(job.stock),
        cover=_stock_data(job.cover),
        duplex=job.duplex,
        binding=job.binding,
        binding_margin_mm=job.binding_margin_mm,
        trim_mm=(TRIM_WIDTH, TRIM_HEIGHT),
        bleed_mm=job.bleed_mm,
        wrap_mm=(job.wrap_width_mm, TRIM_HEIGHT),
        spine_mm=job.spine.width_mm,
        spine_text=tuple(run.text for run in text.runs) if text else (),
        spine_text_pt=text.size_pt if text else None,
        spine_note=job.spine.note,
        dividers=job.dividers,
        divider_sheets=tuple(
            DividerSheet(
                sheet=sheet.sheet,
                side=sheet.side,
                material=sheet.material,
                colour=sheet.colour,
                colour_name=sheet.colour_name,
            )
            for sheet in job.coloured
        ),
        ranges=tuple(
            SheetRun(first_sheet=run.first, last_sheet=run.last, coloured=run.coloured)
            for run in job.ranges
        ),
        seals=tuple(
            Seal(
                place=place.title,
                side=place.side,
                sheet=place.sheet,
                last_sheet=place.last_sheet,
                label=place.label,
                state=place.state,
                awaits_stamp=place.awaits_stamp,
            )
            for place in job.seals
        ),
        missing=(*job.missing, *job.doubts),
    )


def _stock_data(stock: PaperStock) -> Stock:
    return Stock(id=stock.id, title=stock.title, caliper_mm=stock.caliper_mm)
