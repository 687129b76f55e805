"""Sheets fit the width of a page; what their author chose for printing stays."""

import datetime
import io
from typing import Any

import openpyxl
import pytest

from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake.office.spreadsheets.all_formats import (
    LANDSCAPE,
    PORTRAIT,
    columns_of,
    fit,
    is_clock,
    print_area,
)
from sjs_forms.intake.office.spreadsheets.excel97 import freeze_binary_sheet
from tests.intake.office.test_office import needs_office
from tests.intake.office_files import codes, open_package, printed, workbook
from tests.intake.office_together import Converter, Papers, papers_of

LETTERS = [openpyxl.utils.get_column_letter(number) for number in range(1, 60)]


def cells(columns: int) -> dict[str, str]:
    return {f"{letter}{line}": f"{letter}{line}" for letter in LETTERS[:columns] for line in (1, 2)}


def sizes(facts: SourceFacts) -> list[str]:
    return ["横" if page.width > page.height else "竖" for page in facts.pages]


def _in_format(convert: Converter, data: bytes, suffix: str) -> dict[str, bytes]:
    """An .xlsx in another format."""
    return {f"台账.{suffix}": data if suffix == "xlsx" else convert(data, ".xlsx", suffix)}


def _wide(convert: Converter, columns: int, suffix: str) -> dict[str, bytes]:
    return _in_format(convert, workbook(cells(columns)), suffix)


@needs_office
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize(("columns", "expected"), [(5, "竖"), (14, "横"), (40, "横")])
@papers_of(_wide)
def test_a_wide_sheet_is_one_page_wide(
    papers: Papers, suffix: str, columns: int, expected: str
) -> None:
    facts = papers[f"台账.{suffix}"]
    assert sizes(facts) == [expected]
    assert f"{LETTERS[columns - 1]}2" in printed(facts)
    assert codes(facts) == ({"attachment-small-sheet"} if columns == 40 else set())


def _set(**how: Any) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook(cells(20))))
    sheet = book.active
    assert sheet is not None
    for name, value in how.items():
        setattr(sheet.page_setup, name, value)
    if "fitToHeight" in how:
        sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(
            fitToPage=True
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@needs_office
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"fitToWidth": 1, "fitToHeight": 1, "orientation": "portrait"}, ["竖"]),
        ({"scale": 30, "orientation": "portrait"}, ["竖"]),
        ({"scale": 80, "orientation": "landscape"}, ["横", "横"]),
        ({"orientation": "landscape"}, ["横"]),
    ],
)
@papers_of(lambda how: {"a.xlsx": _set(**how)})
def test_what_the_author_chose_stays(
    papers: Papers,
    how: dict[str, Any],
    expected: list[str],
) -> None:
    assert sizes(papers["a.xlsx"]) == expected


def _print_area(convert: Converter, columns: int, area: str) -> dict[str, bytes]:
    data = workbook(cells(columns), area=area)
    return {"a.xlsx": data, "a.ods": convert(data, ".xlsx", "ods")}


@needs_office
@papers_of(lambda convert: _print_area(convert, 20, "A1:C1"))
def test_only_the_print_area_is_printed(papers: Papers) -> None:
    for facts in papers.values():
        assert printed(facts) == "A1B1C1" and sizes(facts) == ["竖"]
        told = next(one for one in facts.remarks if one.code == "attachment-hidden-text")
        assert "打印区以外的内容" in told.message


@needs_office
@papers_of(lambda convert: _print_area(convert, 5, "A1:E2"))
def test_a_print_area_round_everything_is_nothing_to_speak_of(papers: Papers) -> None:
    for facts in papers.values():
        assert codes(facts) == set()


@needs_office
@papers_of(lambda: {"a.xlsx": workbook({"A1": "注" * 70 + "完", "A2": "乙"})})
def test_text_that_runs_over_its_cell_is_kept_on_the_page(papers: Papers) -> None:
    facts = papers["a.xlsx"]
    assert sizes(facts) == ["横"] and "完" in printed(facts)


def _many_cells() -> dict[str, bytes]:
    cell = '<table:table-cell office:value-type="string"><text:p>甲</text:p></table:table-cell>'
    table = (
        f'<table:table table:name="表"><table:table-row>{cell * 25}</table:table-row></table:table>'
    )
    return {"a.ods": open_package("spreadsheet", table)}


@needs_office
@papers_of(_many_cells)
def test_a_sheet_without_any_page_of_its_own_gets_one(papers: Papers) -> None:
    assert sizes(papers["a.ods"]) == ["横"]


def test_how_a_sheet_fits() -> None:
    assert fit(300, 100).orientation == PORTRAIT and fit(300, 100).scale == 1
    assert fit(600, 100).orientation == PORTRAIT and fit(600, 100).scale < 1
    assert fit(700, 100).orientation == LANDSCAPE and fit(700, 100).scale == 1
    assert fit(300, 100, LANDSCAPE).orientation == LANDSCAPE
    assert fit(0, 0).scale == 1


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("台账!$A$1:$C$9", (0, 2)),
        ("'a b'!$AA$1:$AB$2", (26, 27)),
        ("台账!$A:$C", (0, 2)),
        ("台账.A1:台账.C1", (0, 2)),
        ("$台账.$B$1:.$C$9", (1, 2)),
        ("台账!$B$2", None),
        ("", None),
    ],
)
def test_areas_are_read(area: str, expected: tuple[int, int] | None) -> None:
    assert columns_of(area) == expected


@pytest.mark.parametrize(
    ("area", "inside", "outside"),
    [
        ("台账!$A$1:$C$9", [(0, 0), (8, 2)], [(9, 0), (0, 3)]),
        ("'a, b'!$A$1:$B$2,'a, b'!$D$1", [(1, 1), (0, 3)], [(0, 2), (1, 3)]),
        ("台账!$A:$C", [(9999, 2)], [(0, 3)]),
        ("台账!$2:$3", [(1, 500)], [(0, 0), (3, 0)]),
        ("台账.A1:台账.C1 '表 1'.E2:'表 1'.F3", [(0, 2), (2, 5)], [(1, 0), (1, 6)]),
        ("OFFSET(台账!$A$1,0,0,9)", [(99, 99)], []),
        ("", [(99, 99)], []),
    ],
)
def test_what_a_print_area_leaves_out(
    area: str, inside: list[tuple[int, int]], outside: list[tuple[int, int]]
) -> None:
    printed_cells = print_area(area)
    assert not any(printed_cells.leaves_out(*place) for place in inside)
    assert all(printed_cells.leaves_out(*place) for place in outside)


@pytest.mark.parametrize("formula", ["TODAY()", "YEAR(NOW())-2", "of:=TODAY()", "IF(A1,rand(),1)"])
def test_clock_functions_are_known(formula: str) -> None:
    assert is_clock(formula)


@pytest.mark.parametrize("formula", ["SUM(A1)", "BRAND(1)", "TODAY", "A1&MYNOW()", ""])
def test_other_functions_are_no_clock(formula: str) -> None:
    assert not is_clock(formula)


def test_formulas_of_a_binary_workbook_become_cells() -> None:
    """Record kinds 8 to 11 are formulas; 400 is of two bytes and none of them."""
    long = bytes([0x90, 0x03]) + bytes([2]) + b"ab"
    data = bytes([9, 4]) + b"1234" + long + bytes([8, 1]) + b"x" + bytes([11, 0])
    expected = bytes([5, 4]) + b"1234" + long + bytes([6, 1]) + b"x" + bytes([3, 0])
    assert freeze_binary_sheet(data) == expected
    assert freeze_binary_sheet(b"\x09") == b"\x05"


def _narrow(width: float) -> bytes:
    """A date, a grouped number and a plain one, in columns of that many digits."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for column, value in enumerate((datetime.date(2025, 3, 14), 123456789.25, 987654321), start=1):
        sheet.cell(1, column, value)
        sheet.column_dimensions[LETTERS[column - 1]].width = width
    sheet["B1"].number_format = "#,##0.00"
    sheet["D1"] = "尾"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@needs_office
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
@papers_of(lambda convert, suffix: _in_format(convert, _narrow(8.5), suffix))
def test_a_number_wider_than_its_column_is_shrunk_and_never_printed_as_hashes(
    papers: Papers, suffix: str
) -> None:
    facts = papers[f"台账.{suffix}"]
    text = printed(facts)
    assert "#" not in text
    assert "2025" in text and "123,456,789.25" in text and "987654321" in text
    assert not codes(facts)


@needs_office
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
@papers_of(lambda convert, suffix: _in_format(convert, _narrow(3.0), suffix))
def test_a_column_much_too_narrow_for_its_numbers_is_named_by_its_cells(
    papers: Papers, suffix: str
) -> None:
    facts = papers[f"台账.{suffix}"]
    assert "##" in printed(facts)
    (remark,) = facts.remarks
    assert remark.code == "attachment-narrow-cells"
    assert "A1、B1、C1" in remark.message


def _merged() -> dict[str, bytes]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"] = 123456789.25, "很长的一段文字写在窄列里"
    sheet["A1"].number_format = "#,##0.00"
    sheet.merge_cells("A1:D1")
    sheet.column_dimensions["A"].width = 3
    out = io.BytesIO()
    book.save(out)
    return {"台账.xlsx": out.getvalue()}


@needs_office
@papers_of(_merged)
def test_numbers_in_merged_cells_and_texts_are_not_too_narrow(papers: Papers) -> None:
    facts = papers["台账.xlsx"]
    assert "123,456,789.25" in printed(facts)
    assert not codes(facts)
