"""A volume too thick is cut between documents; together the volumes are the whole."""

from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.plan import Document, Edition, Page, Section, plan_binding
from sjs_forms.programme import installed_programmes, load_programme
from sjs_forms.split import split_sections

PROGRAMME = load_programme(installed_programmes()[0])


def _document(pages: int) -> Document:
    return Document("件", "form", "a", tuple(Page(n, 595, 842) for n in range(pages)))


@st.composite
def section_lists(draw: st.DrawFn) -> tuple[Section, ...]:
    """The notice's materials, each with documents of one to forty pages."""
    lists = st.lists(st.integers(1, 40).map(_document), min_size=1, max_size=4).map(tuple)
    return tuple(
        Section(material, number, draw(lists))
        for number, material in enumerate(PROGRAMME.materials[:4], start=1)
    )


limits = st.integers(5, 80)


@given(section_lists(), limits)
def test_the_volumes_together_hold_every_document_once_in_order(
    sections: tuple[Section, ...], most: int
) -> None:
    whole = [(s.material.id, d) for s in sections for d in s.documents]
    volumes = split_sections(sections, most)
    assert [(s.material.id, d) for v in volumes for s in v for d in s.documents] == whole
    assert all(volume for volume in volumes)


@given(section_lists(), limits)
def test_no_volume_is_thicker_than_asked_but_for_a_single_thick_document(
    sections: tuple[Section, ...], most: int
) -> None:
    for volume in split_sections(sections, most):
        plan = plan_binding(volume, PROGRAMME.binding)
        alone = sum(len(section.documents) for section in volume) == 1
        assert plan.sheets <= most or alone


@given(section_lists(), limits)
def test_a_material_that_goes_on_says_so_on_its_divider(
    sections: tuple[Section, ...], most: int
) -> None:
    seen: set[str] = set()
    for volume in split_sections(sections, most):
        for section in volume:
            assert section.continued == (section.material.id in seen)
            assert section.title.endswith("（续）") == section.continued
            seen.add(section.material.id)


@given(section_lists(), limits)
def test_numbers_run_on_from_volume_to_volume(sections: tuple[Section, ...], most: int) -> None:
    before = 0
    for volume in split_sections(sections, most):
        plan = plan_binding(volume, PROGRAMME.binding, edition=Edition(numbers_before=before))
        numbers = [side.number for side in plan.sides if side.number is not None]
        assert numbers == list(range(before + 1, before + 1 + len(numbers)))
        before = numbers[-1]


def test_what_fits_is_not_split() -> None:
    section = Section(PROGRAMME.materials[0], 1, (_document(4), _document(2)))
    assert split_sections((section,), 100) == ((section,),)
