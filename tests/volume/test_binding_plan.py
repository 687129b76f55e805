"""The plan: every side of paper, whatever documents there are."""

from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH
from sjs_forms.domain.source_facts import Bookmark, Ink
from sjs_forms.volume.binding_plan import (
    BindingPlan,
    Document,
    Edition,
    Page,
    Section,
    plan_binding,
)
from sjs_forms.volume.divider_tabs import divider_pages, tab_steps
from sjs_forms.volume.plan_views import (
    OutlineItem,
    coloured_sheets,
    contents_rows,
    manifest_parts,
    manifest_sides,
    outline,
    page_labels,
)

PROGRAMME = load_programme(installed_programmes()[0])

sizes = st.floats(1, 5000)
pages = st.builds(Page, st.integers(0, 500), sizes, sizes, st.sampled_from([0, 90, 180, 270]))
leaves = st.builds(Bookmark, st.just("节"), st.integers(0, 600), st.none() | st.floats(0, 5000))
bookmarks = st.builds(
    Bookmark, st.just("章"), st.integers(0, 600), st.none(), st.lists(leaves, max_size=2).map(tuple)
)
documents = st.builds(
    Document,
    st.sampled_from(["合同", "发票"]),
    st.sampled_from(["form", "attachment", "placeholder"]),
    st.sampled_from(["a", "b"]),
    st.lists(pages, min_size=1, max_size=4).map(tuple),
    st.none() | st.just("附件.pdf"),
    st.lists(bookmarks, max_size=2).map(tuple),
)


@st.composite
def section_lists(draw: st.DrawFn) -> tuple[Section, ...]:
    """Some of the notice's materials, in its order, each with documents."""
    materials = PROGRAMME.materials
    numbers = draw(st.sets(st.integers(1, len(materials)), max_size=4))
    return tuple(
        Section(materials[n - 1], n, draw(st.lists(documents, min_size=1, max_size=3).map(tuple)))
        for n in sorted(numbers)
    )


plans = st.builds(
    plan_binding,
    section_lists(),
    st.just(PROGRAMME.binding),
    st.integers(1, 4),
    st.builds(Edition, st.booleans()),
)


def _all_items(items: tuple[OutlineItem, ...]) -> list[OutlineItem]:
    return [found for item in items for found in (item, *_all_items(item.children))]


@given(plans)
def test_sides_are_numbered_without_gap_and_even_in_count(plan: BindingPlan) -> None:
    assert [side.side for side in plan.sides] == list(range(1, len(plan.sides) + 1))
    assert len(plan.sides) % 2 == 0
    assert plan.sheets * 2 == len(plan.sides)


@given(plans)
def test_every_part_starts_on_a_recto(plan: BindingPlan) -> None:
    assert all(plan.sides[part.first_side - 1].face == "recto" for part in plan.parts)


@given(plans)
def test_the_verso_of_cover_and_dividers_is_blank(plan: BindingPlan) -> None:
    for part in plan.parts:
        if part.kind in ("cover", "divider"):
            assert part.first_side == part.last_side
            assert plan.sides[part.last_side].kind == "blank"


@given(section_lists(), st.integers(1, 4))
def test_pages_in_are_pages_out_in_their_order(
    sections: tuple[Section, ...], contents_pages: int
) -> None:
    plan = plan_binding(sections, PROGRAMME.binding, contents_pages)
    given_pages = [
        (document.pdf, page.index)
        for section in sections
        for document in section.documents
        for page in document.pages
    ]
    drawn = [
        (side.pdf, side.page)
        for side in plan.sides
        if side.kind in ("form", "attachment", "placeholder")
    ]
    assert drawn == given_pages


@given(plans)
def test_blanks_only_fill_up_a_sheet(plan: BindingPlan) -> None:
    for side in plan.sides:
        if side.kind == "blank":
            assert side.face == "verso"
            assert side.pdf is None
            assert side.label is None


@given(plans)
def test_numbers_run_from_the_first_divider_counting_every_side(plan: BindingPlan) -> None:
    numbers = [side.number for side in plan.sides]
    start = next((i for i, side in enumerate(plan.sides) if side.kind == "divider"), len(numbers))
    assert numbers[:start] == [None] * start
    assert numbers[start:] == list(range(1, len(numbers) - start + 1))


@given(plans)
def test_numbers_are_printed_on_documents_and_nowhere_else(plan: BindingPlan) -> None:
    for side in plan.sides:
        printed = side.kind in ("form", "attachment", "placeholder")
        assert side.label == (str(side.number) if printed else None)


@given(section_lists(), st.integers(1, 9), st.integers(1, 9))
def test_the_length_of_the_contents_changes_no_number(
    sections: tuple[Section, ...], one: int, other: int
) -> None:
    rows = contents_rows(plan_binding(sections, PROGRAMME.binding, one))
    assert rows == contents_rows(plan_binding(sections, PROGRAMME.binding, other))


@given(plans)
def test_contents_outline_manifest_and_side_say_the_same_number(plan: BindingPlan) -> None:
    rows = {row.part: row for row in contents_rows(plan)}
    items = [item for top in outline(plan) for item in (top, *top.children)]
    parts = {part.id: part for part in manifest_parts(plan)}
    assert len(items) == len(plan.parts) == len(parts)
    for part, item in zip(plan.parts, items, strict=True):
        assert item.side == part.first_side == parts[part.id].first_side
        assert item.title.endswith(part.title)
        number = plan.sides[part.first_side - 1].number
        assert parts[part.id].label == (None if number is None else str(number))
        if number is None:
            assert part.id not in rows
        else:
            assert (rows[part.id].number, rows[part.id].title) == (number, part.title)


@given(plans)
def test_page_labels_give_each_numbered_side_its_printed_number(plan: BindingPlan) -> None:
    ranges = page_labels(plan)
    assert ranges[0].side == 1
    assert [r.side for r in ranges] == sorted({r.side for r in ranges})
    for side in plan.sides:
        label = [r for r in ranges if r.side <= side.side][-1]
        if side.number is None:
            assert label.prefix
        else:
            assert label.prefix == ""
            assert label.start is not None
            assert label.start + side.side - label.side == side.number


@given(plans)
def test_no_bookmark_points_outside_its_own_document(plan: BindingPlan) -> None:
    for top in outline(plan):
        for item in top.children:
            part = next(p for p in plan.parts if p.first_side == item.side and p.document)
            for inner in _all_items(item.children):
                assert part.first_side <= inner.side <= part.last_side
                assert inner.top is None or 0 <= inner.top <= A4_HEIGHT


@given(plans)
def test_every_page_lies_within_its_side_and_is_never_enlarged(plan: BindingPlan) -> None:
    for part in plan.parts:
        if part.document is None:
            continue
        for side, page in zip(plan.sides_of(part), part.document.pages, strict=True):
            placement = side.placement
            assert placement is not None
            assert 0 < placement.scale <= 1
            for x in (0, page.width):
                for y in (0, page.height):
                    along, up = placement.apply(x, y)
                    assert -1.01 <= along <= A4_WIDTH + 1.01
                    assert -1.01 <= up <= A4_HEIGHT + 1.01


@given(plans)
def test_coloured_sheets_are_those_of_the_dividers_and_stand_apart(plan: BindingPlan) -> None:
    sheets = coloured_sheets(plan)
    assert sheets == [side.sheet for side in plan.sides if side.kind == "divider"]
    assert len(set(sheets)) == len(sheets)
    for side in plan.sides:
        assert (side.sheet in sheets) == (
            side.kind == "divider" or plan.sides[side.side - 2].kind == "divider"
        ) or side.face == "recto"


@given(plans)
def test_tabs_never_overlap_and_never_leave_the_page(plan: BindingPlan) -> None:
    below = 0.0
    for page in divider_pages(plan, PROGRAMME.binding):
        assert page.tab_top >= below
        assert page.tab_height > 0
        below = page.tab_top + page.tab_height
        assert below <= 297


@given(st.integers(1, 40))
def test_tabs_of_any_number_of_materials_fit_the_page(steps: int) -> None:
    pitch, height = tab_steps(PROGRAMME.binding, steps)
    assert 0 < height <= pitch
    assert PROGRAMME.binding.tab_top_mm + (steps - 1) * pitch + height <= 297


@given(plans)
def test_the_manifest_lists_every_side_once(plan: BindingPlan) -> None:
    sides = manifest_sides(plan)
    assert [side.side for side in sides] == [side.side for side in plan.sides]
    known = {part.id for part in plan.parts}
    assert {side.part for side in sides} - {None} == known


def test_a_bookmark_of_a_page_left_out_gives_way_to_its_children() -> None:
    inner = Bookmark("第二章", 1, 700.0)
    outer = Bookmark("第一章", 0, None, (inner,))
    document = Document(
        "报告",
        "attachment",
        "a",
        (Page(1, A4_WIDTH, A4_HEIGHT, ink=Ink(5.67, 105, ())),),
        "r.pdf",
        (outer,),
    )
    plan = plan_binding([Section(PROGRAMME.materials[4], 5, (document,))], PROGRAMME.binding)
    (child,) = outline(plan)[2].children
    assert [(item.title, item.side, item.top) for item in child.children] == [("第二章", 7, 700.0)]


@given(section_lists(), st.integers(1, 3))
def test_dividers_on_coloured_paper_need_no_colour_and_move_nothing(
    sections: tuple[Section, ...], contents_pages: int
) -> None:
    ink = plan_binding(sections, PROGRAMME.binding, contents_pages)
    paper = plan_binding(
        sections, PROGRAMME.binding, contents_pages, Edition(divider_colour="paper")
    )
    assert all(side.coloured for side in ink.sides if side.kind == "divider")
    assert not any(side.coloured for side in paper.sides if side.kind == "divider")
    assert coloured_sheets(paper) == coloured_sheets(ink)
    assert paper.parts == ink.parts
    tabs = [(page.tab_top, page.tab_height) for page in divider_pages(ink, PROGRAMME.binding)]
    for page, tab in zip(divider_pages(paper, PROGRAMME.binding), tabs, strict=True):
        assert (page.colour, page.ink) == ("transparent", "#000000")
        assert (page.tab_top, page.tab_height) == tab
