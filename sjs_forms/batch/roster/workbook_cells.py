"""Opens an .xlsx: its sheets as cells that hold something, within bounds.

The only reader of workbooks, and hostile input: sizes are bounded before anything is unpacked,
entities of XML are refused (openpyxl does that where defusedxml is installed, which we require).
Of openpyxl's own sheets neither mode will do: the full one stumbles over filters and conditional
formats that other programs write, the read-only one knows no merged cells and makes up every
empty row that a sheet claims. So its parser is given the rows, one by one, and nothing else.
"""

import math
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.plain_files import open_zip
from sjs_forms.batch.roster.cell_answers import BLANK_CELL, Cell

MAX_FILE_BYTES = 200_000_000
MAX_XML_BYTES = 200_000_000
"""Of all that is read of a workbook, unpacked; pictures are not read."""
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
MAX_CELLS = 3_000_000
"""Of one sheet, blank ones that only bear a format included: each costs time to look at."""
MAX_MERGED = 20_000
_MOST_ZEROS = 20
"""Digits of a number format such as 00000 that says how many are always shown."""

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "请用 Excel 或 WPS 打开，“另存为”时选“Excel 工作簿 (*.xlsx)”，再试。"


@dataclass(frozen=True, slots=True)
class Merged:
    """A block of merged cells, rows and columns from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: by row and column from 1 the cells that hold something, and merged blocks.

    A merged block holds its content in its first cell. `hidden` are rows that the sheet does not
    show: hidden by hand, or by a filter.
    """

    title: str
    rows: Mapping[int, Mapping[int, Cell]]
    merged: tuple[Merged, ...]
    hidden: frozenset[int] = frozenset()

    def cell(self, row: int, column: int) -> Cell:
        """The cell at that place, blank where it holds nothing."""
        return self.rows.get(row, {}).get(column, BLANK_CELL)


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """All sheets that are not hidden, in their order.

    Raises UsageFault where the file cannot be read as a workbook, or is beyond all bounds.
    """
    try:
        with path.open("rb") as stream:
            _inspect(path.name, stream)
            with _translated(path.name):
                return tuple(_sheets(stream))
    except OSError as problem:
        raise UsageFault(
            f"无法读取“{path}”：{problem.strerror or problem}。",
            "请检查文件是否存在、是否有权限打开，并先在 Excel 或 WPS 中关闭它。",
        ) from problem


def _inspect(name: str, stream: BinaryIO) -> None:
    """Refuse what is no workbook, and one that would unpack beyond bounds."""
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
            warnings.simplefilter("ignore")  # of openpyxl's, about what it would not write back
            yield
    except _Beyond as problem:
        raise _too_large(name) from problem
    except MemoryError as problem:
        raise _too_large(name) from problem
    except Exception as problem:  # whatever openpyxl, zipfile, zlib or the XML parsers raise
        raise _damaged(name) from problem


class _Beyond(Exception):
    """More cells than any roster has."""


def _sheets(stream: BinaryIO) -> Iterator[Sheet]:
    from openpyxl import load_workbook

    stream.seek(0)
    book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
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
    return Sheet(sheet.title, rows, tuple(merged), frozenset(hidden))


def _is_hidden(row: Any) -> bool:
    """Whether a row element is hidden, or has no height (ECMA-376 part 1, 18.3.1.73)."""
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
            # A formula that yields "" has the type str, and was calculated.
            if not formula or raw["data_type"] == "str":
                continue
            cell = replace(cell, uncalculated=True)
        else:
            pattern = _pattern(book, value, raw["style_id"])
            zeros = bool(pattern) and set(pattern) == {"0"} and len(pattern) <= _MOST_ZEROS
            digits = len(pattern) if zeros else 0
            cell = replace(cell, value=value, digits=digits, scaled=scale_of(pattern))
        found[raw["column"]] = cell
    return found


def _is_shown(number: float) -> bool:
    """Whether Excel could have written the number."""
    try:
        return math.isfinite(float(number))
    except OverflowError:
        return False


def _pattern(book: Any, value: object, style: int) -> str:
    """The number format of a number; "" for other values and where none is known."""
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
    """What makes a number format show a number of another size: `%`, 万, or 按千缩小.

    "" where it shows the number as it is. Of formats for negative numbers and zero only the first
    part counts (ECMA-376 part 1, 18.8.31).
    """
    shown = _ASIDES.sub("", _QUOTED.sub(lambda match: match[1] or match[2] or "", pattern))
    first = shown.split(";")[0]
    found = _SCALING.search(first)
    if found:
        return found[0]
    return "按千缩小" if _THOUSANDTHS.search(first) else ""
