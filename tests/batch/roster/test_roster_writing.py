"""The roster to fill: what Excel shows, asks and refuses, and how `new --excel` writes it."""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from sjs_forms.base.errors import UsageFault
from sjs_forms.batch.roster import read_roster, write_roster
from sjs_forms.batch.roster.columns import Column
from sjs_forms.batch.roster.roster_writing import FIRST_ROW, HEADER_ROW
from sjs_forms.cli.commands import main
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from tests.counting import HANGS
from tests.rosters import (
    REQUIRED,
    all_columns,
    blank_roster,
    column_at,
    column_of,
    headers,
    put_row,
)
from tests.samples import the_programme


@pytest.fixture(scope="module")
def sheets() -> tuple[Worksheet, Worksheet]:
    """The sheet to fill and 填写说明."""
    to_fill, notes = load_workbook(BytesIO(blank_roster())).worksheets
    return to_fill, notes


def _rules(sheet: Worksheet) -> dict[Column, Any]:
    """The validation of each column."""
    found = {}
    for rule in sheet.data_validations.dataValidation:
        (block,) = rule.sqref.ranges
        found[column_of(str(sheet.cell(HEADER_ROW, block.min_col).value))] = (rule, block)
    return found


def test_the_same_notice_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = blank_roster()
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert write_roster(the_programme()) == first


def test_every_column_that_is_asked_for_stands_on_the_sheet_once() -> None:
    assert [column_of(header) for header in headers()] == [
        column for column in all_columns() if column.written
    ]


def test_required_columns_are_marked() -> None:
    marked = {column_of(header).label for header in headers() if header.startswith("*")}
    assert marked == set(REQUIRED)


def test_the_sheet_to_fill_holds_no_applicant(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(blank_roster())
    with pytest.raises(UsageFault, match="一行也没有填写"):
        read_roster(path)


def test_every_column_has_a_rule_that_excel_accepts(sheets: tuple[Worksheet, Worksheet]) -> None:
    rules = _rules(sheets[0])
    assert set(rules) == {column_of(header) for header in headers()}
    for rule, block in rules.values():
        assert (block.min_row, block.max_row) == (FIRST_ROW, HEADER_ROW + 10_000)
        assert rule.showErrorMessage
        assert rule.showInputMessage
        for text, most in (
            (rule.promptTitle, 32),
            (rule.prompt, 255),
            (rule.errorTitle, 32),
            (rule.error, 225),
            (rule.formula1, 255),
        ):
            assert text
            assert len(text) <= most


def test_drop_downs_offer_the_words_of_the_form(sheets: tuple[Worksheet, Worksheet]) -> None:
    rules = _rules(sheets[0])
    assert rules[column_at("平台类别")][0].formula1 == '"新认定,新迁入"'
    assert rules[column_at("平台资质其他类别（国家级/市级）")][0].formula1 == '"国家级,市级"'
    assert rules[column_at("平台资质：全国重点实验室")][0].formula1 == '"是,否"'


def test_every_choice_has_a_word_that_stands_on_the_notice_s_form() -> None:
    for programme_id in installed_programmes():
        programme = load_programme(programme_id)
        forms = "".join(
            path.read_text(encoding="utf-8") for path in programme.folder.glob("forms/*.html")
        )
        kinds = [answer.kind for answer in programme.fields.answers()]
        choices = [choice for kind in kinds for choice in getattr(kind, "choices", ())]
        assert choices
        assert [choice.label for choice in choices if choice.label not in forms] == []


def test_codes_and_phones_are_kept_as_text_and_dates_as_dates(
    sheets: tuple[Worksheet, Worksheet],
) -> None:
    sheet, _ = sheets
    for number, header in enumerate(headers(), start=1):
        letters = sheet.cell(HEADER_ROW, number).column_letter
        kind = column_of(header).kind
        expected = {"day": "yyyy-mm-dd", "number": "#,##0.######"}.get(kind.name, "@")
        assert sheet.column_dimensions[letters].number_format == expected


def test_the_header_stays_in_sight(sheets: tuple[Worksheet, Worksheet]) -> None:
    assert sheets[0].freeze_panes == f"B{FIRST_ROW}"


def test_the_notes_tell_of_every_column_with_an_example(
    sheets: tuple[Worksheet, Worksheet],
) -> None:
    _, notes = sheets
    rows = {row[0]: row[1:] for row in notes.iter_rows(values_only=True) if row[1] or row[2]}
    for header in headers():
        column = column_of(header)
        required, how, example = rows[column.label]
        assert required == ("必填" if column.required else None)
        assert str(how).endswith("。")
        assert example or column.place == ("signed_on",)
    for number, material in enumerate(the_programme().materials, start=1):
        assert any(f"{number}-{material.short}" in str(row[0].value) for row in notes.iter_rows())


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_roster_that_libreoffice_saved_is_read_the_same(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(blank_roster()))
    labels = [column_of(header).label for header in headers()]
    more = {"起止年限（起）": "2025年3月1日", "总面积（平方米）": 3200.5, "平台类别": "新迁入"}
    filled = {**REQUIRED, **more, "平台建设内容": "一\n二"}
    put_row(book.worksheets[0], FIRST_ROW, [filled.get(label) for label in labels])
    path = tmp_path / "名册.xlsx"
    book.save(path)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    again = tmp_path / "再存"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", again, path],
        check=True,
        capture_output=True,
        timeout=HANGS,
    )
    (row,) = read_roster(again / "名册.xlsx")
    assert row.findings == ()
    assert (row,) == read_roster(path)


# new --excel


def _new(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["new", *map(str, words)], prog_name="sjs-forms")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_new_excel_writes_the_sheet_to_fill(tmp_path: Path) -> None:
    target = tmp_path / "新文件夹" / "名册.XLSX"
    code, said = _new("--excel", target)
    assert code == 0
    assert f"sjs-forms batch {target}" in said
    assert target.read_bytes() == blank_roster()
    assert [path.name for path in target.parent.iterdir()] == ["名册.XLSX"]


def test_new_excel_never_writes_over_a_file(tmp_path: Path) -> None:
    target = tmp_path / "名册.xlsx"
    target.write_text("已填写", encoding="utf-8")
    code, said = _new("--excel", target)
    assert code == 6
    assert "已经存在" in said
    assert target.read_text(encoding="utf-8") == "已填写"


@pytest.mark.parametrize("name", ["名册", "名册.xls", "名册.et", ".xlsx"])
def test_new_excel_wants_a_name_that_excel_opens(tmp_path: Path, name: str) -> None:
    code, said = _new("--excel", tmp_path / name)
    assert code == 2
    assert "请写成 名册.xlsx 的样子。" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("others", [["文件夹"], ["--sample"], ["文件夹", "--sample"]])
def test_new_excel_stands_alone(tmp_path: Path, others: list[str]) -> None:
    code, said = _new("--excel", tmp_path / "名册.xlsx", *others)
    assert code == 2
    assert "不能与" in said
    assert list(tmp_path.iterdir()) == []


def test_new_excel_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "文件").touch()
    code, said = _new("--excel", tmp_path / "文件" / "名册.xlsx")
    assert code == 6
    assert "无法写入" in said
