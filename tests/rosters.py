"""Workbooks that tests of the roster start from."""

import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from sjs_forms.batch.roster import RosterRow, read_roster, write_roster
from sjs_forms.batch.roster.columns import Column, columns_by_key, columns_of, header_key
from sjs_forms.batch.roster.roster_writing import HEADER_ROW
from tests.samples import the_programme

REQUIRED = {
    "申报单位": "甲公司",
    "联系人": "周禾",
    "联系电话": "010-88880000",
    "邮箱": "zhouhe@example.com",
    "实验室/创新平台/研究机构等名称": "某实验室",
    "实验室/创新平台/研究机构等地址": "样例大街88号",
    "设立主体1名称": "甲公司",
}
SHEET_XML = "xl/worksheets/sheet1.xml"


@cache
def blank_roster() -> bytes:
    """The sheet to fill, as it is given out."""
    return write_roster(the_programme())


@cache
def headers() -> tuple[str, ...]:
    """Its header, cell by cell."""
    sheet = load_workbook(BytesIO(blank_roster())).worksheets[0]
    return tuple(str(cell.value) for cell in sheet[HEADER_ROW])


def all_columns() -> tuple[Column, ...]:
    """Every column of the notice."""
    return columns_of(the_programme().fields)


def column_of(header: str) -> Column:
    """What a header of the sheet to fill means."""
    return columns_by_key(the_programme().fields)[header_key(header)]


def column_at(label: str) -> Column:
    """The column of that label."""
    return next(column for column in all_columns() if column.label == label)


def put_row(sheet: Any, number: int, values: Iterable[object]) -> None:
    """Write values into a row, texts as texts whatever they begin with."""
    for at, value in enumerate(values, start=1):
        if value is not None:
            cell = sheet.cell(number, at)
            cell.value = value
            if isinstance(value, str) and not value.startswith("=formula:"):
                cell.data_type = "s"


def write_sheet(
    path: Path,
    rows: Sequence[Sequence[object]],
    *,
    title: str = "申报单位",
    change: Callable[[Any, Any], None] | None = None,
) -> Path:
    """A workbook whose one sheet holds these rows; `change` is given book and sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for number, values in enumerate(rows, start=1):
        put_row(sheet, number, values)
    if change:
        change(book, sheet)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def with_answers(path: Path, *rows: Mapping[str, object], **how: Any) -> Path:
    """A roster with required answers and these, by label; the labels make the header."""
    labels = list(dict.fromkeys([*REQUIRED, *(label for row in rows for label in row)]))
    filled = [{**REQUIRED, **row} for row in rows]
    return write_sheet(
        path, [labels, *([row.get(label) for label in labels] for row in filled)], **how
    )


def the_row(path: Path, answers: Mapping[str, object], **how: Any) -> RosterRow:
    """The one row of a roster with required answers and these, read."""
    (row,) = read_roster(with_answers(path / "名册.xlsx", answers, **how))
    return row


def answer_at(row: RosterRow, label: str) -> Any:
    """What the row's document holds where a label stands for."""
    value: Any = row.document
    for step in column_at(label).place:
        value = value[step]
    return value


def change_part(path: Path, change: Callable[[str], str], part: str = SHEET_XML) -> Path:
    """Rewrite one part of a workbook as text."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part].decode("utf-8")).encode("utf-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path
