"""Sheets of workbooks are written as openpyxl writes them, to the byte."""

from datetime import date
from io import BytesIO
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet._writer import WorksheetWriter

from sjs_forms.base.files.sheet_writing import SheetWriter
from sjs_forms.base.files.workbook_style import Look, put

NEVER = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=NEVER))
PLAIN = TEXTS | st.sampled_from(
    ["", " ", "甲\n乙", "a\r\nb", "\t", "\x7f\x85", "=1+1", "#N/A", "<&>]]>\"'"]
)
NUMBERS = st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
OTHER = st.booleans() | st.dates(date(1950, 1, 1), date(2050, 1, 1)) | st.just("=A1&B1")
LOOKS = st.sampled_from([None, Look(), Look(bold=True, centred=True), Look(lines="")])
CELLS = st.tuples(PLAIN | NUMBERS | OTHER, LOOKS)


def written(book: Workbook, writer: Any) -> tuple[bytes, list[str]]:
    made = writer(book.worksheets[0], out=BytesIO())
    book.worksheets[0]._hyperlinks = []  # type: ignore[attr-defined]
    made.write()
    return made.read(), [each.target for each in made._rels]


@given(st.lists(st.lists(CELLS, max_size=4), min_size=1, max_size=5), st.integers(1, 400))
@settings(max_examples=150, deadline=None)
def test_any_cells_are_written_as_openpyxl_writes_them(rows: list[Any], height: int) -> None:
    book = Workbook()
    sheet: Any = book.worksheets[0]
    for row, cells in enumerate(rows, start=2):
        for column, (value, look) in enumerate(cells, start=1):
            if look:
                put(sheet, row, column, value, look)
            else:
                sheet.cell(row, column, value)
    sheet.row_dimensions[len(rows)].height = height
    sheet.row_dimensions[len(rows) + 3].hidden = True
    assert written(book, SheetWriter) == written(book, WorksheetWriter)


def test_what_belongs_to_a_cell_besides_its_value_is_written() -> None:
    book = Workbook()
    sheet: Any = book.worksheets[0]
    for row in range(1, 5):
        put(sheet, row, 1, f"第 {row} 行", Look())
        sheet.cell(row, 2).hyperlink = f"{row}/"
    sheet.cell(3, 1).comment = Comment("注", "x")
    sheet.cell(4, 1).font = Font(size=20)
    sheet.merge_cells("C1:D1")
    ours, links = written(book, SheetWriter)
    assert (ours, links) == written(book, WorksheetWriter)
    assert [link for link in links if link.endswith("/")] == ["1/", "2/", "3/", "4/"]
