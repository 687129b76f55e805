"""Shared by all spreadsheet formats: fitting a wide sheet to a page, and clock functions."""

import re
from dataclasses import dataclass

PORTRAIT, LANDSCAPE = "portrait", "landscape"
A4, A3 = (595.28, 841.89), (841.89, 1190.55)
MARGIN = 50.4
"""Default margin on each side in points: 0.7 inches, as in Excel."""

_TURN = 0.8
"""Scale below which landscape is better."""
SMALL = 0.55
"""Scale below which a sheet gets a remark: 11-point type comes out below 6."""

LEAST = 0.6
"""Share of its size down to which a number that is wider than its column is shrunk."""

_SHEET = re.compile(r"\$?(?:'[^']*'|[^:!'$]*)[!.]")
"""The sheet's name before a cell, in Excel's and OpenDocument's notation."""
_PARTS = re.compile(r"(?:'[^']*'|[^,\s'])+")
_BLOCK = re.compile(r"\$?([A-Z]{1,3})?\$?(\d{1,7})?(?::\$?([A-Z]{1,3})?\$?(\d{1,7})?)?")
_ENDLESS = 10**8
_CLOCK = re.compile(
    r"(?<![\w.])(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY|CELL|INFO)\s*\(", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PageFit:
    """How a sheet fits its pages: its orientation, and its scale if reduced."""

    orientation: str
    scale: float


def fit(
    width: float, margins: float, orientation: str = "", paper: tuple[float, float] = A4
) -> PageFit:
    """Return how a sheet `width` points wide fits a page, with the sum of its side margins.

    `orientation` is the sheet's current one; landscape is taken as the author's choice.
    """
    upright = (paper[0] - margins) / max(width, 1)
    across = (paper[1] - margins) / max(width, 1)
    if orientation != LANDSCAPE and upright >= _TURN:
        return PageFit(PORTRAIT, min(upright, 1))
    return PageFit(LANDSCAPE, min(across, 1))


def is_clock(formula: str) -> bool:
    """Return whether a formula depends on time, chance or the file's location."""
    return _CLOCK.search(formula) is not None


def columns_of(area: str) -> tuple[int, int] | None:
    """Return the first and last column (from 0) of an area like `Sheet1!$A$1:$C$9`, or None."""
    bare = _SHEET.sub("", area.strip())
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?\d*:\$?([A-Z]{1,3})\$?\d*", bare)
    return (column(found[1]), column(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class PrintArea:
    """The author's print area of a sheet: blocks of first and last row and column, from 0.

    Without blocks all is printed, or what is printed is unknown.
    """

    blocks: tuple[tuple[int, int, int, int], ...] = ()

    def leaves_out(self, row: int, column: int) -> bool:
        """Return whether a cell is not printed."""
        return bool(self.blocks) and not any(
            top <= row <= bottom and left <= column <= right
            for top, bottom, left, right in self.blocks
        )


def print_area(text: str) -> PrintArea:
    """Read blocks like `Sheet1!$A$1:$C$9,Sheet1!$E:$F`, in Excel's or OpenDocument's notation."""
    blocks = []
    for part in _PARTS.findall(text):
        found = _BLOCK.fullmatch(_SHEET.sub("", part))
        if found is None:
            return PrintArea()
        left, top, right, bottom = found.groups()
        rows = (int(top or 1) - 1, int(bottom or top or _ENDLESS) - 1)
        if found[0].count(":") and not bottom:
            rows = (rows[0], _ENDLESS)
        columns = (column(left or "A"), column(right or left or "XFD"))
        blocks.append((*rows, *columns))
    return PrintArea(tuple(blocks))


def column(letters: str) -> int:
    """Return the index, from 0, of a column by its letters."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def letters(index: int) -> str:
    """Return the letters of a column by its index, from 0."""
    found, rest = "", index + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        found = chr(65 + last) + found
    return found


def text_width(text: str, size: float) -> float:
    """Return the approximate width in points of a text's longest line. Chinese is square."""
    lines = text.split("\n")
    return max(sum(1.0 if ord(each) > 0x2E7F else 0.55 for each in line) for line in lines) * size
