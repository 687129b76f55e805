"""The sources of a batch: what is read, and what is said of what cannot be."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.safe_names import safe_name
from sjs_forms.batch.sources.batch_source import SourceRow, read_rows
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.jobs.pipeline import check_folder, fill_folder
from tests.batches import applicants, folder_of_applications
from tests.rosters import with_answers
from tests.samples import minimal_answers, write_application


def rows_of(source: Path) -> tuple[SourceRow, ...]:
    return read_rows(source, source.parent / "成册")


def names(rows: tuple[SourceRow, ...]) -> list[str]:
    return [row.name for row in rows]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_array_gives_a_row_an_element(
    tmp_path: Path, bom: bytes, indent: int | None
) -> None:
    text = json.dumps(applicants(3), ensure_ascii=False, indent=indent)
    (tmp_path / "名单.json").write_bytes(bom + text.encode())
    assert names(rows_of(tmp_path / "名单.json")) == ["样例单位1", "样例单位2", "样例单位3"]


@pytest.mark.parametrize("name", ["名单.jsonl", "名单.ndjson", "名单.json", "名单"])
def test_json_lines_give_a_row_a_line_and_blank_lines_none(tmp_path: Path, name: str) -> None:
    lines = [json.dumps(answers, ensure_ascii=False) for answers in applicants(2)]
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + "\r\n\r\n".join(lines).encode())
    assert names(rows_of(tmp_path / name)) == ["样例单位1", "样例单位2"]


def test_a_bad_line_is_the_finding_of_its_row(tmp_path: Path) -> None:
    good = json.dumps(applicants(1)[0])
    (tmp_path / "名单.jsonl").write_text(f"{good}\n{{,}}\n{good}\n", encoding="utf-8")
    rows = rows_of(tmp_path / "名单.jsonl")
    assert [bool(row.application.findings) for row in rows] == [False, True, False]
    assert rows[1].name == "第2行"


def test_an_element_keeps_what_was_written_for_its_own_findings(tmp_path: Path) -> None:
    (tmp_path / "名单.json").write_text(
        '[{"remarks": "一", "remarks": "二"}, 3, {"nmae": 1}]', encoding="utf-8"
    )
    codes = [row.application.findings[0].code for row in rows_of(tmp_path / "名单.json")]
    assert codes == ["duplicate-key", "json-syntax", "unknown-key"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('[{"a": 1}, {"b": }]', "第 2 份"),
        ('[{"a": 1} {"b": 2}]', "第 1 份"),
        ('[{"a": 1}', "第 1 份"),
        ('[{"a": 1},', "第 2 份"),
        ("[" * 5000, "第 1 份"),
    ],
)
def test_an_array_that_breaks_off_says_where(tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "名单.json").write_text(text, encoding="utf-8")
    with pytest.raises(UsageFault, match=part):
        rows_of(tmp_path / "名单.json")


@pytest.mark.parametrize("text", ['[{"a": 1}]\n[{"b": 2}]', '[{"a": 1}]\n,', "[]\n{}"])
def test_what_follows_an_array_is_refused_and_not_left_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "名单.json").write_text(text, encoding="utf-8")
    with pytest.raises(UsageFault, match=r"第 2 行.*之后还有内容"):
        rows_of(tmp_path / "名单.json")


def test_files_of_rows_are_beside_the_source_and_never_shared(tmp_path: Path) -> None:
    folder_of_applications(tmp_path, 1)
    listed = [{"material": "lease", "file": "单位1/attachments/2-场地租赁合同/租赁合同.pdf"}]
    answers = applicants(2)
    answers[0]["attachments"] = listed
    (tmp_path / "attachments").mkdir()
    (tmp_path / "attachments/别家的.pdf").write_bytes(b"x")
    (tmp_path / "名单.json").write_text(json.dumps(answers), encoding="utf-8")
    first, second = rows_of(tmp_path / "名单.json")
    assert [item.path is not None for item in first.application.offered] == [True]
    assert second.application.offered == ()
    assert first.application.findings == second.application.findings == ()


def test_a_folder_without_its_json_is_a_row_that_says_so(tmp_path: Path) -> None:
    folder_of_applications(tmp_path / "各单位", 1)
    (tmp_path / "各单位/单位2").mkdir()
    (tmp_path / "各单位/.隐藏").mkdir()
    rows = rows_of(tmp_path / "各单位")
    assert [[found.code for found in row.application.findings] for row in rows] == [
        [],
        ["application-missing"],
    ]


@pytest.mark.parametrize("out", ["输出", "输出/2025", "输出/2025/一"])
def test_an_output_folder_among_the_applications_is_none_of_them(tmp_path: Path, out: str) -> None:
    source = folder_of_applications(tmp_path / "各单位", 2)
    (source / out).mkdir(parents=True)
    assert names(read_rows(source, source / out)) == ["样例单位1", "样例单位2"]


def test_an_output_folder_inside_an_application_is_refused(tmp_path: Path) -> None:
    source = folder_of_applications(tmp_path / "各单位", 2)
    with pytest.raises(UsageFault, match="单位2"):
        read_rows(source, source / "单位2" / "成册")


def test_a_roster_gives_a_row_a_line_with_what_could_not_be_understood(tmp_path: Path) -> None:
    place = with_answers(
        tmp_path / "名册.xlsx",
        {"申报单位": "样例单位1", "起止年限（起）": "2025.3.1"},
        {"申报单位": "样例单位2", "起止年限（起）": "去年春天"},
        {"申报单位": None, "起止年限（起）": "2025-03-01"},
    )
    first, second, third = rows_of(place)
    assert (first.number, first.folder_name) == (1, "001_样例单位1")
    assert str(first.application.application.term.start) == "2025-03-01"  # type: ignore[union-attr]
    assert "去年春天" in second.application.findings[0].message
    assert third.name.startswith("第")


@pytest.mark.parametrize("content", ["", "[]", "\n\n", " [ ] "])
def test_a_source_with_nothing_in_it_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "名单.json").write_text(content, encoding="utf-8")
    with pytest.raises(UsageFault, match="一份申报也没有"):
        rows_of(tmp_path / "名单.json")


def test_a_single_application_is_sent_to_build(tmp_path: Path) -> None:
    folder_of_applications(tmp_path, 1)
    for place in ("单位1", "单位1/application.json"):
        with pytest.raises(UsageFault) as caught:
            rows_of(tmp_path / place)
        assert "build" in caught.value.remedy


def test_a_source_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="无法读取"):
        rows_of(tmp_path / "没有")


def test_a_source_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "名单.json").write_bytes('[{"remarks": "说明"}]'.encode("gbk"))
    with pytest.raises(UsageFault, match="UTF-8"):
        rows_of(tmp_path / "名单.json")


@given(st.text(max_size=300))
def test_every_name_is_one_step_that_windows_takes(text: str) -> None:
    name = safe_name(text)
    assert name
    assert name not in (".", "..")
    assert len(name.encode()) <= 240
    assert not set(name) & set('<>:"/\\|?*')
    assert not name.endswith((".", " "))
    assert name.isprintable()
    assert safe_name(name) == name


@pytest.mark.parametrize("name", ["CON", "nul", "COM1", "aux.txt"])
def test_names_that_windows_keeps_for_itself_are_changed(name: str) -> None:
    assert safe_name(name) != name


@pytest.mark.parametrize("name", ["北京某某（集团）有限公司", "A&B 研究院", "智能·科技"])
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert safe_name(name) == name


def test_rows_of_a_list_are_compared_with_no_word_form_that_lies_beside_the_list(
    tmp_path: Path,
) -> None:
    """It is somebody else's, or the blank form."""
    beside = write_application(tmp_path / "某单位", minimal_answers())
    fill_folder(read_folder(beside), tmp_path)
    lines = "\n".join(json.dumps(answers) for answers in applicants(2))
    (tmp_path / "名单.jsonl").write_text(lines, encoding="utf-8")
    for row in rows_of(tmp_path / "名单.jsonl"):
        codes = {found.code for found in check_folder(row.application)}
        assert not codes & {"word-differs", "word-blank"}


@pytest.mark.parametrize(
    "name", ["__MACOSX", "System Volume Information", "$RECYCLE.BIN", "@eaDir"]
)
def test_what_systems_leave_behind_is_no_application(tmp_path: Path, name: str) -> None:
    source = folder_of_applications(tmp_path / "各单位", 1)
    (source / name).mkdir()
    assert names(rows_of(source)) == ["样例单位1"]
