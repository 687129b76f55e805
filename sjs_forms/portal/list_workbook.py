"""清单.xlsx: what the zip contains and what is missing, for the screen and for printing on A4."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sjs_forms import TOOL
from sjs_forms.base.files.stable_bytes import workbook_bytes
from sjs_forms.base.files.workbook_style import (
    AMBER,
    EPOCH,
    HEAD_GROUND,
    INK,
    RED,
    Look,
    lines_in,
    put,
    set_landscape_a4,
)
from sjs_forms.base.libraries.openpyxl_loader import load_openpyxl
from sjs_forms.portal.list_rows import ListRow

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_COLUMNS = (("序号", 6), ("材料", 38), ("文件", 56), ("页数", 7), ("大小", 12), ("说明", 42))
_HEAD_ROW = 3
_SIZE = '[>=1000000]#,##0.0,," MB";[>0]#,##0," KB";""'
_LACK_GROUND = "FCE4E4"


@dataclass(frozen=True, slots=True)
class Heading:
    """The text above the list. `draft` is the mark of a draft, or empty."""

    title: str
    applicant: str
    draft: str


def list_bytes(heading: Heading, rows: Sequence[ListRow]) -> bytes:
    """Return the workbook. The same rows give the same bytes."""
    book = load_openpyxl().Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("清单")
    _head(sheet, heading)
    for at, row in enumerate(rows, start=_HEAD_ROW + 1):
        _row(sheet, at, row)
    _foot(sheet, _HEAD_ROW + 1 + len(rows), rows)
    set_landscape_a4(sheet, _HEAD_ROW)
    book.properties.creator = TOOL
    book.properties.title = f"{heading.title}在线申报材料清单"
    book.properties.created = book.properties.modified = EPOCH
    return workbook_bytes(book)


def _head(sheet: "Worksheet", heading: Heading) -> None:
    last = len(_COLUMNS)
    mark = f"（{heading.draft}）" if heading.draft else ""
    title = Look(size=16, bold=True, centred=True, lines="")
    put(sheet, 1, 1, f"{heading.title}在线申报材料清单{mark}", title)
    put(sheet, 2, 1, f"申报单位：{heading.applicant}", Look(lines=""))
    for row, height in ((1, 30), (2, 22), (_HEAD_ROW, 22)):
        sheet.row_dimensions[row].height = height
    for row in (1, 2):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)
    for column, (name, width) in enumerate(_COLUMNS, start=1):
        put(sheet, _HEAD_ROW, column, name, Look(bold=True, centred=True, ground=HEAD_GROUND))
        sheet.column_dimensions[chr(64 + column)].width = width


def _row(sheet: "Worksheet", at: int, row: ListRow) -> None:
    ink = {"plain": INK, "doubt": AMBER, "lack": RED}[row.mood]
    lacks = row.mood == "lack"
    first = row.number is not None
    about_file = Look(ink=ink, ground=_LACK_GROUND if lacks else None)
    # Number and title are only in a material's first row. Cells are not merged, because a page
    # break would cut a merged cell.
    of_material = Look(lines="tlr" if first else "lr")
    put(sheet, at, 1, row.number, replace(of_material, centred=True))
    put(sheet, at, 2, row.material or None, of_material)
    put(sheet, at, 3, row.file, replace(about_file, bold=lacks))
    put(sheet, at, 4, row.pages, replace(about_file, centred=True))
    put(sheet, at, 5, row.size, about_file)
    put(sheet, at, 6, row.note, about_file)
    sheet.cell(at, 5).number_format = _SIZE
    texts = ((row.material, 1), (row.file, 2), (row.note, 5))
    lines = max(lines_in(text, _COLUMNS[column][1]) for text, column in texts)
    sheet.row_dimensions[at].height = 7 + 15 * lines


def _foot(sheet: "Worksheet", at: int, rows: Sequence[ListRow]) -> None:
    files = [row for row in rows if row.size is not None]
    total = sum(row.size or 0 for row in files)
    lacks = len(rows) - len(files)
    values = (
        "合计",
        None,
        f"共 {len(files)} 个文件",
        None,
        total,
        f"缺 {lacks} 项" if lacks else "齐全",
    )
    for column, value in enumerate(values, start=1):
        ink = RED if lacks and column == len(values) else INK
        put(sheet, at, column, value, Look(bold=True, ink=ink, ground=HEAD_GROUND))
    sheet.cell(at, 5).number_format = _SIZE
    sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=2)
    sheet.row_dimensions[at].height = 22
