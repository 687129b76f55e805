"""The print job as data: what the shop, the binder and the keeper of the seal are told."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding import error, warning
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace, MaterialPlace
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH, MM
from sjs_forms.domain.programme import SealRule
from sjs_forms.domain.source_facts import Ink, SealLook
from sjs_forms.printing.print_job import (
    PrintJob,
    chosen_stock,
    print_data,
    print_job,
    seal_places,
    sheet_ranges,
    thickness,
)
from sjs_forms.printing.wrap_and_job_sheet_context import (
    DENSITIES,
    SLUG,
    job_sheet_context,
    wrap_context,
    wrap_marks,
)
from sjs_forms.typesetting.html_pages import html_of
from sjs_forms.volume.binding_plan import BindingPlan, Document, Page, Section, plan_binding
from tests.samples import Application, minimal_answers, placed
from tests.volume.test_binding_plan import plans, section_lists

PROGRAMME = load_programme(installed_programmes()[0])
APPLICATION = Application.model_validate(minimal_answers())
SHEETS_OF_PAPER = st.sampled_from(PROGRAMME.print.stocks)


def _document(title: str, kind: Any = "attachment", pages: int = 1, coloured: bool = False) -> Any:
    leaves = tuple(Page(n, A4_WIDTH, A4_HEIGHT, coloured=coloured) for n in range(pages))
    return Document(title, kind, "a", leaves, "x.pdf" if kind == "attachment" else None)


def _plan(*sections: tuple[str, Document | list[Document]]) -> BindingPlan:
    """A plan of some materials with their documents."""
    return plan_binding(
        [
            Section(
                PROGRAMME.material(name),
                PROGRAMME.number_of(PROGRAMME.material(name)),
                tuple(documents) if isinstance(documents, list) else (documents,),
            )
            for name, documents in sections
        ],
        PROGRAMME.binding,
    )


def _job(plan: BindingPlan, *findings: Any, **others: Any) -> PrintJob:
    return print_job(PROGRAMME, APPLICATION, plan, findings, **others)


@given(plans)
def test_every_sheet_stands_once_in_the_ranges(plan: BindingPlan) -> None:
    ranges = sheet_ranges(plan)
    listed = [sheet for run in ranges for sheet in range(run.first, run.last + 1)]
    assert listed == list(range(1, plan.sheets + 1))
    assert sum(run.sheets for run in ranges) == plan.sheets
    assert all(one.coloured != other.coloured for one, other in pairwise(ranges))


@given(section_lists(), st.data())
def test_a_sheet_is_coloured_if_either_of_its_sides_is(
    sections: tuple[Section, ...], data: st.DataObject
) -> None:
    plan = plan_binding(sections, PROGRAMME.binding)
    for run in sheet_ranges(plan):
        for sheet in range(run.first, run.last + 1):
            sides = plan.sides[2 * sheet - 2 : 2 * sheet]
            assert any(side.coloured for side in sides) == run.coloured
    coloured = {sheet.sheet for sheet in _job(plan).coloured}
    assert coloured <= {n for run in sheet_ranges(plan) if run.coloured for n in _span(run)}


def _span(run: Any) -> range:
    return range(run.first, run.last + 1)


@given(plans)
def test_every_divider_stands_once_with_its_material_and_colour(plan: BindingPlan) -> None:
    listed = _job(plan).coloured
    assert [sheet.side for sheet in listed] == [part.first_side for part in plan.dividers]
    for sheet in listed:
        material = PROGRAMME.material(sheet.material)
        assert plan.sides[sheet.side - 1].sheet == sheet.sheet
        assert (sheet.colour, sheet.colour_name) == (material.colour, material.colour_name)


@given(plans)
def test_a_place_for_the_seal_names_the_side_sheet_and_number_of_the_plan(
    plan: BindingPlan,
) -> None:
    for place in seal_places(PROGRAMME.seals, plan):
        if place.side is None:
            assert (place.sheet, place.last_sheet) == (1, plan.sheets)
        else:
            side = plan.sides[place.side - 1]
            assert (place.sheet, place.last_sheet) == (side.sheet, side.sheet)
            assert place.label == side.label
            assert side.kind != "blank"


def test_the_seal_goes_on_cover_form_opinion_accounts_commitment_and_fore_edge() -> None:
    plan = _plan(
        ("application-form", _document("申报书", "form", 6)),
        ("bank-account", [_document("甲户", pages=2), _document("乙户")]),
        ("commitment", _document("承诺书", "placeholder")),
    )
    places = [(p.side, p.label, p.state) for p in seal_places(PROGRAMME.seals, plan)]
    assert places == [
        (1, None, "to-seal"),
        (7, "3", "to-seal"),
        (12, "8", "to-seal"),
        (15, "11", "check"),
        (17, "13", "check"),
        (21, "17", "missing"),
        (None, None, "to-seal"),
    ]


def test_where_the_stamped_scan_stands_in_its_places_are_still_listed() -> None:
    scan = [_document("申报书封面"), _document("申报书正文", pages=3)]
    plan = _plan(("application-form", scan))
    rules = [rule for rule in PROGRAMME.seals if rule.material == "application-form"]
    first, last = seal_places(rules, plan)
    assert (first.side, last.side) == (7, 11)
    assert {first.state, last.state} == {"check"}


def test_a_place_says_what_is_seen_of_its_seal_and_a_document_where_it_is() -> None:
    looks: list[SealLook] = ["red", "none", "grey"]
    pages = tuple(
        Page(n, 595, 842, ink=Ink(5.0, 4, (1,)), seal=look) for n, look in enumerate(looks)
    )
    plan = _plan(("application-form", replace(_document("申报书"), pages=pages)))
    rules = [rule for rule in PROGRAMME.seals if rule.material == "application-form"]
    assert [(p.side, p.state) for p in seal_places(rules, plan)] == [(7, "check"), (9, "grey")]
    accounts = _plan(("bank-account", replace(_document("账户"), pages=pages[::-1])))
    rules = [rule for rule in PROGRAMME.seals if rule.material == "bank-account"]
    assert [(p.side, p.state) for p in seal_places(rules, accounts)] == [(9, "check")]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ((), "材料已齐"),
        ((("area-over-limit", "platform.rd_office_area_sqm"),), "材料已齐"),
        ((("attachment-unlisted", "attachments/散页.pdf"),), "提醒看过"),
        ((("attachment-low-resolution", "attachments[3]"),), "提醒看过"),
        ((("seal-not-seen", "attachments[3]"),), "待核对"),
        ((("stamped-answer-changed", "contact.phone"),), "待核对"),
    ],
)
def test_papers_are_called_complete_only_where_none_is_doubted(
    told: tuple[tuple[str, str], ...], said: str
) -> None:
    findings = [warning(code, placed(where), "", "有一处要看。", "请看。") for code, where in told]
    job = _job(_plan(), *findings)
    context = job_sheet_context(PROGRAMME, Application(), job, "0", DENSITIES[0])
    shown = html_of(PROGRAMME.templates, "pages/jobsheet.html", context)
    assert said in shown
    assert ("材料已齐" in shown) == (said == "材料已齐")


@pytest.mark.parametrize(("at", "material"), [("cover", "lease"), ("first", None)])
def test_a_rule_for_the_seal_says_where_exactly(at: Any, material: str | None) -> None:
    with pytest.raises(ValueError, match="盖章处"):
        SealRule(title="某处", at=at, material=material)


def test_what_is_still_missing_is_said_and_other_warnings_are_counted() -> None:
    findings = (
        warning("scan-awaited", MaterialPlace("application-form"), "", "还没有扫描件。", "请补。"),
        warning("area-over-limit", AnswerPlace(("platform",)), "", "面积超限。", "请核对。"),
        error("material-missing", MaterialPlace("lease"), "", "缺少合同。", "请补。"),
    )
    job = _job(_plan(), *findings)
    assert job.missing == ("还没有扫描件。", "缺少合同。")
    assert job.remarks == 1


@given(plans, SHEETS_OF_PAPER)
def test_paper_for_all_copies_is_that_of_one_times_the_copies(
    plan: BindingPlan, stock: Any
) -> None:
    job = _job(plan, stock=stock)
    assert (job.sheets, job.sides) == (plan.sheets, len(plan.sides))
    assert job.sheets_in_all == PROGRAMME.print.copies * plan.sheets
    assert job.wrap_width_mm == pytest.approx(420 + job.spine.width_mm)
    assert job.binding_margin_mm == pytest.approx(plan.gutter / MM, abs=0.05)


def test_thicker_paper_makes_a_thicker_spine() -> None:
    plan = _plan(("lease", _document("合同", pages=120)))
    by_caliper = sorted(PROGRAMME.print.stocks, key=lambda stock: stock.caliper_mm)
    widths = [_job(plan, stock=stock).spine.width_mm for stock in by_caliper]
    assert widths == sorted(set(widths))


def test_the_paper_is_the_notices_own_unless_another_is_asked_for() -> None:
    assert chosen_stock(PROGRAMME).id == PROGRAMME.print.stock
    for stock in PROGRAMME.print.stocks:
        assert chosen_stock(PROGRAMME, stock.id) is stock
    with pytest.raises(UsageFault) as unknown:
        chosen_stock(PROGRAMME, "900g")
    assert PROGRAMME.print.stocks[0].id in unknown.value.remedy


def test_a_volume_beyond_the_limit_is_warned_of_once_and_one_within_is_not() -> None:
    thin = _job(_plan(("lease", _document("合同", pages=10))))
    assert thickness(PROGRAMME, thin) == ()
    thick = _job(_plan(("lease", _document("合同", pages=500))))
    (found,) = thickness(PROGRAMME, thick)
    assert (found.code, found.severity) == ("spine-too-thick", "warning")
    assert thick.spine.width_mm > PROGRAMME.print.spine.limit_mm
    assert "--split" in found.remedy


@given(plans)
def test_the_manifest_says_the_same_as_data(plan: BindingPlan) -> None:
    job = _job(plan)
    data = print_data(job)
    assert data.sheets_per_copy == plan.sheets
    assert data.coloured_sheets == tuple(sheet.sheet for sheet in data.divider_sheets)
    assert data.dividers == plan.divider_colour
    assert data.spine_mm == job.spine.width_mm
    assert data.wrap_mm[0] == pytest.approx(2 * data.trim_mm[0] + data.spine_mm)
    assert [seal.place for seal in data.seals] == [place.title for place in job.seals]
    assert [run.first_sheet for run in data.ranges] == [run.first for run in job.ranges]


@given(plans, st.sampled_from(DENSITIES))
def test_no_list_of_the_job_sheet_is_longer_than_its_density_allows(
    plan: BindingPlan, density: Any
) -> None:
    findings = [warning("scan-awaited", WHOLE, "", f"缺{n}。", "请补。") for n in range(40)]
    job = _job(plan, *findings)
    context = job_sheet_context(PROGRAMME, APPLICATION, job, "0" * 64, density)
    for shown, more, whole in (
        ("dividers", "dividers_more", job.coloured),
        ("seals", "seals_more", job.seals),
        ("missing", "missing_more", job.missing),
    ):
        assert len(context[shown]) <= density.rows
        assert len(context[shown]) + context[more] == len(whole)
    assert sum(row["count"] for row in context["ranges"]) == plan.sheets


@given(plans)
def test_marks_stand_outside_the_bleed_and_on_the_sheet(plan: BindingPlan) -> None:
    job = _job(plan)
    media = wrap_context(PROGRAMME, APPLICATION, job)["media"]
    clear = SLUG - job.bleed_mm
    marks = wrap_marks(job)
    assert [mark["kind"] for mark in marks].count("crop") == 8
    assert len({mark["left"] for mark in marks if mark["kind"] == "fold"}) == 2
    for mark in marks:
        right, foot = mark["left"] + mark["width"], mark["top"] + mark["height"]
        assert 0 <= mark["left"] <= right <= media["width"]
        assert 0 <= mark["top"] <= foot <= media["height"]
        beside = right <= clear or mark["left"] >= media["width"] - clear
        above = foot <= clear or mark["top"] >= media["height"] - clear
        assert beside or above


@given(plans)
def test_fold_marks_stand_at_both_edges_of_the_spine(plan: BindingPlan) -> None:
    job = _job(plan)
    folds = sorted({m["left"] - SLUG for m in wrap_marks(job) if m["kind"] == "fold"})
    assert folds == pytest.approx([210, 210 + job.spine.width_mm])
