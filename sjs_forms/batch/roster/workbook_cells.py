"""Opens an .xlsx within limits, and returns the cells of its sheets that have content.

The only reader of workbooks. Input is untrusted: sizes are checked before unpacking, and XML
entities are refused (openpyxl does so if defusedxml is installed, which we require). Neither of
openpyxl's modes is usable: the full one fails on filters and conditional formats of other programs,
the read-only one ignores merged cells and generates every empty row that a sheet declares. So its
row parser is called directly.
"""

import math
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BufferedReader, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.plain_files import open_zip
from sjs_forms.base.progress import Cancelled, never_cancelled
from sjs_forms.base.system_errors import reason
from sjs_forms.batch.roster.cell_answers import BLANK_CELL, Cell

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_FILE_BYTES = 200_000_000
MAX_XML_BYTES = 200_000_000
"""Limit in bytes on everything read from a workbook, unpacked; pictures are not read."""
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
MAX_CELLS = 3_000_000
"""Limit on the cells of a sheet, including blank formatted ones, since each takes time."""
MAX_MERGED = 20_000
_MAX_ZEROS = 20
"""Maximum digits of a number format such as 00000."""

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "请用 Excel 或 WPS 打开，“另存为”时选“Excel 工作簿 (*.xlsx)”，再试。"


@dataclass(frozen=True, slots=True)
class Merged:
    """A block of merged cells; rows and columns from 1, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: cells with content by row and column from 1, and merged blocks.

    A merged block has its content in its first cell. `hidden` are rows hidden by hand or by a
    filter; `is_hidden` says that the sheet itself is.
    """

    title: str
    rows: Mapping[int, Mapping[int, Cell]]
    merged: tuple[Merged, ...]
    hidden: frozenset[int] = frozenset()
    is_hidden: bool = False

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at that place, a blank one if it is empty."""
        return self.rows.get(row, {}).get(column, BLANK_CELL)


def read_sheets(
    path: Path, is_cancelled: Callable[[], bool] = never_cancelled
) -> tuple[Sheet, ...]:
    """Return all sheets in order, also those that Excel can show again.

    Raises UsageFault if the file is not a readable workbook, or exceeds a limit, and Cancelled.
    """
    try:
        with BufferedReader(_CancellableFile(path, is_cancelled)) as stream:
            _inspect(path.name, stream)
            with _translated(path.name):
                return tuple(_sheets(stream))
    except OSError as problem:
        raise unopened(path, problem) from problem


def unopened(path: Path, problem: OSError) -> UsageFault:
    """Return the fault of a table that the system does not let us read."""
    return UsageFault(
        f"无法读取“{path}”：{reason(problem)}。",
        "请检查文件是否存在、是否有权限打开，并先在 Excel 或 WPS 中关闭它。",
    )


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
    head = stream.read(8)
    if head == _OLD_OFFICE:
        raise _old_or_locked(name, stream)
    stream.seek(0, 2)
    if stream.tell() > MAX_FILE_BYTES:
        raise _too_large(name)
    if not zipfile.is_zipfile(stream):
        raise UsageFault(f"“{name}”不是 Excel 工作簿。", f"表格须是 .xlsx 格式。{_SAVE_AS}")
    try:
        with open_zip(stream) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as problem:
        raise _damaged(name) from problem
    if "[Content_Types].xml" not in {member.filename for member in members}:
        raise UsageFault(f"“{name}”不是 Excel 工作簿。", f"表格须是 .xlsx 格式。{_SAVE_AS}")
    read = (member for member in members if member.filename.endswith((".xml", ".rels")))
    if sum(member.file_size for member in read) > MAX_XML_BYTES:
        raise _too_large(name)


def _old_or_locked(name: str, stream: BinaryIO) -> UsageFault:
    if _ENCRYPTED in stream.read(4_000_000):
        return UsageFault(
            f"“{name}”设有打开密码，无法读取。",
            "请用 Excel 或 WPS 打开，在“文件”的加密一项中清空密码，保存后再试。",
        )
    return UsageFault(f"“{name}”是旧格式的表格（.xls 或 .et），无法读取。", _SAVE_AS)


def _too_large(name: str) -> UsageFault:
    return UsageFault(
        f"“{name}”过大，不像是手工填写的名册。",
        "请删去多余的工作表、图片和空行，或把申报单位分成几个文件。",
    )


def _damaged(name: str) -> UsageFault:
    return UsageFault(f"“{name}”已损坏，或不是 Excel 工作簿，无法读取。", _SAVE_AS)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's, about what it would not write back
            yield
    except _Beyond as problem:
        raise _too_large(name) from problem
    except MemoryError as problem:
        raise _too_large(name) from problem
    except Exception as problem:  # whatever openpyxl, zipfile, zlib or the XML parsers raise
        raise _damaged(name) from problem


class _Beyond(Exception):
    """Raised for more cells than a roster can have."""


def _sheets(stream: BinaryIO) -> Iterator[Sheet]:
    from openpyxl import load_workbook

    stream.seek(0)
    book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        if sheet.sheet_state in ("visible", "hidden"):
            yield _parse(book, sheet)


def _parse(book: Any, sheet: Any) -> Sheet:
    from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser
    from openpyxl.xml.constants import SHEET_MAIN_NS
    from openpyxl.xml.functions import iterparse

    rows: dict[int, dict[int, Cell]] = {}
    merged: list[Merged] = []
    hidden: set[int] = set()
    seen = 0
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for _, element in iterparse(source):
            if element.tag == ROW_TAG:
                number, read = parser.parse_row(element)
                formulas = [part.find(f"{{{SHEET_MAIN_NS}}}f") is not None for part in element]
                cells = _cells(book, zip(read, formulas, strict=True))
                seen += len(read)
                if seen > MAX_CELLS or not 0 < number <= MAX_ROW:
                    raise _Beyond
                if cells:
                    rows.setdefault(number, {}).update(cells)
                if _is_hidden(element):
                    hidden.add(number)
                element.clear()
            elif element.tag == f"{{{SHEET_MAIN_NS}}}mergeCell":
                merged.append(_block(element.get("ref")))
                if len(merged) > MAX_MERGED:
                    raise _Beyond
    return Sheet(sheet.title, rows, tuple(merged), frozenset(hidden), sheet.sheet_state == "hidden")


def _is_hidden(row: Any) -> bool:
    """Return whether a row is hidden or has no height (ECMA-376 part 1, 18.3.1.73)."""
    return row.get("hidden") in ("1", "true") or row.get("ht") in ("0", "0.0")


def _block(reference: str) -> Merged:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(reference)
    return Merged(top or 1, left or 1, bottom or MAX_ROW, right or MAX_COLUMN)


def _cells(book: Any, row: Iterator[tuple[Mapping[str, Any], bool]]) -> dict[int, Cell]:
    found = {}
    for raw, formula in row:
        value = raw["value"]
        cell = Cell(epoch=book.epoch.date())
        if raw["data_type"] == "e":
            cell = replace(cell, error=str(value))
        elif isinstance(value, int | float) and not _is_shown(value):
            cell = replace(cell, error="#NUM!")
        elif value is None or value == "":
            # A formula with the result "" has the type str, and was calculated.
            if not formula or raw["data_type"] == "str":
                continue
            cell = replace(cell, uncalculated=True)
        else:
            pattern = _pattern(book, value, raw["style_id"])
            zeros = bool(pattern) and set(pattern) == {"0"} and len(pattern) <= _MAX_ZEROS
            digits = len(pattern) if zeros else 0
            cell = replace(cell, value=value, digits=digits, scaled=scale_of(pattern))
        found[raw["column"]] = cell
    return found


def _is_shown(number: float) -> bool:
    """Return whether Excel could have written the number."""
    try:
        return math.isfinite(float(number))
    except OverflowError:
        return False


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


_ASIDES = re.compile(r"\[[^\]]*\]|_.|\*.|@")
_QUOTED = re.compile(r'"([^"]*)"|[\\!](.)')
_SCALING = re.compile(r"[%‰万亿千百]")
_THOUSANDTHS = re.compile(r"[0#?],+(?![0#?,])")


def scale_of(pattern: str) -> str:
    """Return the factor by which a number format scales: `%`, 万, or 按千缩小.

    Returns "" for an unscaled number. Only the first section of a format counts, not those for
    negative numbers and zero (ECMA-376 part 1, 18.8.31).
    """
    shown = _ASIDES.sub("", _QUOTED.sub(lambda match: match[1] or match[2] or "", pattern))
    first = shown.split(";")[0]
    found = _SCALING.search(first)
    if found:
        return found[0]
    return "按千缩小" if _THOUSANDTHS.search(first) else ""
