"""Several sources are one batch, and a roster's row and a folder of one applicant are one."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sjs_forms.batch.roster import read_roster
from sjs_forms.batch.sources.combined_sources import read_sources
from tests.batches import applicants, folder_of_applications
from tests.rosters import with_answers
from tests.samples import write_application, write_pdf


def test_applications_of_several_sources_are_numbered_through(tmp_path: Path) -> None:
    folders = folder_of_applications(tmp_path / "各单位", 2)
    roster = with_answers(tmp_path / "名册.xlsx", {"申报单位": "甲公司"}, {"申报单位": "乙公司"})
    lines = tmp_path / "更多.jsonl"
    lines.write_text(json.dumps({"applicant": {"name": "丙公司"}}), encoding="utf-8")
    rows = read_sources([roster, folders, lines], tmp_path / "成册")
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert [row.name for row in rows] == ["甲公司", "乙公司", "样例单位1", "样例单位2", "丙公司"]


def test_an_applicant_in_a_roster_and_in_a_folder_is_one_with_the_rosters_number(
    tmp_path: Path,
) -> None:
    folders = folder_of_applications(tmp_path / "各单位", 2)
    rows_ = {"申报单位": "样例单位2", "受理编号": "17"}, {"申报单位": "丁公司", "受理编号": "18"}
    roster = with_answers(tmp_path / "名册.xlsx", *rows_)
    rows = read_sources([folders, roster], tmp_path / "成册")
    assert [(row.name, row.given) for row in rows] == [
        ("样例单位1", ""),
        ("样例单位2", "17"),
        ("丁公司", "18"),
    ]
    assert rows[1].line is None, "the folder has the application"


def test_what_the_roster_says_otherwise_of_an_applicant_with_a_folder_is_told(
    tmp_path: Path,
) -> None:
    folders = folder_of_applications(tmp_path / "各单位", 1)
    write_pdf(tmp_path / "材料" / "2-场地租赁合同" / "租赁合同.pdf")
    line = {"申报单位": "样例单位1", "联系人": "吴清和", "附件文件夹": "材料"}
    roster = with_answers(tmp_path / "名册.xlsx", line)
    (row,) = read_sources([folders, roster], tmp_path / "成册")
    (told,) = row.doubts
    assert told.code == "batch-row-unused" and "第 2 行" in told.message
    assert "联系人" in told.message and "1 件材料" in told.message
    assert row.application.findings == ()


def test_two_rows_of_an_applicant_with_a_folder_are_both_kept(tmp_path: Path) -> None:
    folders = folder_of_applications(tmp_path / "各单位", 1)
    lines = [{"申报单位": "样例单位1", "受理编号": number} for number in ("1", "2")]
    roster = with_answers(tmp_path / "名册.xlsx", *lines, {"申报单位": "乙公司"})
    rows = read_sources([folders, roster], tmp_path / "成册")
    assert [(row.name, row.given) for row in rows] == [
        ("样例单位1", ""),
        ("样例单位1", "1"),
        ("样例单位1", "2"),
        ("乙公司", ""),
    ]


def test_two_folders_of_an_applicant_in_the_roster_are_both_kept(tmp_path: Path) -> None:
    folders = folder_of_applications(tmp_path / "各单位", 1)
    shutil.copytree(folders / "单位1", folders / "单位1-副本")
    roster = with_answers(tmp_path / "名册.xlsx", {"申报单位": "样例单位1", "受理编号": "1"})
    rows = read_sources([folders, roster], tmp_path / "成册")
    assert [(row.name, row.given) for row in rows] == [
        ("样例单位1", ""),
        ("样例单位1", ""),
        ("样例单位1", "1"),
    ]


def test_the_same_answers_in_the_roster_are_not_told(tmp_path: Path) -> None:
    answers = applicants(1)[0]
    write_application(tmp_path / "各单位" / "甲", answers)
    roster = with_answers(tmp_path / "名册.xlsx", {"申报单位": answers["applicant"]["name"]})
    same = write_application(tmp_path / "各单位" / "甲", _of(roster))
    (row,) = read_sources([same.parent, roster], tmp_path / "成册")
    assert row.doubts == ()


def _of(roster: Path) -> dict[str, Any]:
    (row,) = read_roster(roster)
    return {key: value for key, value in row.document.items() if key != "attachments"}


def test_warnings_about_the_roster_are_no_part_of_the_application(tmp_path: Path) -> None:
    def hide(_book: Any, sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True

    roster = with_answers(tmp_path / "名册.xlsx", {}, change=hide)
    (row,) = read_sources([roster], tmp_path / "成册")
    assert [found.code for found in row.doubts] == ["row-hidden"]
    assert row.application.findings == ()


def test_two_places_of_one_name_in_two_files_are_not_one_applicant(tmp_path: Path) -> None:
    """Neither row says whose it is, and none may be lost."""
    roster = with_answers(tmp_path / "名册.xlsx", {"申报单位": "甲公司"}, {"申报单位": None})
    lines = tmp_path / "更多.jsonl"
    lines.write_text("{}\n{\n{\n", encoding="utf-8")
    rows = read_sources([roster, lines], tmp_path / "成册")
    assert [(row.name, row.line) for row in rows] == [
        ("甲公司", 2),
        ("第3行", 3),
        ("第1行", None),
        ("第2行", None),
        ("第3行", None),
    ]


CODE = "911101087000000016"


@pytest.mark.parametrize(
    ("name", "code", "line", "line_code"),
    [
        ("甲公司", CODE, "甲公司", ""),
        ("甲公司", None, "甲公司", CODE),
        ("甲（北京）公司", None, "甲(北京) 公司", ""),
        ("改了名的", CODE, "甲公司", CODE),
    ],
)
def test_a_code_that_only_one_side_has_and_another_spelling_of_the_name_make_no_two_of_one(
    tmp_path: Path, name: str, code: str | None, line: str, line_code: str
) -> None:
    answers = {**applicants(1)[0], "applicant": {"name": name, "uscc": code}}
    folder = write_application(tmp_path / "各单位" / "一", answers).parent
    values = {"申报单位": line, "申报单位统一社会信用代码": line_code, "受理编号": "17"}
    roster = with_answers(tmp_path / "名册.xlsx", values)
    (row,) = read_sources([folder, roster], tmp_path / "成册")
    assert (row.line, row.given) == (None, "17")


def test_one_name_with_two_codes_is_two_applicants(tmp_path: Path) -> None:
    answers = {**applicants(1)[0], "applicant": {"name": "甲公司", "uscc": CODE}}
    folder = write_application(tmp_path / "各单位" / "一", answers).parent
    values = {"申报单位": "甲公司", "申报单位统一社会信用代码": "911101077000000005"}
    roster = with_answers(tmp_path / "名册.xlsx", values)
    assert len(read_sources([folder, roster], tmp_path / "成册")) == 2


def test_an_applicant_whose_own_answers_cannot_be_read_is_known_by_his_folder(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "各单位" / "甲公司"
    folder.mkdir(parents=True)
    (folder / "application.json").write_text("{", encoding="utf-8")
    roster = with_answers(tmp_path / "名册.xlsx", {"申报单位": "甲公司", "受理编号": "17"})
    (row,) = read_sources([folder.parent, roster], tmp_path / "成册")
    assert row.line is None and row.given == "17"
