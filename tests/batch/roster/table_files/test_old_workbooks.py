"""Rosters of other kinds than .xlsx: Excel 97's .xls, WPS's .et, and Strict Open XML."""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlwt

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.progress import Cancelled
from sjs_forms.batch.roster import read_roster
from sjs_forms.batch.roster.columns import FOLDER_LABEL
from sjs_forms.batch.roster.table_files import read_table
from tests.rosters import REQUIRED, with_answers
from tests.samples import codes, only

ANSWERS: dict[str, Any] = {
    "起止年限（起）": dt.date(2025, 3, 1),
    "总面积（平方米）": 3200.5,
    "平台资质：北京市重点实验室": True,
    "其他需要说明的问题": "第一段\n第二段",
}


def _written(path: Path, *rows: dict[str, Any], **formats: str) -> Path:
    """An .xls with a row for each applicant; `formats` are number formats by header."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("申报单位")
    headers = list(REQUIRED | {label: None for row in rows for label in row})
    for column, label in enumerate(headers):
        sheet.write(0, column, label)
        for number, row in enumerate(rows, 1):
            value = {**REQUIRED, **row}.get(label)
            shown = "yyyy-mm-dd" if isinstance(value, dt.date) else "General"
            style = xlwt.easyxf(num_format_str=formats.get(label, shown))
            if value is not None:
                sheet.write(number, column, value, style)
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["名册.xls", "名册.et", "名册.xlsx"])
def test_a_roster_of_the_old_kind_says_what_the_same_xlsx_says(tmp_path: Path, name: str) -> None:
    new = with_answers(tmp_path / "新.xlsx", ANSWERS, {"联系人": "李四"})
    old = _written(tmp_path / name, ANSWERS, {"联系人": "李四"})
    assert [(row.number, row.name, row.document, row.findings) for row in read_roster(old)] == [
        (row.number, row.name, row.document, row.findings) for row in read_roster(new)
    ]


def test_an_xlsx_under_the_old_name_is_read_by_what_it_is(tmp_path: Path) -> None:
    path = with_answers(tmp_path / "名册.xlsx", ANSWERS)
    assert read_roster(path.rename(tmp_path / "名册.xls"))[0].document["contact"]


def test_number_formats_of_the_old_kind_are_obeyed(tmp_path: Path) -> None:
    area, phone = "总面积（平方米）", "联系电话"
    scaled = _written(tmp_path / "a.xls", {area: 0.66}, **{area: "0%"})
    assert "“%”" in only(read_roster(scaled)[0].findings, "cell-shown-otherwise").message
    zeros = _written(tmp_path / "b.xls", {phone: 1068863654}, **{phone: "00000000000"})
    assert read_roster(zeros)[0].document["contact"]["phone"] == "01068863654"
    rounded = _written(tmp_path / "c.xls", {"申报单位统一社会信用代码": 911101080000000000})
    assert codes(read_roster(rounded)[0].findings)


def test_words_struck_out_in_the_old_kind_are_seen(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("申报单位")
    struck, plain = xlwt.easyxf("font: struck_out true"), xlwt.easyxf()
    for column, (label, value) in enumerate(REQUIRED.items()):
        sheet.write(0, column, label)
        if label == "联系人":
            sheet.write_rich_text(1, column, (("王大力", struck.font), ("许小满", plain.font)))
        else:
            sheet.write(1, column, value, struck if label == "邮箱" else plain)
    book.save(tmp_path / "名册.xls")
    (row,) = read_roster(tmp_path / "名册.xls")
    assert row.document["contact"]["name"] == "许小满"
    assert "王大力" in only(row.findings, "cell-struck-out").message
    assert "“邮箱”" in only(row.findings, "row-struck-out").message


def test_words_in_the_colour_of_the_ground_are_seen_in_the_old_kind(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("申报单位")
    white, plain = xlwt.easyxf("font: colour white"), xlwt.easyxf()
    on_dark = xlwt.easyxf("font: colour white; pattern: pattern solid, fore_colour dark_blue")
    for column, (label, value) in enumerate(REQUIRED.items()):
        sheet.write(0, column, label, on_dark)
        if label == "联系人":
            sheet.write_rich_text(1, column, (("王大力", white.font), ("许小满", plain.font)))
        else:
            sheet.write(1, column, value, on_dark if label == "邮箱" else plain)
    book.save(tmp_path / "名册.xls")
    (row,) = read_roster(tmp_path / "名册.xls")
    assert row.document["contact"]["name"] == "许小满"
    assert "王大力" in only(row.findings, "cell-unseen").message


def test_merged_hidden_and_false_cells_of_the_old_kind_are_seen(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    hidden = book.add_sheet("旧表")
    hidden.write(0, 0, "x")
    hidden.visibility = 1
    sheet = book.add_sheet("申报单位")
    sheet.write_merge(0, 1, 0, 2, "合并")
    sheet.write(2, 0, xlwt.Formula("1/0"))
    sheet.write(2, 1, False)
    sheet.write(3, 0, 42)
    sheet.row(3).hidden = True
    sheet.col(1).hidden = True
    path = tmp_path / "名册.xls"
    book.save(path)
    (old, new) = read_table(path)
    assert old.is_hidden and not new.is_hidden
    (block,) = new.merged
    assert (block.top, block.left, block.bottom, block.right) == (1, 1, 2, 3)
    assert new.cell(3, 2).value is False
    assert new.hidden == {4}
    assert new.hidden_columns == {2}
    assert type(new.cell(4, 1).value) is int


def test_a_roster_that_counts_days_from_1904_has_the_same_days(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet = book.add_sheet("a")
    sheet.write(0, 0, dt.date(2025, 3, 1), xlwt.easyxf(num_format_str="yyyy/m/d"))
    book.save(tmp_path / "a.xls")
    (read,) = read_table(tmp_path / "a.xls")
    assert str(read.cell(1, 1).value) == "2025-03-01 00:00:00"
    assert read.cell(1, 1).epoch == dt.date(1904, 1, 1)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_roster_of_the_old_kind_cut_short_is_read_or_refused(
    tmp_path: Path, share: float
) -> None:
    path = _written(tmp_path / "名册.xls", ANSWERS)
    data = path.read_bytes()
    for at in range(int(len(data) * share), int(len(data) * share) + 40):
        path.write_bytes(data[:at])
        try:
            assert read_roster(path)
        except UsageFault as refused:
            assert "名册.xls" in refused.message


def test_reading_the_old_kind_obeys_a_cancel(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        read_table(_written(tmp_path / "名册.xls", ANSWERS), lambda: True)


def test_a_strict_workbook_is_read_as_any_other(tmp_path: Path) -> None:
    plain = with_answers(tmp_path / "名册.xlsx", ANSWERS, {FOLDER_LABEL: None})
    strict = tmp_path / "严格.xlsx"
    with zipfile.ZipFile(plain) as archive, zipfile.ZipFile(strict, "w") as made:
        for member in archive.infolist():
            data = archive.read(member)
            for family in (b"spreadsheetml", b"officeDocument", b"drawingml"):
                named = b"http://schemas.openxmlformats.org/" + family + b"/2006/"
                data = data.replace(named, b"http://purl.oclc.org/ooxml/" + family + b"/")
            made.writestr(member, data)
    assert [row.document for row in read_roster(strict)] == [
        row.document for row in read_roster(plain)
    ]
