"""Reads a roster in the format of Excel 97, which is also that of WPS's .et."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.progress import Cancelled
from sjs_forms.batch.roster.table_files.cell_colours import WHITE, is_unseen
from sjs_forms.batch.roster.table_files.sheets import (
    MAX_CELLS,
    MAX_MERGED,
    Cell,
    Merged,
    Sheet,
    SheetState,
    valued_cell,
)
from sjs_forms.batch.roster.table_files.workbooks import Beyond, too_large, translated

MAX_BYTES = 20_000_000
"""Limit on the file: a blank cell takes two bytes in it, and fifty times as much when read."""

_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""An encrypted .xlsx is packed into a file of the old kind [MS-OFFCRYPTO, 2.3.4.4]."""
_STATES: tuple[SheetState, ...] = ("visible", "hidden", "veryHidden")
"""The states of a sheet by their numbers in the file."""


def is_old_workbook(path: Path) -> bool:
    """Return whether it is a compound file, as Excel 97, WPS and encryption write. Raises OSError.

    The content decides, because many files named .xls are .xlsx.
    """
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def read_old_workbook(path: Path, is_cancelled: Callable[[], bool]) -> tuple[Sheet, ...]:
    """Return all sheets in order, also hidden ones.

    Raises UsageFault if the file is encrypted, exceeds a limit, or is no such workbook, OSError
    and Cancelled.
    """
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_large(path.name)
    if _ENCRYPTED in data:
        raise _locked(path.name)
    with translated(path.name):
        return tuple(_sheets(path.name, data, is_cancelled))


def _locked(name: str) -> UsageFault:
    return UsageFault(
        f"“{name}”设有打开密码，无法读取。",
        "请用 Excel 或 WPS 打开，在“文件”的加密一项中清空密码，保存后再试。",
    )


def _sheets(name: str, data: bytes, is_cancelled: Callable[[], bool]) -> Iterator[Sheet]:
    import xlrd

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        try:
            book = xlrd.open_workbook(
                file_contents=data, formatting_info=True, on_demand=True, logfile=nowhere
            )
        except xlrd.XLRDError as problem:
            if "encrypted" in str(problem):
                raise _locked(name) from problem
            raise
        for index in range(book.nsheets):
            if is_cancelled():
                raise Cancelled
            sheet = book.sheet_by_index(index)
            yield _sheet(book, sheet)
            book.unload_sheet(index)


def _sheet(book: Any, sheet: Any) -> Sheet:
    """Convert a sheet of xlrd, in which rows and columns count from 0 and ends are exclusive."""
    if sheet.nrows * sheet.ncols > MAX_CELLS or len(sheet.merged_cells) > MAX_MERGED:
        raise Beyond
    rows: dict[int, dict[int, Cell]] = {}
    for row in range(sheet.nrows):
        cells = {
            column + 1: _split(book, cell, held, sheet.rich_text_runlist_map.get((row, column), ()))
            for column, held in enumerate(sheet.row(row))
            if (cell := _cell(book, held)) is not None
        }
        if cells:
            rows[row + 1] = cells
    merged = tuple(
        Merged(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells
    )
    hidden = frozenset(
        row + 1 for row, told in sheet.rowinfo_map.items() if told.hidden or told.height == 0
    )
    columns = frozenset(
        column + 1 for column, told in sheet.colinfo_map.items() if told.hidden or told.width == 0
    )
    return Sheet(sheet.name, rows, merged, hidden, _STATES[min(sheet.visibility, 2)], columns)


def _cell(book: Any, held: Any) -> Cell | None:
    import xlrd

    epoch = date(1904, 1, 1) if book.datemode else date(1899, 12, 30)
    match held.ctype:
        case xlrd.XL_CELL_TEXT:
            return Cell(held.value, epoch=epoch) if held.value else None
        case xlrd.XL_CELL_BOOLEAN:
            return Cell(bool(held.value), epoch=epoch)
        case xlrd.XL_CELL_ERROR:
            return Cell(error=xlrd.error_text_from_code.get(held.value, "#N/A"), epoch=epoch)
        case xlrd.XL_CELL_DATE if held.value >= 1:
            return Cell(xlrd.xldate_as_datetime(held.value, book.datemode), epoch=epoch)
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            value = int(held.value) if float(held.value).is_integer() else held.value
            return valued_cell(value, _pattern(book, held), epoch)
    return None


def _split(book: Any, cell: Cell, held: Any, runs: Sequence[tuple[int, int]]) -> Cell:
    """Return a cell without the parts that are struck out, or in the colour of its ground.

    `runs` are starts and fonts within its text.
    """
    text = str(cell.value)
    look = book.xf_list[held.xf_index]
    starts = [(0, look.font_index), *runs, (len(text), look.font_index)]
    kept, struck, unseen = "", "", ""
    ground = _ground(book, look)
    for (start, font), (end, _) in pairwise(starts):
        ink = book.colour_map.get(book.font_list[font].colour_index)
        if book.font_list[font].struck_out:
            struck += text[start:end]
        elif is_unseen(ink, ground):
            unseen += text[start:end]
        else:
            kept += text[start:end]
    if not struck.strip() and not unseen.strip():
        return cell
    value = cell.value if not kept.strip() else kept
    return replace(cell, value=value, struck=struck.strip(), unseen=unseen.strip())


def _ground(book: Any, look: Any) -> Any:
    """Return the colour of a cell's ground, or None if it has a pattern ([MS-XLS] 2.5.20)."""
    pattern = look.background.fill_pattern
    if pattern == 1:
        return book.colour_map.get(look.background.pattern_colour_index)
    return WHITE if pattern == 0 else None


def _pattern(book: Any, held: Any) -> str:
    """Return the number format of a cell."""
    shape = book.format_map.get(book.xf_list[held.xf_index].format_key)
    return str(shape.format_str) if shape else ""
