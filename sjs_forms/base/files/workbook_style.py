"""The format of the workbooks that we write: cells, and landscape A4 pages."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sjs_forms.base.printable_text import printable

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

INK, RED, AMBER = "000000", "C00000", "7F6000"
HEAD_GROUND = "E7E6E6"
EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - xlsx knows no time zone
_MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.6, "header": 0.3, "footer": 0.3}
_LONGEST = 32_000
"""Characters of a cell; Excel allows 32,767."""
_NARROW = re.compile("[\0-\u2e7f]+")
"""Characters before the first block of Chinese ones."""


@dataclass(frozen=True, slots=True)
class Look:
    """The format of a cell. `lines` are its borders: left, right, top, bottom."""

    size: int = 11
    bold: bool = False
    ink: str = INK
    ground: str | None = None
    centred: bool = False
    lines: str = "lrtb"


def set_landscape_a4(sheet: "Worksheet", head_row: int) -> None:
    """Set up landscape A4, one page wide.

    The rows down to `head_row` stay in view on the screen; that row is printed on each page.
    """
    from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.freeze_panes = f"A{head_row + 1}"
    sheet.print_title_rows = f"{head_row}:{head_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    for side, inches in _MARGINS.items():
        setattr(sheet.page_margins, side, inches)
    foot = HeaderFooterItem(center=_HeaderFooterPart("第 &P 页，共 &N 页"))
    sheet.HeaderFooter = HeaderFooter(oddFooter=foot)


def put(sheet: "Worksheet", row: int, column: int, value: Any, look: Look) -> None:
    """Write one cell. Text that begins with = stays text; control characters are made visible."""
    cell: Any = sheet.cell(row, column)
    across = "center" if look.centred else None
    if isinstance(value, str):
        # openpyxl would look for characters that `printable` has replaced, for formulas and errors.
        cell._value, cell.data_type = printable(value)[:_LONGEST], "s"
        across = across or "left"
    else:
        cell.value = value
    cell._style = _style(sheet, look, across).__copy__()


@lru_cache(maxsize=16)
def _style(sheet: Any, look: Look, across: str | None) -> Any:
    """Return the numbers of a look's styles in the sheet's workbook.

    openpyxl compares each style that is set with all in the workbook, which takes longer than
    anything else here. So each look is set once.
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


def digits_wide(text: str) -> int:
    """Return the width of a text in digits. A Chinese character is two digits wide."""
    return len(text) + len(_NARROW.sub("", text))


def lines_in(text: str, width: int) -> int:
    """Return how many lines a text takes in a column of that width in digits."""
    if "\n" in text:
        return sum(lines_in(part, width) for part in text.split("\n"))
    return max(1, -(-digits_wide(text) // (width - 3))) if 2 * len(text) > width - 3 else 1
