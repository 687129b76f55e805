"""Whoever keeps a roster is told of its rows and columns, never of application.json."""

import re
from pathlib import Path

import pytest

from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.findings.remedies import PlainAction, ReplaceFile, several
from sjs_forms.batch.roster import in_the_roster
from sjs_forms.batch.sources.batch_source import SourceRow, read_rows
from sjs_forms.domain.checks import check_application
from sjs_forms.intake import refusals
from sjs_forms.jobs.pipeline import check
from tests.rosters import with_answers
from tests.samples import REFUSED, the_programme, write_application

KEY = re.compile(r"[a-z]_[a-z]|[a-z]\.[a-z]|\b(pages|material|password|stamped)\b")
OF_JSON_ALONE = ("json", "unknown-key", "attachment-outside", "attachment-pages")
BLANK = dict.fromkeys(("联系人", "邮箱", "设立主体1名称", "实验室/创新平台/研究机构等名称"), "")
ODD = {
    "邮箱": "不是邮箱",
    "联系电话": "一二三",
    "申报单位统一社会信用代码": "91110107MA0000000X",
    "总面积（平方米）": "100",
    "其中，研发及办公面积（平方米）": "200",
    "其他需要说明的问题": "好\N{GRINNING FACE}",
}


def judged(row: SourceRow) -> list[Finding]:
    read = row.application
    assert read.programme is not None and read.application is not None, read.findings
    found = check_application(read.programme, read.application, read.offered)
    return [row.at_its_source(one) for one in (*read.findings, *found)]


@pytest.mark.parametrize("answers", [BLANK, ODD])
def test_no_finding_about_a_row_speaks_of_application_json(
    tmp_path: Path, answers: dict[str, str]
) -> None:
    source = with_answers(tmp_path / "名册.xlsx", answers)
    (row,) = read_rows(source, tmp_path / "成册")
    found = judged(row)
    assert found
    for one in found:
        assert "application.json" not in one.message + one.remedy


@pytest.mark.parametrize("fixture", sorted(path.name for path in REFUSED.iterdir()))
def test_no_remedy_names_a_key_that_a_roster_does_not_have(fixture: str) -> None:
    """But for what only a file of JSON can get wrong."""
    for found in check(REFUSED / fixture):
        if not found.code.startswith(OF_JSON_ALONE):
            told = in_the_roster(the_programme().fields, found, 7)
            assert told.remedy.startswith("名册第 7 行：")
            assert not KEY.search(told.remedy.replace("name@example.cn", "")), told.remedy


def test_a_blank_answer_is_to_be_filled_in_at_its_row_and_column(tmp_path: Path) -> None:
    source = with_answers(tmp_path / "名册.xlsx", {}, {"邮箱": ""})
    row = read_rows(source, tmp_path / "成册")[1]
    (remedy,) = [one.remedy for one in judged(row) if one.where == "contact.email"]
    assert remedy == "名册第 3 行：请在“邮箱”处填写。"


def test_a_material_is_to_be_put_into_the_folder_that_the_row_names(tmp_path: Path) -> None:
    place = write_application(tmp_path / "单位", {"applicant": {"name": "甲"}, "attachments": []})
    missing = [one for one in check(place) if one.code == "material-missing"]
    awaited = [one for one in check(place) if one.code == "scan-awaited"]
    assert missing and awaited
    for one in (*missing, *awaited):
        told = in_the_roster(the_programme().fields, one, 7).remedy
        assert "attachments/" in told and "“附件文件夹”一栏所写的文件夹里" in told
        assert "application.json" not in told and "stamped" not in told


def test_a_password_is_asked_for_in_a_column_of_the_roster() -> None:
    found = refusals.encrypted(None).named("执照.pdf").finding
    assert (
        in_the_roster(the_programme().fields, found, 7).remedy
        == "名册第 7 行：请在名册的“附件密码”一栏（没有的加一列）写明，或去掉密码后另存一份。"
    )


def test_other_ways_out_are_told_without_the_one_that_a_roster_has_not() -> None:
    found = error(
        "volume-too-thick",
        WHOLE,
        "附件",
        "太多页。",
        several("请减少附件。", PlainAction.CHOOSE_PAGES),
    )
    assert in_the_roster(the_programme().fields, found, 7).remedy == "名册第 7 行：请减少附件。"
    assert found.remedy == "请减少附件。只要其中几页的，请用 pages 写明页码。"


@pytest.mark.parametrize("listed", [True, False])
def test_a_roster_lists_no_file_of_another_name(listed: bool) -> None:
    action = ReplaceFile("请另存为 PDF。", is_renamed=True, is_listed=listed)
    found = error("attachment-type", WHOLE, "附件", "不能装订。", action)
    assert in_the_roster(the_programme().fields, found, 7).remedy == "名册第 7 行：请另存为 PDF。"


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("名单.jsonl", '\n{"applicant": {"name": 3}}\n', "“名单.jsonl”第 2 行"),
        ("名单.json", '[{}, {"applicant": {"name": 3}}]', "“名单.json”第 2 份"),
    ],
)
def test_in_a_file_of_many_the_line_or_the_element_is_named(
    tmp_path: Path, name: str, text: str, place: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    row = read_rows(tmp_path / name, tmp_path / "成册")[-1]
    (told,) = [row.at_its_source(one).remedy for one in row.application.findings]
    assert told == f"请修改 {place} 中的 applicant.name，写成英文双引号括起的文字。"


def test_in_a_folder_of_its_own_nothing_changes(tmp_path: Path) -> None:
    write_application(tmp_path / "各单位/甲", {"applicant": {"name": 3}})
    (row,) = read_rows(tmp_path / "各单位", tmp_path / "成册")
    assert [row.at_its_source(one) for one in row.application.findings] == list(
        row.application.findings
    )
