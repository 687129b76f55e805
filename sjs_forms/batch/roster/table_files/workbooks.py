"""Opens an .xlsx within limits, and returns the cells of its sheets that have content.

Input is untrusted: sizes are checked before unpacking, and XML entities are refused (openpyxl does
so if defusedxml is installed, which we require). Neither of openpyxl's modes is usable. The full
one fails on filters and conditional formats of other programs; the read-only one ignores merged
cells and generates every empty row that a sheet declares. So its row parser is called directly.
"""

import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from io import BufferedReader, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, get_args

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.plain_files import open_zip
from sjs_forms.base.libraries.openpyxl_loader import load_openpyxl
from sjs_forms.base.progress import Cancelled
from sjs_forms.batch.roster.table_files.cell_colours import colour_of, ground_of, is_unseen
from sjs_forms.batch.roster.table_files.sheets import (
    MAX_CELLS,
    MAX_COLUMN,
    MAX_FILE_BYTES,
    MAX_MERGED,
    MAX_ROW,
    Cell,
    Merged,
    Sheet,
    SheetState,
    valued_cell,
)
from sjs_forms.batch.roster.table_files.strict_workbooks import is_strict, transitional

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_XML_BYTES = 200_000_000
"""Limit in bytes on everything read from a workbook, unpacked; pictures are not read."""
_SAVE_AS = "请用 Excel 或 WPS 打开，“另存为”时选“Excel 工作簿 (*.xlsx)”，再试。"


def read_workbook(path: Path, is_cancelled: Callable[[], bool]) -> tuple[Sheet, ...]:
    """Return all sheets in order, also hidden ones.

    Raises UsageFault if the file is not a readable workbook, or exceeds a limit, OSError and
    Cancelled.
    """
    with BufferedReader(_CancellableFile(path, is_cancelled)) as stream:
        _inspect(path.name, stream)
        with translated(path.name):
            return tuple(_sheets(_transitional(stream)))


class _CancellableFile(FileIO):
    """A file whose reading raises Cancelled if the job was cancelled.

    openpyxl reads a whole part of a workbook in one call, which may take seconds.
    """

    def __init__(self, path: Path, is_cancelled: Callable[[], bool]) -> None:
        super().__init__(path)
        self._is_cancelled = is_cancelled

    def readinto(self, buffer: "WriteableBuffer") -> int:
        if self._is_cancelled():
            raise Cancelled
        return super().readinto(buffer)


def _inspect(name: str, stream: BinaryIO) -> None:
    """Refuse a file that is not a workbook, or would unpack beyond the limits."""
    stream.seek(0, 2)
    if stream.tell() > MAX_FILE_BYTES:
        raise too_large(name)
    if not zipfile.is_zipfile(stream):
        raise UsageFault(f"“{name}”不是 Excel 工作簿。", f"表格须是 .xlsx 格式。{_SAVE_AS}")
    try:
        with open_zip(stream) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as problem:
        raise damaged(name) from problem
    if "[Content_Types].xml" not in {member.filename for member in members}:
        raise UsageFault(f"“{name}”不是 Excel 工作簿。", f"表格须是 .xlsx 格式。{_SAVE_AS}")
    read = (member for member in members if member.filename.endswith((".xml", ".rels")))
    if sum(member.file_size for member in read) > MAX_XML_BYTES:
        raise too_large(name)


def too_large(name: str) -> UsageFault:
    """Return the error for a table that is larger than any filled in by hand."""
    return UsageFault(
        f"“{name}”过大，不像是手工填写的名册。",
        "请删去多余的工作表、图片和空行，或把申报单位分成几个文件。",
    )


def damaged(name: str) -> UsageFault:
    """Return the error for a table that cannot be parsed."""
    return UsageFault(f"“{name}”已损坏，或不是 Excel 工作簿，无法读取。", _SAVE_AS)


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Translate exceptions of the libraries that read tables into UsageFault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of content that it would not write
            yield
    except Beyond as problem:
        raise too_large(name) from problem
    except MemoryError as problem:
        raise too_large(name) from problem
    except Exception as problem:  # whatever openpyxl, zipfile, zlib or the XML parsers raise
        raise damaged(name) from problem


class Beyond(Exception):
    """Raised for more cells than a roster can have."""


def _transitional(stream: BinaryIO) -> BinaryIO:
    """Return the workbook, converted if it is a Strict one."""
    return transitional(stream) if is_strict(stream) else stream


def _sheets(stream: BinaryIO) -> Iterator[Sheet]:
    stream.seek(0)
    book = load_openpyxl().load_workbook(
        stream, read_only=True, data_only=True, keep_links=False, rich_text=True
    )
    for sheet in book.worksheets:
        yield _parse(book, sheet)


def _parse(book: Any, sheet: Any) -> Sheet:
    from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser
    from openpyxl.xml.constants import SHEET_MAIN_NS
    from openpyxl.xml.functions import iterparse

    rows: dict[int, dict[int, Cell]] = {}
    merged: list[Merged] = []
    hidden: set[int] = set()
    hidden_columns: set[int] = set()
    seen = 0
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
            rich_text=True,
        )
        for _, element in iterparse(source):
            if element.tag == ROW_TAG:
                number, read = parser.parse_row(element)
                formulas = [part.find(f"{{{SHEET_MAIN_NS}}}f") is not None for part in element]
                cells = _cells(book, zip(read, formulas, strict=True))
                seen += len(read)
                if seen > MAX_CELLS or not 0 < number <= MAX_ROW:
                    raise Beyond
                if cells:
                    rows.setdefault(number, {}).update(cells)
                if _is_hidden(element, "ht"):
                    hidden.add(number)
                element.clear()
            elif element.tag == f"{{{SHEET_MAIN_NS}}}col" and _is_hidden(element, "width"):
                hidden_columns.update(_columns_of(element))
            elif element.tag == f"{{{SHEET_MAIN_NS}}}mergeCell":
                merged.append(_block(element.get("ref")))
                if len(merged) > MAX_MERGED:
                    raise Beyond
    state: SheetState = (
        sheet.sheet_state if sheet.sheet_state in get_args(SheetState) else "visible"
    )
    return Sheet(
        sheet.title, rows, tuple(merged), frozenset(hidden), state, frozenset(hidden_columns)
    )


def _is_hidden(element: Any, extent: str) -> bool:
    """Return whether a row or column is hidden or has no `extent`, its height or width.

    (ECMA-376 part 1, 18.3.1.73 and 18.3.1.13.)
    """
    return element.get("hidden") in ("1", "true") or element.get(extent) in ("0", "0.0")


def _columns_of(col: Any) -> range:
    """Return the columns that an element `col` is about."""
    return range(int(col.get("min")), min(int(col.get("max")), MAX_COLUMN) + 1)


def _block(reference: str) -> Merged:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(reference)
    return Merged(top or 1, left or 1, bottom or MAX_ROW, right or MAX_COLUMN)


def _cells(book: Any, row: Iterator[tuple[Mapping[str, Any], bool]]) -> dict[int, Cell]:
    found = {}
    for raw, formula in row:
        value, struck = _split(raw["value"], *_strikes(book, raw["style_id"]))
        value, unseen = _split(value, *_colours(book, raw["style_id"]))
        cell = Cell(epoch=book.epoch.date())
        if raw["data_type"] == "e":
            cell = replace(cell, error=str(value))
        elif value is None or str(value) == "":
            # A formula with the result "" has the type str, and was calculated.
            if not formula or raw["data_type"] == "str":
                continue
            cell = replace(cell, uncalculated=True)
        else:
            value = str(value) if isinstance(value, list) else value
            cell = valued_cell(value, _pattern(book, value, raw["style_id"]), cell.epoch)
            cell = replace(cell, struck=struck, unseen=unseen)
        found[raw["column"]] = cell
    return found


def _split(
    value: object, is_left_out: Callable[[Any], bool], by_default: bool
) -> tuple[object, str]:
    """Return the value, text without the parts that a font leaves out, and those parts.

    Text that is left out to the end is its own value. `by_default` says so of the cell's own font,
    which parts without one take over.
    """
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    if not isinstance(value, CellRichText):
        return value, str(value).strip() if by_default and value is not None else ""
    kept, left = CellRichText(), CellRichText()
    for part in value:
        own = is_left_out(part.font) if isinstance(part, TextBlock) else by_default
        (left if own else kept).append(part)
    return (kept if str(kept).strip() else left), str(left).strip()


def _strikes(book: Any, style: int) -> tuple[Callable[[Any], bool], bool]:
    """Return how to tell that a font is struck out (18.8.22), and whether the cell's own is."""
    own = _own(book._fonts, book._cell_styles[style].fontId)
    return (lambda font: bool(font.strike)), bool(own is not None and own.strike)


def _colours(book: Any, style: int) -> tuple[Callable[[Any], bool], bool]:
    """Return how to tell that a font has the colour of a cell's ground, and whether its own has."""
    ground = ground_of(_own(book._fills, book._cell_styles[style].fillId))
    own = _own(book._fonts, book._cell_styles[style].fontId)
    by_default = own is not None and is_unseen(colour_of(own.color), ground)

    def is_left_out(font: Any) -> bool:
        return by_default if font.color is None else is_unseen(colour_of(font.color), ground)

    return is_left_out, by_default


def _own(listed: Any, index: int) -> Any:
    return listed[index] if index < len(listed) else None


def _pattern(book: Any, value: object, style: int) -> str:
    """Return the number format of a number; "" for other values, or if unknown."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    number = book._cell_styles[style].numFmtId
    own = number - BUILTIN_FORMATS_MAX_SIZE
    if own < 0:
        return BUILTIN_FORMATS.get(number, "")
    return book._number_formats[own] if own < len(book._number_formats) else ""
