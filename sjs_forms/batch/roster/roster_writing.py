"""`write_roster`: writes the workbook to fill in, with one row per applicant.

Each table with any number of rows has a sheet of its own, whose rows name their applicant.

The same notice gives the same bytes: no timestamps.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby
from typing import Any

from sjs_forms.base.files.stable_bytes import workbook_bytes
from sjs_forms.base.libraries.openpyxl_loader import load_openpyxl
from sjs_forms.batch.roster.cell_rules import how_to_fill, rule_of
from sjs_forms.batch.roster.columns import Column, columns_of, tables_of
from sjs_forms.batch.roster.instructions_sheet import NOTES_TITLE, add_notes
from sjs_forms.batch.roster.roster_reading import MAX_ROWS
from sjs_forms.batch.roster.row_reading import column_letters
from sjs_forms.domain.installed_notices import installed_programmes
from sjs_forms.domain.programme import Programme

SHEET_TITLE = "申报单位"
TITLE_ROW, GROUP_ROW, HEADER_ROW = 1, 2, 3
FIRST_ROW = HEADER_ROW + 1

_LAST_ROW = HEADER_ROW + MAX_ROWS
_ROW_HEIGHT = 36
_LONGEST_TITLE = 31
_WIDTHS: Mapping[str, float] = {
    "line": 24,
    "text": 40,
    "uscc": 23,
    "phone": 18,
    "email": 24,
    "day": 15,
    "number": 16,
    "choice": 16,
    "choices": 16,
}
"""Widths of columns in Excel's units, by the name of the kind."""
_CENTRED = frozenset({"day", "choice", "choices", "phone", "uscc"})
_FORMATS: Mapping[str, str] = {"day": "yyyy-mm-dd", "number": "#,##0.######"}
_GROUP_COLOURS = ("DCE6F1", "E4EFDC", "FDEFD9")
_REQUIRED_COLOUR, _BLANK_COLOUR, _LINE_COLOUR = "C00000", "FBE3E1", "BFBFBF"


def write_roster(programme: Programme) -> bytes:
    """Return the .xlsx for applicants of a notice: the sheet to fill in, and 填写说明."""
    book = load_openpyxl().Workbook()
    first, *tables = _plans(programme)
    _fill(book.active, programme, first)
    for plan in tables:
        _fill(book.create_sheet(), programme, plan)
    add_notes(book.create_sheet(), programme, first.columns, [plan.columns for plan in tables])
    return _saved(book, programme)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A sheet to fill in: its title, its columns, and the text above them."""

    title: str
    heading: str
    note: str
    columns: tuple[Column, ...]


def _plans(programme: Programme) -> Iterator[_Plan]:
    """Yield the sheet of the applicants and that of each table."""
    note = f"每行一个申报单位；带 * 的必须填写；填法见工作表“{NOTES_TITLE}”。"
    yield _Plan(SHEET_TITLE, "申报单位名册", note, _written_columns(programme))
    for table in tables_of(programme.fields):
        columns = columns_of(programme.fields, table.place)
        note = f"每行一项，写明是哪个申报单位的；填法见工作表“{NOTES_TITLE}”。"
        written = tuple(column for column in columns if column.written)
        yield _Plan(_sheet_title(table.label), table.label, note, written)


def _sheet_title(label: str) -> str:
    """Return a label as Excel allows it for a sheet: 31 characters, none of []:*?/\\."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", "", label)[:_LONGEST_TITLE] or "表格"


def _written_columns(programme: Programme) -> tuple[Column, ...]:
    """Return the columns of the sheet to fill in; with several notices, one names the notice."""
    columns = columns_of(programme.fields)
    several = len(installed_programmes()) > 1
    asked = tuple(column for column in columns if column.place == ("programme",) and several)
    return (*(column for column in columns if column.written), *asked)


def _fill(sheet: Any, programme: Programme, plan: _Plan) -> None:
    columns = plan.columns
    sheet.title = plan.title
    _write_head(sheet, programme, plan)
    for number, column in enumerate(columns, start=1):
        _style_column(sheet, number, column)
    _add_rules(sheet, programme, columns)
    _mark_blanks(sheet, columns)
    sheet.freeze_panes = f"B{FIRST_ROW}"
    sheet.sheet_format.defaultRowHeight = _ROW_HEIGHT
    sheet.sheet_format.customHeight = True
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.page_setup.fitToWidth = 6
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{GROUP_ROW}:{HEADER_ROW}"
    sheet.print_title_cols = "A:A"


def _write_head(sheet: Any, programme: Programme, plan: _Plan) -> None:
    """Write the title, the groups of columns, and the header."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill

    columns = plan.columns
    for number in range(1, len(columns) + 1):
        sheet.cell(TITLE_ROW, number).border = Border()  # without the borders of its column
    title = sheet.cell(TITLE_ROW, 1, plan.heading)
    title.font = Font(name="黑体", size=16)
    title.alignment = Alignment(vertical="center")
    note = sheet.cell(TITLE_ROW, 2, f"{programme.title}：{plan.note}")
    note.font = Font(name="宋体", size=11, color=_REQUIRED_COLOUR)
    note.alignment = Alignment(vertical="center")
    sheet.row_dimensions[TITLE_ROW].height = 32
    sheet.row_dimensions[GROUP_ROW].height = 20
    sheet.row_dimensions[HEADER_ROW].height = 50
    centred = Alignment(horizontal="center", vertical="center", wrap_text=True)
    at = 1
    for index, (group, members) in enumerate(groupby(columns, key=lambda column: column.group)):
        fill = PatternFill("solid", start_color=_GROUP_COLOURS[index % len(_GROUP_COLOURS)])
        first = at
        for at, column in enumerate(members, start=first):
            for row, text in ((GROUP_ROW, ""), (HEADER_ROW, header_text(column))):
                cell = sheet.cell(row, at, text or None)
                colour = _REQUIRED_COLOUR if column.required and text else "000000"
                cell.font = Font(name="黑体", size=11, color=colour)
                cell.fill, cell.alignment, cell.border = fill, centred, _lines()
        sheet.cell(GROUP_ROW, first).value = group
        sheet.merge_cells(start_row=GROUP_ROW, end_row=GROUP_ROW, start_column=first, end_column=at)
        at += 1


def header_text(column: Column) -> str:
    """Return a column's header: the form's label, marked if required."""
    return f"* {column.label}" if column.required else column.label


def _style_column(sheet: Any, number: int, column: Column) -> None:
    """Set width, type and format of a whole column, so that every row has them."""
    from openpyxl.styles import Alignment, Font

    style = sheet.column_dimensions[column_letters(number)]
    style.width = _WIDTHS[column.kind.name]
    style.font = Font(name="宋体", size=11)
    style.border = _lines()
    style.alignment = Alignment(
        horizontal="center" if column.kind.name in _CENTRED else None,
        vertical="top" if column.kind.name == "text" else "center",
        wrap_text=True,
    )
    style.number_format = _FORMATS.get(column.kind.name, "@")


def _add_rules(sheet: Any, programme: Programme, columns: Sequence[Column]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    cells = {
        column.place: f"{column_letters(number)}{FIRST_ROW}"
        for number, column in enumerate(columns, start=1)
        if not column.tick
    }
    for number, column in enumerate(columns, start=1):
        rule = rule_of(programme.fields, column, cells)
        letters = column_letters(number)
        sheet.add_data_validation(
            DataValidation(
                type=rule.type,
                operator=rule.operator,
                formula1=rule.formula1,
                formula2=rule.formula2,
                allow_blank=True,
                showErrorMessage=True,
                showInputMessage=True,
                errorTitle="填写有误",
                error=rule.refusal,
                promptTitle=column.label[:32],
                prompt=("必填。" if column.required else "") + how_to_fill(column),
                sqref=f"{letters}{FIRST_ROW}:{letters}{_LAST_ROW}",
            )
        )


def _mark_blanks(sheet: Any, columns: Sequence[Column]) -> None:
    """Colour required cells that are blank in a row with content."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    fill = PatternFill("solid", start_color=_BLANK_COLOUR, end_color=_BLANK_COLOUR)
    colour = DifferentialStyle(fill=fill)
    last = column_letters(len(columns))
    for number, column in enumerate(columns, start=1):
        if column.required:
            letters = column_letters(number)
            started = f"COUNTA($A{FIRST_ROW}:${last}{FIRST_ROW})>0"
            formula = f"AND({started},LEN(TRIM({letters}{FIRST_ROW}))=0)"
            sheet.conditional_formatting.add(
                f"{letters}{FIRST_ROW}:{letters}{_LAST_ROW}",
                Rule(type="expression", formula=[formula], dxf=colour),
            )


def _lines() -> Any:
    from openpyxl.styles import Border, Side

    line = Side(style="thin", color=_LINE_COLOUR)
    return Border(left=line, right=line, top=line, bottom=line)


def _saved(book: Any, programme: Programme) -> bytes:
    moment = datetime.combine(programme.dated, time())
    book.properties.created = book.properties.modified = moment
    book.properties.creator = "sjs-forms"
    book.properties.title = f"{programme.title}申报单位名册"
    return workbook_bytes(book)
