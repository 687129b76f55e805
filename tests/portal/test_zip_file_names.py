"""What goes into 在线申报.zip, and the list of it, as data; no file is written."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.findings.finding import warning
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.domain.sources import Gap, Source
from sjs_forms.portal.list_rows import PackedEntry, findings, rows
from sjs_forms.portal.zip_file_names import (
    MaterialFiles,
    ZipFile,
    files_by_material,
)
from tests.samples import MATERIALS, all_materials, is_chinese_sentence, source_of, the_programme

ANY_NAME = st.text(min_size=1, max_size=100).map(lambda text: f"a/{text}")
NEAR_NAMES = st.sampled_from(
    [
        *("合同.pdf", "合同.PDF", "合同.Pdf", "合同（2）.pdf", "合同", "长" * 200 + ".pdf"),
        *("é.pdf", "e\u0301.pdf", "É.pdf", "ß.pdf", "SS.pdf"),
        *("CON.pdf", "a/b:c?.pdf", "名称. .pdf", "..", ".pdf", "=1+1.pdf", "x\u202egpj.exe"),
    ]
)


def _names(made: Sequence[MaterialFiles]) -> list[str]:
    return [entry.name for share in made for entry in share.entries]


def _source(material: str, index: int, name: str) -> Source:
    return source_of(material, file=name, path=Path(f"{index}"))


SOURCES = st.lists(
    st.tuples(st.sampled_from(MATERIALS), st.one_of(ANY_NAME, NEAR_NAMES)), max_size=8
).map(lambda found: [_source(material, n, name) for n, (material, name) in enumerate(found)])


@given(SOURCES)
def test_no_two_names_are_alike_on_any_system(sources: list[Source]) -> None:
    names = _names(files_by_material(the_programme(), sources))
    folded = [unicodedata.normalize("NFC", name.casefold()) for name in names]
    assert len(set(folded)) == len(names)
    assert all(name == unicodedata.normalize("NFC", name) for name in names)


@given(SOURCES)
def test_every_name_is_safe_on_windows(sources: list[Source]) -> None:
    for name in _names(files_by_material(the_programme(), sources)):
        assert len(name) < 150
        assert not name.startswith("/")
        for step in name.split("/"):
            assert step.strip(" .") == step
            assert not set(step) & set('<>:"|?*\\')
            assert all(unicodedata.category(sign)[0] != "C" for sign in step)
            assert step.partition(".")[0].upper() not in ("CON", "NUL", "AUX", "PRN", "COM1")


@given(SOURCES)
def test_every_offered_file_is_in_and_every_document_in_its_order(sources: list[Source]) -> None:
    made = files_by_material(the_programme(), sources)
    for share in made:
        own = [source for source in sources if source.offered.material == share.material]
        merged = [
            source
            for entry in share.entries
            if entry.kind in ("merged", "stamped")
            for source in entry.sources
        ]
        given_files = [
            source
            for entry in share.entries
            if entry.kind == "original"
            for source in entry.sources
        ]
        assert merged == own
        assert given_files == own


@given(SOURCES)
def test_materials_stand_in_the_order_and_under_the_number_of_the_notice(
    sources: list[Source],
) -> None:
    made = files_by_material(the_programme(), sources)
    assert [share.material for share in made] == list(the_programme().materials)
    for number, share in enumerate(made, start=1):
        assert share.number == number
        assert all(entry.name.startswith(f"{number}_") for entry in share.entries)


def test_the_notice_wants_the_application_form_as_word_and_as_stamped_scan() -> None:
    names = _names(files_by_material(the_programme(), all_materials()))
    assert [name for name in names if "/" not in name] == [
        "1_申报书.docx",
        "1_申报书（盖章扫描）.pdf",
        "2_场地租赁合同.pdf",
        "3_证明材料.pdf",
        "4_营业执照.pdf",
        "5_财务材料.pdf",
        "6_开户信息.pdf",
        "7_承诺书（盖章扫描）.pdf",
    ]


def test_a_form_without_its_scan_is_there_unstamped_and_the_scan_is_missing() -> None:
    first, *_ = files_by_material(the_programme(), [])
    assert [entry.name for entry in first.entries] == ["1_申报书.docx", "1_申报书（未盖章）.pdf"]
    assert [lack.title for lack in first.lacks] == ["盖章扫描件"]


def test_a_file_that_cannot_be_used_is_missing_with_the_reason() -> None:
    broken = replace(source_of("lease", "合同"), facts=None)
    material = the_programme().material("lease")
    gap = Gap(material, "合同", "打不开。")
    share = files_by_material(the_programme(), [broken], [gap])[1]
    assert share.entries == ()
    assert share.lacks == (gap,)


def test_a_file_used_in_two_places_is_put_in_once() -> None:
    twice = [source_of("lease", "合同", pages=(0,)), source_of("lease", "合同", pages=(1,))]
    share = files_by_material(the_programme(), twice)[1]
    (original,) = [entry for entry in share.entries if entry.kind == "original"]
    assert len(original.sources) == 2
    assert original.name == "2_场地租赁合同（原件）/合同.pdf"


def test_two_files_of_one_name_are_told_apart_with_their_suffix_kept() -> None:
    same = [_source("lease", n, f"{n}/合同.pdf") for n in range(3)]
    names = [entry.name for entry in files_by_material(the_programme(), same)[1].entries]
    assert [name.partition("/")[2] for name in names[1:]] == [
        "合同.pdf",
        "合同（2）.pdf",
        "合同（3）.pdf",
    ]


def _packed(
    share: MaterialFiles, size: int, before: int | None = None
) -> list[tuple[MaterialFiles, list[PackedEntry]]]:
    return [(share, [PackedEntry(entry, size, 3, before) for entry in share.entries])]


def test_the_list_has_a_row_for_every_file_and_everything_missing() -> None:
    made = files_by_material(the_programme(), [source_of("lease", "合同")])
    packed = [(share, [PackedEntry(entry, 1, 1) for entry in share.entries]) for share in made]
    listed = rows(packed, the_programme().portal)
    assert [row.file for row in listed if row.mood != "lack"] == _names(made)
    assert sum(row.mood == "lack" for row in listed) == sum(len(share.lacks) for share in made)
    assert [row.number for row in listed if row.number] == [1, 2, 7]


def test_the_list_says_what_is_signed_locked_or_only_used_in_part() -> None:
    signed = warning("attachment-signed", WHOLE, "", "有签名。", "无需修改。")
    source = source_of("lease", "合同", remarks=(signed,), password="x", pages=(0,))
    source = replace(source, offered=replace(source.offered, pages="1"))
    share = files_by_material(the_programme(), [source])[1]
    note = rows(_packed(share, 1), the_programme().portal)[-1].note
    assert "数字签名，未作改动" in note
    assert "需要密码" in note
    assert "只取第 1 页" in note


def test_what_was_brought_down_and_what_is_too_large_are_findings() -> None:
    rules = the_programme().portal
    share = files_by_material(the_programme(), [source_of("lease", "合同")])[1]
    assert findings(_packed(share, rules.max_bytes), rules) == ()
    down = findings(_packed(share, 20_000_000, 90_000_000), rules)
    assert [found.code for found in down] == ["portal-reduced"]
    assert "90.0 MB" in down[0].message and "20.0 MB" in down[0].message
    large = findings(_packed(share, 60_000_000, 90_000_000), rules)
    assert [found.code for found in large] == ["portal-reduced", "portal-too-large"]
    assert all(found.severity == "warning" for found in large)
    assert all(is_chinese_sentence(found.message) for found in large)
    assert all(is_chinese_sentence(found.remedy) for found in large)


def test_an_original_above_the_limit_is_marked_in_the_list_and_nowhere_else() -> None:
    rules = the_programme().portal
    share = files_by_material(the_programme(), [source_of("lease", "合同")])[1]
    original = next(entry for entry in share.entries if entry.kind == "original")
    packed = [(share, [PackedEntry(original, rules.max_bytes + 1, 3)])]
    assert findings(packed, rules) == ()
    (row,) = rows(packed, rules)
    assert (row.mood, "超过 50 MB 上限" in row.note) == ("doubt", True)


def test_an_entry_of_a_generated_form_says_which_form() -> None:
    made = files_by_material(the_programme(), [])
    assert [entry.form.id for entry in _of_forms(made) if entry.form] == [
        "application-form",
        "application-form",
        "commitment",
    ]


def _of_forms(made: Sequence[MaterialFiles]) -> list[ZipFile]:
    return [entry for share in made for entry in share.entries if entry.form]
