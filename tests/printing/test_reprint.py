"""Late papers: what becomes of every sheet, as data."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.manifest import Manifest, Tool
from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH
from sjs_forms.printing.reprint import (
    ComparedSheet,
    ComparedSide,
    Reprint,
    compare,
    reasons,
    reprint_list,
    sheets_of,
    since,
    summary,
)
from sjs_forms.volume.binding_plan import Document, Page, Section, plan_binding
from sjs_forms.volume.plan_views import manifest_parts, manifest_sides
from tests.volume.test_binding_plan import PROGRAMME

faces = st.builds(
    ComparedSide,
    st.sampled_from("abcd"),
    st.tuples(st.sampled_from("pqr")),
    st.none() | st.sampled_from(["3", "5"]),
    st.just("附件 甲"),
)


def numbered(pairs: list[tuple[ComparedSide, ComparedSide]]) -> tuple[ComparedSheet, ...]:
    return tuple(ComparedSheet(n, recto, verso) for n, (recto, verso) in enumerate(pairs, start=1))


volumes = st.lists(st.tuples(faces, faces), max_size=8).map(numbered)


@given(volumes, volumes)
def test_every_sheet_has_one_fate_and_no_earlier_sheet_serves_twice(
    earlier: tuple[ComparedSheet, ...], sheets: tuple[ComparedSheet, ...]
) -> None:
    made = compare(earlier, sheets)
    assert tuple(compared.sheet for compared in made.sheets) == sheets
    used = [compared.was for compared in made.sheets if compared.was is not None]
    left = [old.sheet for old in made.gone]
    assert sorted(used + left) == [old.sheet for old in earlier]


@given(volumes, volumes)
def test_a_sheet_is_good_only_where_it_looks_the_same(
    earlier: tuple[ComparedSheet, ...], sheets: tuple[ComparedSheet, ...]
) -> None:
    looks = {old.sheet: old.look for old in earlier}
    for compared in compare(earlier, sheets).sheets:
        if compared.status in ("unchanged", "moved"):
            assert compared.was is not None
            assert looks[compared.was] == compared.sheet.look
            assert (compared.was == compared.sheet.sheet) == (compared.status == "unchanged")
        assert (compared.was is None) == (compared.status == "new")
        assert bool(compared.reason) == (compared.status == "reprint")


@given(volumes, volumes)
def test_as_many_sheets_are_saved_as_can_be(
    earlier: tuple[ComparedSheet, ...], sheets: tuple[ComparedSheet, ...]
) -> None:
    """No sheet is printed while one that looks like it goes to waste."""
    made = compare(earlier, sheets)
    twins = {compared.was for compared in made.of("unchanged", "moved")}
    wasted = {old.look for old in earlier if old.sheet not in twins}
    assert not wasted & {compared.sheet.look for compared in made.of("reprint", "new")}


@given(volumes)
def test_the_same_volume_needs_nothing(sheets: tuple[ComparedSheet, ...]) -> None:
    made = compare(sheets, sheets)
    assert len(made.of("unchanged")) == len(sheets)
    assert made.to_print == ()
    assert made.gone == ()


@given(volumes, volumes)
def test_list_summary_and_manifest_tell_the_same(
    earlier: tuple[ComparedSheet, ...], sheets: tuple[ComparedSheet, ...]
) -> None:
    made = compare(earlier, sheets)
    head, *rows = reprint_list(made)
    assert {len(row) for row in rows} <= {len(head)}
    counts = {name: count for name, count, _ in summary(made)}
    told = since(made, Manifest(tool=Tool(name="sjs-forms"), files=()))
    keys = {"unchanged": "留用", "moved": "移位", "reprint": "重印", "new": "新印", "gone": "抽出"}
    for key, name in keys.items():
        assert len(getattr(told, key)) == counts[name] == sum(row[1] == name for row in rows)
    pages = [int(row[3]) for row in rows if row[3]]
    assert pages == list(range(1, 2 * len(made.to_print) + 1, 2))


# Of plans


def document(title: str, pages: int) -> Document:
    made = tuple(Page(n, A4_WIDTH, A4_HEIGHT) for n in range(pages))
    return Document(title, "attachment", title, made, f"attachments/{title}.pdf")


def volume_of(*documents: Document, contents: int = 1, **edits: str) -> tuple[ComparedSheet, ...]:
    """Sheets of a volume whose digests say what is drawn; `edits` change a document's bytes."""
    section = Section(PROGRAMME.materials[2], 3, tuple(documents))
    plan = plan_binding([section], PROGRAMME.binding, contents)
    listed = ",".join(f"{part.title}{part.number}" for part in plan.parts)
    sides = manifest_sides(
        plan,
        [
            f"{side.kind} {side.pdf}{edits.get(side.pdf or '', '')} {side.page} {side.label}"
            + (listed if side.kind in ("contents", "divider") else "")
            for side in plan.sides
        ],
    )
    return sheets_of(manifest_parts(plan), sides)


def statuses(made: Reprint) -> str:
    signs = {"unchanged": "=", "moved": ">", "reprint": "!", "new": "+"}
    return "".join(signs[compared.status] for compared in made.sheets)


def test_an_inserted_document_is_new_and_what_follows_moves_its_numbers() -> None:
    before = volume_of(document("甲", 3), document("乙", 2))
    after = volume_of(document("甲", 3), document("丙", 1), document("乙", 2))
    made = compare(before, after)
    # cover, contents, divider, 甲 1–2, 甲 3, 丙, 乙
    assert statuses(made) == "=!!==+!"
    assert made.sheets[-1].reason == "页码由 7 改为 9"
    assert made.sheets[-1].was == 6
    (listed, moved) = list(reasons(made))
    assert listed == "内容有改动：第 2–3 张。"
    assert moved.startswith("前面增减了页，所以自第 7 张起页码由 7 改为 9")


def test_a_corrected_page_is_one_sheet_and_a_longer_contents_only_moves() -> None:
    before = volume_of(document("甲", 3), document("乙", 2))
    assert statuses(compare(before, volume_of(document("甲", 3), document("乙", 2), 乙="改"))) == (
        "=====!"
    )
    made = compare(before, volume_of(document("甲", 3), document("乙", 2), contents=3))
    assert statuses(made) == "=!+>>>>"


def test_a_document_that_is_taken_out_goes() -> None:
    before = volume_of(document("甲", 3), document("乙", 2))
    made = compare(before, volume_of(document("甲", 3)))
    assert statuses(made) == "=!!=="
    assert [old.sheet for old in made.gone] == [6]
    assert reprint_list(made)[-1][:3] == ["", "抽出", "6"]


def test_a_page_added_to_a_sheets_back_says_so() -> None:
    made = compare(volume_of(document("甲", 3)), volume_of(document("甲", 4)))
    assert (made.sheets[-1].status, made.sheets[-1].reason) == ("reprint", "背面换了内容")


def test_another_version_is_told() -> None:
    made = replace(compare((), ()), other_version="0.0.9")
    assert ["0.0.9" in line for line in reasons(made)] == [True]


def test_a_manifest_without_digests_cannot_be_compared() -> None:
    plan = plan_binding([], PROGRAMME.binding)
    with pytest.raises(ValueError, match="side 1"):
        sheets_of(manifest_parts(plan), manifest_sides(plan))
