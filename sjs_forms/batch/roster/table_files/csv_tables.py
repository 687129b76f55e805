"""Reads a roster that was saved as CSV, by Excel (GBK, UTF-8 with a mark) or by other programs."""

import csv
import io
from collections import Counter
from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.batch.roster.table_files.sheets import MAX_CELLS, MAX_COLUMN, Cell, Sheet

MAX_BYTES = 50_000_000
SUFFIX = ".csv"

_ENCODINGS = ("utf-8-sig", "gb18030")
_SAVE_AS = "请用 Excel 或 WPS 打开它，另存为“Excel 工作簿 (*.xlsx)”，再试。"
_DELIMITERS = ",\t;，"
_HEAD = 20_000
"""Characters from which the delimiter is told."""


def read_csv(path: Path) -> Sheet:
    """Return the table as a sheet whose cells are texts. Raises UsageFault, and OSError."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UsageFault(f"“{path.name}”过大，不像是手工填写的名册。", "请把申报单位分成几个文件。")
    text = _decoded(path.name, data)
    rows: dict[int, dict[int, Cell]] = {}
    seen = 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        for number, values in enumerate(reader, 1):
            seen += len(values)
            if seen > MAX_CELLS or len(values) > MAX_COLUMN:
                raise UsageFault(f"“{path.name}”的格子太多，不像是名册。", "请删去多余的行和列。")
            cells = {at: Cell(value) for at, value in enumerate(values, 1) if value.strip()}
            if cells:
                rows[number] = cells
    except csv.Error as problem:
        raise UsageFault(
            f"“{path.name}”不是完好的 CSV 表格，无法读取。",
            _SAVE_AS,
        ) from problem
    return Sheet(path.stem, rows, ())


def _decoded(name: str, data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    raise UsageFault(
        f"“{name}”不是文字的表格，无法读取。",
        _SAVE_AS,
    )


def _delimiter(text: str) -> str:
    """Return the delimiter: the candidate that gives the most of the first rows equally many cells.

    One that is only punctuation in long answers gives each row another number of them.
    """
    return max(_DELIMITERS, key=lambda candidate: _evenness(text[:_HEAD], candidate))


def _evenness(head: str, delimiter: str) -> tuple[int, int]:
    """Return how many rows have the most common number of cells above one, and that number."""
    widths: Counter[int] = Counter()
    try:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        widths.update(len(values) for values in reader if len(values) > 1)
    except csv.Error:  # a cell that is longer than any: the delimiter is another
        return 0, 0
    return max(((rows, width) for width, rows in widths.items()), default=(0, 0))
