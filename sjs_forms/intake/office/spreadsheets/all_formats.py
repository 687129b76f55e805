"""What spreadsheets of every format have in common: how a wide one fits a page, clock functions."""

import re
from dataclasses import dataclass

PORTRAIT, LANDSCAPE = "portrait", "landscape"
A4, A3 = (595.28, 841.89), (841.89, 1190.55)
MARGIN = 50.4
"""Points at each side where a sheet says nothing else: 0.7 inches, as Excel has it."""

_TURN = 0.8
"""Scale below which a page that is wider than high is better."""
SMALL = 0.55
"""Scale below which a sheet is a remark: type of 11 points comes out below 6."""

_SHEET = re.compile(r"\$?(?:'[^']*'|[^:!'$]*)[!.]")
"""The sheet's name before a cell, as Excel and as OpenDocument write it."""
_CLOCK = re.compile(
    r"(?<![\w.])(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY|CELL|INFO)\s*\(", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a sheet comes onto pages: its orientation, and its scale where it must be reduced."""

    orientation: str
    scale: float


def fit(
    width: float, margins: float, orientation: str = "", paper: tuple[float, float] = A4
) -> Fit:
    """How a sheet `width` points wide fits a page with so many points of margins together.

    `orientation` is what the sheet says now; landscape is taken for its author's choice.
    """
    upright = (paper[0] - margins) / max(width, 1)
    across = (paper[1] - margins) / max(width, 1)
    if orientation != LANDSCAPE and upright >= _TURN:
        return Fit(PORTRAIT, min(upright, 1))
    return Fit(LANDSCAPE, min(across, 1))


def is_clock(formula: str) -> bool:
    """Whether a formula asks for the time, for chance or for where the file lies."""
    return _CLOCK.search(formula) is not None


def columns_of(area: str) -> tuple[int, int] | None:
    """First and last column (from 0) of an area such as `Sheet1!$A$1:$C$9`; None for none."""
    bare = _SHEET.sub("", area.strip())
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?\d*:\$?([A-Z]{1,3})\$?\d*", bare)
    return (column(found[1]), column(found[2])) if found else None


def column(letters: str) -> int:
    """The number, from 0, of a column by its letters."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def text_width(text: str, size: float) -> float:
    """About what the longest line of a text takes, in points; Chinese is as wide as it is high."""
    lines = text.split("\n")
    return max(sum(1.0 if ord(each) > 0x2E7F else 0.55 for each in line) for line in lines) * size
