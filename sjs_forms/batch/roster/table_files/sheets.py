"""The sheets and cells of a table, as the readers of all kinds of file return them."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

MAX_FILE_BYTES = 200_000_000
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
MAX_CELLS = 3_000_000
"""Limit on the cells of a sheet, including blank formatted ones, since each takes time."""
MAX_MERGED = 20_000
_MAX_ZEROS = 20
"""Maximum digits of a number format such as 00000."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as stored in the workbook.

    `error` is the error that Excel shows (#REF!). `uncalculated` marks a formula without a stored
    value. `digits` is the minimum number of digits that the format shows (0 if it does not say).
    `scaled` is the unit or percent sign with which the format shows another number (%, 万). `epoch`
    is the workbook's day 0. `struck` is text that is struck out, `unseen` text in the colour of its
    ground: all of the cell, or a part that `value` lacks.
    """

    value: object = None
    error: str | None = None
    uncalculated: bool = False
    digits: int = 0
    scaled: str = ""
    epoch: date = date(1899, 12, 30)
    struck: str = ""
    unseen: str = ""

    @property
    def is_struck_out(self) -> bool:
        """Whether all of the cell is struck out."""
        return bool(self.struck) and self.struck == str(self.value).strip()

    @property
    def is_unseen(self) -> bool:
        """Whether all of the cell is in the colour of its ground."""
        return bool(self.unseen) and self.unseen == str(self.value).strip()


BLANK_CELL = Cell()


@dataclass(frozen=True, slots=True)
class Merged:
    """A block of merged cells; rows and columns from 1, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


SheetState = Literal["visible", "hidden", "veryHidden"]
"""How a sheet is shown (ECMA-376 part 1, 18.18.68)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: cells with content by row and column from 1, and merged blocks.

    A merged block has its content in its first cell. `hidden` are rows hidden by hand or by a
    filter, `hidden_columns` columns hidden by hand or in a closed group. `state` is that of the
    sheet itself: Excel's menus do not show a very hidden one again.
    """

    title: str
    rows: Mapping[int, Mapping[int, Cell]]
    merged: tuple[Merged, ...]
    hidden: frozenset[int] = frozenset()
    state: SheetState = "visible"
    hidden_columns: frozenset[int] = frozenset()

    @property
    def is_hidden(self) -> bool:
        """Whether the sheet itself is hidden, so that nobody sees what it says."""
        return self.state != "visible"

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at that place, a blank one if it is empty."""
        return self.rows.get(row, {}).get(column, BLANK_CELL)


def valued_cell(value: object, pattern: str, epoch: date) -> Cell:
    """Return the cell of a value and its number format, which is "" if unknown."""
    if isinstance(value, int | float) and not _is_shown(value):
        return Cell(error="#NUM!", epoch=epoch)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Cell(value, epoch=epoch)
    zeros = bool(pattern) and set(pattern) == {"0"} and len(pattern) <= _MAX_ZEROS
    digits = len(pattern) if zeros else 0
    return Cell(value, digits=digits, scaled=scale_of(pattern), epoch=epoch)


def _is_shown(number: float) -> bool:
    """Return whether Excel could have written the number."""
    try:
        return math.isfinite(float(number))
    except OverflowError:
        return False


_ASIDES = re.compile(r"\[[^\]]*\]|_.|\*.|@")
_QUOTED = re.compile(r'"([^"]*)"|[\\!](.)')
_SCALING = re.compile(
    r"[%‰万亿千百]|公顷|[市公]?亩|[分厘毫]米|公里|[kdc](?=㎡|m)|ha\b|大?约|近|左右|余|多|不足|"
    r"以[上下]|超|逾|[≥≤＞＜><±~～]",
    re.IGNORECASE,
)
_THOUSANDTHS = re.compile(r"[0#?],+(?![0#?,])")


def scale_of(pattern: str) -> str:
    """Return how a number format makes another number of it: `%`, 万, 公顷, 约, or 按千缩小.

    Returns "" for a format that shows the number itself, 不显示内容 for one that shows nothing.
    Only the first section counts, not those for negative numbers and zero (ECMA-376 part 1,
    18.8.31).
    """
    shown = _ASIDES.sub("", _QUOTED.sub(lambda match: match[1] or match[2] or "", pattern))
    first = shown.split(";")[0]
    found = _SCALING.search(first)
    if found:
        return found[0]
    if pattern and not first.strip():
        return "" if pattern.strip() == "@" else "不显示内容"
    return "按千缩小" if _THOUSANDTHS.search(first) else ""
