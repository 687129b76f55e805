"""清单.xlsx: what is in the zip and what is missing, to be read on a screen and printed on A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from sjs_forms.manifest import TOOL
from sjs_forms.portal.listing import Row
from sjs_forms.publish import fix_zip

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_COLUMNS = (("序号", 6), ("材料", 26), ("文件", 44), ("页数", 7), ("大小", 11), ("说明", 36))
_HEAD_ROW = 3
_SIZE = '[>=1000000]#,##0.0,," MB";[>0]#,##0," KB";""'
_INK, _RED, _AMBER = "000000", "C00000", "7F6000"
_LACK_GROUND, _HEAD_GROUND = "FCE4E4", "E7E6E6"
_EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - xlsx knows no time zone
_MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.6, "header": 0.3, "footer": 0.3}


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the list; `draft` is the mark of a draft, empty for none."""

    title: str
    applicant: str
    draft: str


def list_bytes(heading: Heading, rows: Sequence[Row]) -> bytes:
    """The workbook: the same bytes from the same rows."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("清单")
    _head(sheet, heading)
    for at, row in enumerate(rows, start=_HEAD_ROW + 1):
        _row(sheet, at, row)
    _foot(sheet, _HEAD_ROW + 1 + len(rows), rows)
    _merge_materials(sheet, rows)
    _page(sheet)
    book.properties.creator = TOOL
    book.properties.title = f"{heading.title}在线申报材料清单"
    book.properties.created = book.properties.modified = _EPOCH
    made = BytesIO()
    book.save(made)
    return fix_zip(made.getvalue())


def _head(sheet: "Worksheet", heading: Heading) -> None:
    last = len(_COLUMNS)
    mark = f"（{heading.draft}）" if heading.draft else ""
    _put(sheet, 1, 1, f"{heading.title}在线申报材料清单{mark}", size=16, bold=True)
    _put(sheet, 2, 1, f"申报单位：{heading.applicant}", size=11)
    for row, height in ((1, 30), (2, 22), (_HEAD_ROW, 22)):
        sheet.row_dimensions[row].height = height
    for row in (1, 2):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)
    for column, (name, width) in enumerate(_COLUMNS, start=1):
        _put(
            sheet, _HEAD_ROW, column, name, bold=True, centred=True, ground=_HEAD_GROUND, lined=True
        )
        sheet.column_dimensions[chr(64 + column)].width = width


def _row(sheet: "Worksheet", at: int, row: Row) -> None:
    ink = {"plain": _INK, "doubt": _AMBER, "lack": _RED}[row.mood]
    ground = _LACK_GROUND if row.mood == "lack" else None
    values = (row.number, row.material or None, row.file, row.pages, row.size, row.note)
    for column, value in enumerate(values, start=1):
        about_file = column > 2
        _put(
            sheet,
            at,
            column,
            value,
            ink=ink if about_file else _INK,
            ground=ground if about_file else None,
            bold=row.mood == "lack" and column == 3,
            centred=column in (1, 4),
            lined=True,
        )
    sheet.cell(at, 5).number_format = _SIZE
    lines = max(_lines(row.file, _COLUMNS[2][1]), _lines(row.note, _COLUMNS[5][1]))
    sheet.row_dimensions[at].height = 6 + 15 * max(1, lines)


def _foot(sheet: "Worksheet", at: int, rows: Sequence[Row]) -> None:
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
        _put(sheet, at, column, value, bold=True, ink=ink, ground=_HEAD_GROUND, lined=True)
    sheet.cell(at, 5).number_format = _SIZE
    sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=2)
    sheet.row_dimensions[at].height = 22


def _merge_materials(sheet: "Worksheet", rows: Sequence[Row]) -> None:
    """One cell for number and title of a material, however many files it has."""
    starts = [at for at, row in enumerate(rows) if row.number is not None]
    for start, after in zip(starts, [*starts[1:], len(rows)], strict=True):
        if after - start < 2:
            continue
        first, last = _HEAD_ROW + 1 + start, _HEAD_ROW + after
        for column in (1, 2):
            sheet.merge_cells(start_row=first, start_column=column, end_row=last, end_column=column)


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


def _put(
    sheet: "Worksheet",
    row: int,
    column: int,
    value: Any,
    *,
    size: int = 11,
    bold: bool = False,
    ink: str = _INK,
    ground: str | None = None,
    centred: bool = False,
    lined: bool = False,
) -> None:
    """One cell; what begins with = is text all the same."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell = sheet.cell(row, column, value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.font = Font(name="宋体", size=size, bold=bold, color=ink)
    across = "center" if centred or size > 11 else None
    cell.alignment = Alignment(horizontal=across, vertical="center", wrap_text=True)
    if ground:
        cell.fill = PatternFill("solid", fgColor=ground)
    if lined:
        line = Side("thin", color="999999")
        cell.border = Border(line, line, line, line)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column: a Chinese character is two digits wide."""
    wide = sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
    return -(-wide // (width - 2))
