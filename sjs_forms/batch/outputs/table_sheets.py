"""Sheets of a workbook with a title, a header and rows, which print on A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sjs_forms import TOOL
from sjs_forms.base.files.stable_bytes import workbook_bytes
from sjs_forms.base.files.workbook_style import (
    EPOCH,
    HEAD_GROUND,
    Look,
    lines_in,
    put,
    set_landscape_a4,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEAD_ROW = 2
"""The row of the header, below the title."""

_MOST_LINES = 25
"""Lines of a row; Excel allows 409 points."""

_NO_INDENT = 2
"""Characters that a header has more room for than a cell, which is indented."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its header, and its width in characters."""

    title: str
    width: int
    centred: bool = False


def table_sheet(
    book: "Workbook", name: str, title: str, columns: Sequence[SheetColumn]
) -> "Worksheet":
    """Return a new sheet with title and header."""
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet(name)
    put(sheet, 1, 1, title, Look(size=16, bold=True, centred=True, lines=""))
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    lines = max(lines_in(column.title, column.width + _NO_INDENT) for column in columns)
    sheet.row_dimensions[1].height, sheet.row_dimensions[HEAD_ROW].height = 30, 7 + 15 * lines
    head = Look(bold=True, centred=True, ground=HEAD_GROUND)
    for at, column in enumerate(columns, start=1):
        put(sheet, HEAD_ROW, at, column.title, head)
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    set_landscape_a4(sheet, HEAD_ROW)
    return sheet


def put_line(
    sheet: "Worksheet", at: int, columns: Sequence[SheetColumn], values: Sequence[Any], ink: str
) -> None:
    """Write a row, high enough for its text."""
    lines = [1]
    looks = {centred: Look(ink=ink, centred=centred) for centred in (False, True)}
    for number, (column, value) in enumerate(zip(columns, values, strict=True), start=1):
        put(sheet, at, number, value, looks[column.centred])
        if isinstance(value, str):
            lines.append(lines_in(value, column.width))
    sheet.row_dimensions[at].height = 7 + 15 * min(max(lines), _MOST_LINES)


def put_note(
    sheet: "Worksheet", at: int, columns: Sequence[SheetColumn], text: str, ink: str
) -> None:
    """Write a line of text across all columns."""
    put(sheet, at, 1, text, Look(ink=ink, lines=""))
    sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=len(columns))
    width = sum(column.width for column in columns)
    sheet.row_dimensions[at].height = 7 + 15 * min(lines_in(text, width), _MOST_LINES)


def finished(book: "Workbook", title: str) -> bytes:
    """Return the workbook as a file. The same sheets give the same bytes."""
    book.properties.creator = TOOL
    book.properties.title = title
    book.properties.created = book.properties.modified = EPOCH
    return workbook_bytes(book)
