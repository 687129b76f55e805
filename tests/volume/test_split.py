"""What is too thick is cut into as few volumes as will do, of like thickness; none is lost."""

from dataclasses import replace
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.source_facts import Bookmark
from sjs_forms.volume.binding_plan import (
    Document,
    Edition,
    Page,
    Section,
    front_sheets,
    plan_binding,
)
from sjs_forms.volume.plan_views import OutlineItem, outline
from sjs_forms.volume.split import FRONT_SHEETS, split_sections

PROGRAMME = load_programme(installed_programmes()[0])


def _document(pages: int, *chapters: int) -> Document:
    marks = tuple(Bookmark(f"第{page}页", page) for page in chapters)
    made = tuple(Page(n, 595, 842) for n in range(pages))
    return Document("件", "attachment", "a", made, "件.pdf", marks)


def _sections(*lists: list[Document]) -> tuple[Section, ...]:
    return tuple(
        Section(material, number, tuple(documents))
        for number, (material, documents) in enumerate(
            zip(PROGRAMME.materials, lists, strict=False), start=1
        )
    )


@st.composite
def section_lists(draw: st.DrawFn) -> tuple[Section, ...]:
    """The notice's materials, each with documents of one to ninety pages, some with bookmarks."""
    pages = st.integers(1, 90)
    documents = pages.flatmap(
        lambda count: st.sets(st.integers(0, count - 1), max_size=4).map(
            lambda chapters: _document(count, *sorted(chapters))
        )
    )
    lists = st.lists(documents, min_size=1, max_size=3)
    return _sections(*(draw(lists) for _ in range(draw(st.integers(1, 4)))))


limits = st.integers(5, 80)


def _sheets(volume: tuple[Section, ...]) -> int:
    return plan_binding(volume, PROGRAMME.binding).sheets


@given(section_lists(), limits)
def test_the_volumes_together_hold_every_page_once_in_order(
    sections: tuple[Section, ...], most: int
) -> None:
    def pages(volumes: tuple[tuple[Section, ...], ...]) -> list[tuple[str, int, Page]]:
        return [
            (section.material.id, section.first + at, page)
            for volume in volumes
            for section in volume
            for at, document in enumerate(section.documents)
            for page in document.pages
        ]

    volumes = split_sections(sections, most)
    assert pages(volumes) == pages((sections,))
    assert all(document.pages for v in volumes for s in v for document in s.documents)


@given(section_lists(), limits, st.lists(st.integers(2, 3), max_size=4))
def test_no_volume_is_thicker_than_asked(
    sections: tuple[Section, ...], most: int, fronts: list[int]
) -> None:
    for at, volume in enumerate(split_sections(sections, most, fronts)):
        plan = plan_binding(volume, PROGRAMME.binding)
        front = fronts[at] if at < len(fronts) else FRONT_SHEETS
        assert plan.sheets - front_sheets(plan) + front <= most


@given(section_lists(), limits)
def test_there_are_never_more_volumes_than_needed(sections: tuple[Section, ...], most: int) -> None:
    """Every volume but the last needs a cover, contents and at least one divider."""
    pages = sum(len(document.pages) for s in sections for document in s.documents)
    alone = _sheets(sections) - FRONT_SHEETS
    volumes = len(split_sections(sections, most))
    assert volumes >= ceil(alone / (most - FRONT_SHEETS))
    # A volume less could not hold all sheets even if no divider had to be brought again.
    assert (
        volumes == 1
        or (volumes - 1) * (most - FRONT_SHEETS) - (volumes - 2) < alone
        or (pages == 1)
    )


@given(section_lists(), st.integers(40, 80))
def test_volumes_are_alike_where_documents_may_be_cut(
    sections: tuple[Section, ...], most: int
) -> None:
    volumes = split_sections(sections, most)
    sheets = [_sheets(volume) for volume in volumes]
    assert max(sheets) - min(sheets) <= max(10, 0.35 * max(sheets))


@pytest.mark.parametrize("pages", [801, 1000, 1601])
def test_one_long_document_is_cut_into_equal_volumes(pages: int) -> None:
    volumes = split_sections(_sections([_document(pages)]), 180)
    sheets = [_sheets(volume) for volume in volumes]
    assert len(volumes) == ceil((pages + 1) // 2 / (180 - FRONT_SHEETS - 1))
    assert max(sheets) - min(sheets) <= 1


def test_a_long_document_is_cut_at_a_bookmark_near_by() -> None:
    volumes = split_sections(_sections([_document(600, 100, 290, 311, 500)]), 180)
    assert [len(volume[0].documents[0].pages) for volume in volumes] == [290, 310]
    even = split_sections(_sections([_document(600, 100, 500)]), 180)
    assert [len(volume[0].documents[0].pages) for volume in even] == [300, 300]


def test_documents_and_materials_are_left_whole_where_volumes_stay_alike() -> None:
    lists = [[_document(150)], [_document(140), _document(160)], [_document(150)]]
    volumes = split_sections(_sections(*lists), 180)
    assert [[len(s.documents) for s in volume] for volume in volumes] == [[1, 1], [1, 1]]
    assert all(
        not (document.continued or document.goes_on)
        for volume in volumes
        for section in volume
        for document in section.documents
    )


@given(section_lists(), limits)
def test_what_goes_on_says_so_on_both_sides_of_the_cut(
    sections: tuple[Section, ...], most: int
) -> None:
    volumes = split_sections(sections, most)
    seen: dict[str, Section] = {}
    for volume in volumes:
        for section in volume:
            before = seen.get(section.material.id)
            assert section.continued == (before is not None)
            assert section.title.endswith("（续）") == section.continued
            if before is not None:
                assert before.goes_on
                last = before.documents[-1]
                cut = section.documents[0].continued
                assert last.goes_on == cut
                assert section.first == before.first + len(before.documents) - cut
            seen[section.material.id] = section
    assert not any(section.goes_on for section in volumes[-1])


@given(section_lists(), limits)
def test_parts_keep_their_ids_and_numbers_run_on(sections: tuple[Section, ...], most: int) -> None:
    whole = [part.id for part in plan_binding(sections, PROGRAMME.binding).parts if part.document]
    before, ids = 0, []
    for volume in split_sections(sections, most):
        plan = plan_binding(volume, PROGRAMME.binding, edition=Edition(numbers_before=before))
        numbers = [side.number for side in plan.sides if side.number is not None]
        assert numbers == list(range(before + 1, before + 1 + len(numbers)))
        before = numbers[-1]
        ids += [part.id for part in plan.parts if part.document]
    assert list(dict.fromkeys(ids)) == whole


def test_what_fits_is_not_split() -> None:
    sections = _sections([_document(4), _document(2)])
    assert split_sections(sections, 100) == (sections,)


def _document_mark(volume: tuple[Section, ...]) -> OutlineItem:
    """The bookmark of a volume's first document."""
    return outline(plan_binding(volume, PROGRAMME.binding))[2].children[0]


def test_a_cut_document_keeps_only_the_bookmarks_of_its_pages() -> None:
    first, second = split_sections(_sections([_document(600, 10, 300, 310)]), 180)
    titles = [
        [
            mark.title
            for mark in outline(plan_binding(volume, PROGRAMME.binding))[2].children[0].children
        ]
        for volume in (first, second)
    ]
    assert titles == [["第10页"], ["第300页", "第310页"]]


def test_many_sheets_are_cut_in_no_time() -> None:
    sections = _sections([_document(1000, *range(0, 1000, 7)) for _ in range(6)])
    volumes = split_sections(sections, 180)
    sheets = [_sheets(volume) for volume in volumes]
    assert max(sheets) <= 180
    assert max(sheets) - min(sheets) <= 36


def test_a_page_that_stands_twice_is_cut_like_any() -> None:
    document = _document(600, 0)
    twice = replace(document, pages=document.pages + document.pages)
    volumes = split_sections(_sections([twice]), 180)
    assert sum(len(volume[0].documents[0].pages) for volume in volumes) == 1200
