"""清单.xlsx: what the zip contains and what is missing, for the screen and for printing on A4."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sjs_forms import TOOL
from sjs_forms.base.stable_bytes import workbook_bytes
from sjs_forms.portal.list_rows import ListRow

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_COLUMNS = (("序号", 6), ("材料", 38), ("文件", 56), ("页数", 7), ("大小", 12), ("说明", 42))
_HEAD_ROW = 3
_SIZE = '[>=1000000]#,##0.0,," MB";[>0]#,##0," KB";""'
_INK, _RED, _AMBER = "000000", "C00000", "7F6000"
_LACK_GROUND, _HEAD_GROUND = "FCE4E4", "E7E6E6"
_EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - xlsx knows no time zone
_MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.6, "header": 0.3, "footer": 0.3}


@dataclass(frozen=True, slots=True)
class Heading:
    """The text above the list. `draft` is the mark of a draft, or empty."""

    title: str
    applicant: str
    draft: str


@dataclass(frozen=True, slots=True)
class _Look:
    """The format of a cell. `lines` are its borders: left, right, top, bottom."""

    size: int = 11
    bold: bool = False
    ink: str = _INK
    ground: str | None = None
    centred: bool = False
    lines: str = "lrtb"


def list_bytes(heading: Heading, rows: Sequence[ListRow]) -> bytes:
    """Return the workbook. The same rows give the same bytes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("清单")
    _head(sheet, heading)
    for at, row in enumerate(rows, start=_HEAD_ROW + 1):
        _row(sheet, at, row)
    _foot(sheet, _HEAD_ROW + 1 + len(rows), rows)
    _page(sheet)
    book.properties.creator = TOOL
    book.properties.title = f"{heading.title}在线申报材料清单"
    book.properties.created = book.properties.modified = _EPOCH
    return workbook_bytes(book)


def _head(sheet: "Worksheet", heading: Heading) -> None:
    last = len(_COLUMNS)
    mark = f"（{heading.draft}）" if heading.draft else ""
    title = _Look(size=16, bold=True, centred=True, lines="")
    _put(sheet, 1, 1, f"{heading.title}在线申报材料清单{mark}", title)
    _put(sheet, 2, 1, f"申报单位：{heading.applicant}", _Look(lines=""))
    for row, height in ((1, 30), (2, 22), (_HEAD_ROW, 22)):
        sheet.row_dimensions[row].height = height
    for row in (1, 2):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)
    for column, (name, width) in enumerate(_COLUMNS, start=1):
        _put(sheet, _HEAD_ROW, column, name, _Look(bold=True, centred=True, ground=_HEAD_GROUND))
        sheet.column_dimensions[chr(64 + column)].width = width


def _row(sheet: "Worksheet", at: int, row: ListRow) -> None:
    ink = {"plain": _INK, "doubt": _AMBER, "lack": _RED}[row.mood]
    lacks = row.mood == "lack"
    first = row.number is not None
    about_file = _Look(ink=ink, ground=_LACK_GROUND if lacks else None)
    # Number and title stand once, in a material's first row, and are never merged: a merged cell is
    # cut at a page break.
    of_material = _Look(lines="tlr" if first else "lr")
    _put(sheet, at, 1, row.number, replace(of_material, centred=True))
    _put(sheet, at, 2, row.material or None, of_material)
    _put(sheet, at, 3, row.file, replace(about_file, bold=lacks))
    _put(sheet, at, 4, row.pages, replace(about_file, centred=True))
    _put(sheet, at, 5, row.size, about_file)
    _put(sheet, at, 6, row.note, about_file)
    sheet.cell(at, 5).number_format = _SIZE
    texts = ((row.material, 1), (row.file, 2), (row.note, 5))
    lines = max(_lines(text, _COLUMNS[column][1]) for text, column in texts)
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
        ink = _RED if lacks and column == len(values) else _INK
        _put(sheet, at, column, value, _Look(bold=True, ink=ink, ground=_HEAD_GROUND))
    sheet.cell(at, 5).number_format = _SIZE
    sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=2)
    sheet.row_dimensions[at].height = 22


def _page(sheet: "Worksheet") -> None:
    from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.freeze_panes = f"A{_HEAD_ROW + 1}"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    for side, inches in _MARGINS.items():
        setattr(sheet.page_margins, side, inches)
    foot = HeaderFooterItem(center=_HeaderFooterPart("第 &P 页，共 &N 页"))
    sheet.HeaderFooter = HeaderFooter(oddFooter=foot)


def _put(sheet: "Worksheet", row: int, column: int, value: Any, look: _Look) -> None:
    """Write one cell. Text that begins with = stays text."""
    cell: Any = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"
    across = "center" if look.centred else "left" if isinstance(value, str) else None
    cell._style = copy(_style(sheet, look, across))


@lru_cache(maxsize=16)
def _style(sheet: Any, look: _Look, across: str | None) -> Any:
    """Return the numbers of a look's styles in the sheet's workbook.

    openpyxl compares each style that is set with all in the workbook, which takes longer than all
    else here; so each look is set once.
    """
    from openpyxl.cell import Cell
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell: Any = Cell(sheet, 1, 1)
    cell.font = Font(name="宋体", size=look.size, bold=look.bold, color=look.ink)
    cell.alignment = Alignment(
        horizontal=across,
        vertical="center",
        wrap_text=True,
        indent=0 if look.centred or not look.lines else 1,
    )
    if look.ground:
        cell.fill = PatternFill("solid", fgColor=look.ground)
    line, none = Side("thin", color="999999"), Side()
    left, right, top, foot = (line if side in look.lines else none for side in "lrtb")
    cell.border = Border(left=left, right=right, top=top, bottom=foot)
    return cell._style


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column. A Chinese character is two digits wide."""
    wide = sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
    return max(1, -(-wide // (width - 3)))
