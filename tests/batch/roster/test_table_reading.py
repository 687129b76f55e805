"""A table with any number of rows has a sheet of its own, whose rows name their applicant."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.resources import NOTICES_VARIABLE
from sjs_forms.base.usual_characters import usual_characters
from sjs_forms.batch.ledger import key_of
from sjs_forms.batch.roster import RosterRow, read_roster, transcript_of, write_roster
from sjs_forms.batch.roster.columns import columns_of
from sjs_forms.batch.roster.roster_writing import FIRST_ROW, HEADER_ROW
from sjs_forms.batch.sources.batch_source import read_rows
from sjs_forms.domain.application import application_model
from sjs_forms.domain.checks import check_application
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.options import Options
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.word_import.answer_differences import differences
from tests.rosters import put_row
from tests.samples import only
from tests.table_notice import ID, make_notice

CODE, OTHER_CODE = "91110107MA01ABCD1K", "91110108MA01ABCE5A"
MAIN = ["申请单位全称", "社会信用代码", "存放地址"]
DEVICES = ["社会信用代码", "申请单位全称", "设备名称", "设备金额（万元）", "设备购置日期"]
TWO = [["甲公司", CODE, "一街"], ["乙公司", None, "二街"]]

Rows = Sequence[Sequence[object]]


@pytest.fixture(scope="module", autouse=True)
def notice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        folder = make_notice(tmp_path_factory.mktemp("通知"))
        patch.setenv(NOTICES_VARIABLE, str(folder.parent))
        yield folder


def the_notice() -> Programme:
    return load_programme(ID)


def workbook(
    path: Path, sheets: Mapping[str, Rows], change: Callable[[Any], None] | None = None
) -> Path:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for number, values in enumerate(rows, start=1):
            put_row(sheet, number, values)
    if change:
        change(book)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def roster(folder: Path, devices: Rows, *, title: str = "设备清单", **how: Any) -> Path:
    """A roster of two applicants and these devices."""
    sheets: dict[str, Rows] = {"申报单位": [MAIN, *TWO], title: [DEVICES, *devices]}
    return workbook(folder / "名册.xlsx", sheets, **how)


def names_of(rows: Sequence[RosterRow]) -> list[list[str | None]]:
    return [[device["name"] for device in row.document["equipment"]] for row in rows]


def test_the_roster_given_out_has_a_sheet_for_each_table() -> None:
    book = load_workbook(BytesIO(write_roster(the_notice())))
    assert book.sheetnames == ["申报单位", "设备清单", "人员名单", "填写说明"]
    sheet = book["设备清单"]
    header = [cell.value for cell in sheet[HEADER_ROW]]
    assert header[:4] == ["社会信用代码", "申请单位全称", "* 设备名称", "设备取得方式"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert len(rules) == len(header)
    assert rules[f"D{FIRST_ROW}:D{HEADER_ROW + 10_000}"].formula1 == '"租用,购置"'
    notes = [cell.value for row in book["填写说明"] for cell in row]
    assert "设备金额（万元）" in notes
    assert any(
        "“设备清单”（最多 50 行）、“人员名单”（最多 20 行）在另外" in str(note) for note in notes
    )


def test_rows_go_to_their_applicant_by_code_or_name_in_their_order(tmp_path: Path) -> None:
    devices = [
        [None, "乙公司", "丁", 1],
        [CODE, None, "甲", 2.5, "2025.3.1"],
        [None, None, None, None],
        [CODE.lower(), "甲公司", "丙", "3万元"],
        [None, "甲 公司", "乙", None],
        [None, "合计", None, 6.5],
    ]
    first, second = read_roster(roster(tmp_path, devices))
    assert names_of([first, second]) == [["甲", "丙", "乙"], ["丁"]]
    assert first.document["equipment"][0]["bought_on"] == "2025-03-01"
    assert first.document["equipment"][1]["price"] == 3
    assert (first.findings, second.findings) == ((), ())


def test_a_sheet_is_found_by_its_header_whatever_it_is_called(tmp_path: Path) -> None:
    first, second = read_roster(roster(tmp_path, [[CODE, None, "甲", 1]], title="Sheet2"))
    assert names_of([first, second]) == [["甲"], []]


def test_a_cell_that_is_not_understood_is_told_with_sheet_row_and_column(tmp_path: Path) -> None:
    devices = [[CODE, None, "甲", 1], [None, "乙公司", "乙", 1], [CODE, None, "丙", "约2000"]]
    first, _ = read_roster(roster(tmp_path, devices))
    found = only(first.findings, "cell-not-number")
    assert found.place == AnswerPlace(("equipment", 1, "price"))
    assert found.message.startswith("“设备清单”第 4 行 D 列“设备金额（万元）”：")
    assert first.document["equipment"][1] == {
        "name": "丙",
        "way": None,
        "uses": [],
        "bought_on": None,
        "price": None,
        "remark": None,
    }


def test_what_checks_find_in_a_row_is_told_with_its_place_in_the_sheet(tmp_path: Path) -> None:
    devices = [[CODE, None, "甲", 1], [CODE, None, None, 2]]
    row = read_rows(roster(tmp_path, devices), tmp_path / "成册")[0]
    read = row.application
    assert read.application is not None
    found = check_application(the_notice(), read.application, read.offered)
    (blank,) = (one for one in found if one.where == "equipment[1].name")
    assert row.at_its_source(blank).remedy.startswith("名册“设备清单”第 3 行 C 列：")


def test_rows_that_belong_to_nobody_are_told_and_hinder_nobody(tmp_path: Path) -> None:
    devices = [
        [CODE, None, "甲", 1],
        [None, "丙公司", "乙", 1],
        [None, "丙公司", "丙", 1],
        [None, None, "丁", 1],
        [CODE, "乙公司", "戊", 1],
    ]
    source = roster(tmp_path, devices)
    first, second, nobody = read_roster(source)
    assert names_of([first, second]) == [["甲"], []]
    assert (first.findings, second.findings) == ((), ())
    assert {found.code for found in nobody.findings} == {"table-row-stranger"}
    assert [found.label for found in nobody.findings] == [
        "“设备清单”第 3、4 行",
        "“设备清单”第 5 行",
        "“设备清单”第 6 行",
    ]
    rows = read_rows(source, tmp_path / "成册")
    assert [row.name for row in rows] == ["甲公司", "乙公司", "设备清单"]
    assert rows[2].application.application is None


def test_rows_of_an_applicant_that_stands_there_twice_are_given_to_neither(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "申报单位": [MAIN, ["甲公司", None, "一街"], ["甲公司", None, "二街"]],
        "设备清单": [DEVICES, [None, "甲公司", "甲", 1]],
    }
    rows = read_roster(workbook(tmp_path / "名册.xlsx", sheets))
    assert names_of(rows) == [[], []]
    for row in rows:
        found = only(row.findings, "table-row-ambiguous")
        assert found.place == AnswerPlace(("equipment",))


def test_hidden_rows_and_unknown_columns_are_told(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["设备清单"]
        sheet.row_dimensions[2].hidden = True
        sheet["F1"], sheet["F3"] = "产地", "某地"

    devices = [[CODE, None, "甲", 1], [CODE, None, "乙", 1]]
    first, _ = read_roster(roster(tmp_path, devices, change=change))
    assert names_of([first]) == [["甲", "乙"]]
    assert "“设备清单”第 2 行" in only(first.findings, "row-hidden").message
    assert "“设备清单”第 3 行 F 列“产地”" in only(first.findings, "column-unknown").message


def test_a_column_that_is_missing_is_told_to_those_who_have_rows(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "申报单位": [MAIN, *TWO],
        "设备清单": [["申报单位", "金额（万元）"], ["甲公司", 1]],
    }
    first, second = read_roster(workbook(tmp_path / "名册.xlsx", sheets))
    assert "设备名称" in only(first.findings, "column-missing").message
    assert second.findings == ()


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (["甲", "乙"], "工作表“设备清单”里找不到表头"),
        (["设备名称", "设备金额（万元）"], "没有写明属于哪个申报单位的一列"),
    ],
)
def test_a_sheet_of_a_table_that_cannot_be_read_is_refused(
    tmp_path: Path, header: list[str], said: str
) -> None:
    sheets: dict[str, Rows] = {"申报单位": [MAIN, *TWO], "设备清单": [header, ["甲", 1]]}
    with pytest.raises(UsageFault, match=said):
        read_roster(workbook(tmp_path / "名册.xlsx", sheets))


def test_two_sheets_of_one_table_are_refused(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {"申报单位": [MAIN, *TWO]}
    sheets |= {title: [DEVICES, [CODE, None, "甲", 1]] for title in ("设备清单", "续表")}
    with pytest.raises(UsageFault, match="两张工作表都像“设备清单”"):
        read_roster(workbook(tmp_path / "名册.xlsx", sheets))


def test_a_changed_row_of_a_table_changes_what_is_built_of_its_applicant_only(
    tmp_path: Path,
) -> None:
    def keys(folder: str, devices: Rows) -> list[str]:
        source = roster(tmp_path / folder, devices)
        rows = read_rows(source, tmp_path / "成册")
        return [key_of(row.application, {}, Options(), "") for row in rows]

    before = keys("一", [[CODE, None, "甲", 1], [None, "乙公司", "乙", 1]])
    after = keys("二", [[None, "乙公司", "乙", 1], [None, None, None], [CODE, None, "甲", 2]])
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_a_row_of_a_roster_is_compared_with_its_table(tmp_path: Path) -> None:
    first, _ = read_roster(roster(tmp_path, [[CODE, None, "甲", 1], [CODE, None, "乙", 2]]))
    notice = the_notice()
    answers = {"applicant": {"name": "甲公司", "uscc": CODE}, "project": {"address": "一街"}}
    other = {**answers, "equipment": [{"name": "甲", "price": 1}]}
    application = application_model(notice).model_validate(other)
    (unlike,) = differences(application, transcript_of(notice, first))
    assert (unlike.place, unlike.ours) == (("equipment",), "共 1 行")
    assert unlike.theirs == "共 2 行；第 2 行 乙、2"


_any = st.characters(exclude_categories=["Cs", "Cc"])
_plain = st.text(_any, max_size=20).map(usual_characters)
words = st.none() | _plain | st.sampled_from(["合计", "设备名称", "=1+1", "0012", "{{ x }}"])
devices_given = st.fixed_dictionaries(
    {
        "name": _plain.map(lambda text: f"设备{text}"),
        "way": st.sampled_from([None, "rent", "buy"]),
        "uses": st.sets(st.sampled_from(["train", "infer"])),
        "bought_on": st.none() | st.dates().map(str),
        "price": st.none()
        | st.integers(1, 10_000_000)
        | st.integers(1, 10**9).map(lambda n: n / 100),
        "remark": words,
    }
)


@settings(max_examples=20)
@given(tables=st.lists(st.lists(devices_given, max_size=6), min_size=2, max_size=2))
def test_what_was_written_into_a_roster_is_read_from_it(
    tmp_path_factory: pytest.TempPathFactory, tables: list[list[dict[str, Any]]]
) -> None:
    notice = the_notice()
    rows = [
        [
            None,
            owner[0],
            given["name"],
            {"rent": "租用", "buy": "购置"}.get(given["way"]),
            *("是" if use in given["uses"] else "否" for use in ("train", "infer")),
            given["bought_on"],
            given["price"],
            given["remark"],
        ]
        for owner, devices in zip(TWO, tables, strict=True)
        for given in devices
    ]
    header = [
        column.label for column in columns_of(notice.fields, ("equipment",)) if column.written
    ]
    sheets: dict[str, Rows] = {"申报单位": [MAIN, *TWO], "设备清单": [header, *rows]}
    path = workbook(tmp_path_factory.mktemp("名册") / "名册.xlsx", sheets)
    read = [row.document["equipment"] for row in read_roster(path)]
    model = application_model(notice)
    contexts = [
        [form_context(notice, model.model_validate({"equipment": rows})) for rows in every]
        for every in (read, tables)
    ]
    assert contexts[0] == contexts[1]


@pytest.mark.parametrize(("state", "how"), [("hidden", "右击"), ("veryHidden", "Alt+F11")])
def test_a_hidden_sheet_with_rows_of_a_table_is_told(tmp_path: Path, state: str, how: str) -> None:
    def hide(book: Any) -> None:
        book["设备清单"].sheet_state = state

    device = [CODE, None, "服务器", 12, "2025-03-01"]
    with pytest.raises(UsageFault, match="“设备清单”是隐藏的，其中填了 1 行") as told:
        read_roster(roster(tmp_path, [device], change=hide))
    assert "取消隐藏" in told.value.remedy and how in told.value.remedy
    assert read_roster(roster(tmp_path, [], change=hide))
