"""Coloured sheets apart: which sheet is in which file, and what each file says of itself."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.print_rules import DividerColour
from sjs_forms.printing.colour_runs import merging_list, print_runs
from sjs_forms.printing.sheet_bookmarks import excerpt
from sjs_forms.volume.binding_plan import BindingPlan, Edition, plan_binding
from sjs_forms.volume.plan_views import LabelRange, OutlineItem, outline, page_labels
from tests.volume.test_binding_plan import PROGRAMME, section_lists


@st.composite
def coloured_plans(draw: st.DrawFn) -> BindingPlan:
    """Plans in which any side may need colour, with dividers of either kind."""
    colour: DividerColour = draw(st.sampled_from(["ink", "paper"]))
    plan = plan_binding(
        draw(section_lists()),
        PROGRAMME.binding,
        draw(st.integers(1, 3)),
        Edition(divider_colour=colour),
    )
    needs = draw(st.lists(st.booleans(), min_size=len(plan.sides), max_size=len(plan.sides)))
    sides = tuple(
        replace(side, coloured=side.coloured or (need and side.kind in ("attachment", "form")))
        for side, need in zip(plan.sides, needs, strict=True)
    )
    return replace(plan, sides=sides)


def labelled(ranges: tuple[LabelRange, ...], pages: int) -> list[str]:
    """The label of each page, as a viewer works it out (12.4.2)."""
    found: list[str] = []
    for page in range(1, pages + 1):
        (known,) = [r for r in ranges if r.side <= page][-1:]
        number = "" if known.start is None else str(known.start + page - known.side)
        found.append(known.prefix + number)
    return found


def aims(items: tuple[OutlineItem, ...]) -> list[tuple[str, int]]:
    return [aim for item in items for aim in ((item.title, item.side), *aims(item.children))]


@given(coloured_plans())
def test_every_sheet_is_in_exactly_one_run_in_order(plan: BindingPlan) -> None:
    runs = print_runs(plan)
    sheets = [sheet for run in runs for sheet in run.sheets]
    assert sorted(sheets) == list(range(1, plan.sheets + 1))
    assert all(list(run.sheets) == sorted(run.sheets) and run.sheets for run in runs)
    assert len({run.file for run in runs}) == len(runs)


@given(coloured_plans())
def test_a_sheet_goes_with_the_more_demanding_of_its_sides(plan: BindingPlan) -> None:
    run_of = {sheet: run.run for run in print_runs(plan) for sheet in run.sheets}
    for faces in plan.faces:
        run = run_of[faces[0].sheet]
        assert (run == "colour") == any(side.coloured for side in faces)
        if run == "stock":
            assert plan.divider_colour == "paper"
            assert faces[0].kind == "divider"
        if faces[0].kind == "divider":
            assert run == ("colour" if plan.divider_colour == "ink" else "stock")


@given(coloured_plans())
def test_the_merging_list_leads_from_every_sheet_to_its_two_pages(plan: BindingPlan) -> None:
    runs = print_runs(plan)
    pages = {run.file: excerpt(plan, run.sheets).sides for run in runs}
    rows = merging_list(plan, runs)[1:]
    assert [int(row[0]) for row in rows] == list(range(1, plan.sheets + 1))
    for sheet, file, first, last, *_ in rows:
        sides = pages[file][int(first) - 1 : int(last)]
        assert sides == (2 * int(sheet) - 1, 2 * int(sheet))


@given(coloured_plans(), st.data())
def test_an_excerpt_keeps_labels_and_aims_at_nothing_that_is_not_there(
    plan: BindingPlan, data: st.DataObject
) -> None:
    sheets = data.draw(st.sets(st.integers(1, plan.sheets), min_size=1))
    part = excerpt(plan, sheets)
    assert part.sides == tuple(side.side for side in plan.sides if side.sheet in sheets)
    whole = labelled(page_labels(plan), len(plan.sides))
    assert labelled(part.labels, len(part.sides)) == [whole[side - 1] for side in part.sides]
    assert [(title, part.sides[page - 1]) for title, page in aims(part.outline)] == [
        (title, side) for title, side in aims(outline(plan)) if side in part.sides
    ]


@given(coloured_plans())
def test_all_sheets_excerpted_are_the_volume(plan: BindingPlan) -> None:
    whole = excerpt(plan, range(1, plan.sheets + 1))
    assert whole.sides == tuple(side.side for side in plan.sides)
    assert whole.outline == outline(plan)
