"""Computes the width of an .xlsx worksheet: its columns, and text that overflows its cell."""

import re
from dataclasses import dataclass
from typing import Any

from sjs_forms.intake.office.packages.office_package import OfficePackage
from sjs_forms.intake.office.spreadsheets import all_formats
from sjs_forms.intake.wordml import OFF, attribute, first, local, named
from sjs_forms.intake.wordml.formatting import attribute_of

_PIXEL = 0.75
"""Points per pixel at 96 dots per inch."""
_DIGIT = 7
"""Width in pixels of a digit, the unit of Excel's column widths."""
_USUAL_WIDTH, _USUAL_SIZE = 9.14, 11.0
_LETTERS = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns from `first` to `last` (from 0), each `width` points wide."""

    first: int
    last: int
    width: float
    hidden: bool


class Texts:
    """The texts of a workbook's cells, and the formats in which they overflow their cells."""

    def __init__(self, package: OfficePackage) -> None:
        found = package.roots("sst")
        items = found[0][1].iterchildren("{*}si") if found else ()
        self._shared = ["".join(t.text or "" for t in item.iter("{*}t")) for item in items]
        self._sizes: list[float] = []
        self._kept: list[bool] = []
        for _, styles in package.roots("styleSheet"):
            fonts = _children(first(styles, "fonts"))
            sizes = [number(attribute_of(first(font, "sz")), _USUAL_SIZE) for font in fonts]
            for format_ in _children(first(styles, "cellXfs")):
                font = int(number(attribute(format_, "fontId"), 0))
                self._sizes.append(sizes[font] if font < len(sizes) else _USUAL_SIZE)
                self._kept.append(_keeps_within(first(format_, "alignment")))

    def width(self, cell: Any) -> float:
        """Return the width in points of a cell's text on one line; 0 for a number or
        wrapped text.
        """
        text = self._text(cell)
        at = int(number(attribute(cell, "s"), 0))
        if not text or (at < len(self._kept) and self._kept[at]):
            return 0
        return all_formats.text_width(
            text, self._sizes[at] if at < len(self._sizes) else _USUAL_SIZE
        )

    def _text(self, cell: Any) -> str:
        kind, value = attribute(cell, "t"), first(cell, "v")
        if kind == "inlineStr":
            return "".join(t.text or "" for t in cell.iter("{*}t"))
        text = "" if value is None else value.text or ""
        if kind == "s":
            at = int(number(text, -1))
            return self._shared[at] if 0 <= at < len(self._shared) else ""
        return text if kind == "str" else ""


class Extent:
    """The used extent of a worksheet. `drawn` is the last column that a picture reaches."""

    def __init__(self, root: Any, texts: Texts, drawn: int) -> None:
        usual = first(root, "sheetFormatPr")
        width = attribute(usual, "defaultColWidth") if usual is not None else ""
        self._usual = number(width, _USUAL_WIDTH) * _DIGIT * _PIXEL
        self.columns = _columns(root)
        self._known: dict[int, float] = {}
        self.used: set[int] = set()
        self.hidden_rows = False
        merged = {attribute(each, "ref").partition(":")[0] for each in named(root, "mergeCell")}
        self._reach = 0.0
        for row in named(root, "row"):
            self._read(row, texts, merged)
        ends = (all_formats.columns_of(attribute(each, "ref")) for each in named(root, "mergeCell"))
        self._last = max(drawn, max((end[1] for end in ends if end), default=-1))

    def width(self, area: tuple[int, int] | None) -> float:
        """Return the width in points of the used columns, or of an area of columns."""
        if area:
            return self._upto(area[1] + 1) - self._upto(area[0])
        last = max(self._last, max(self.used, default=-1))
        return max(self._reach, self._upto(last + 1))

    def characters(self, column: int) -> float:
        """Return how many digits of the usual size a column has room for; 0 if it is hidden."""
        return (self._upto(column + 1) - self._upto(column)) / (_DIGIT * _PIXEL)

    def hides_columns(self) -> bool:
        """Return whether a hidden column has content."""
        return any(
            run.hidden and any(run.first <= each <= run.last for each in self.used)
            for run in self.columns
        )

    def _read(self, row: Any, texts: Texts, merged: set[str]) -> None:
        hidden = attribute(row, "hidden") not in ("", *OFF)
        at, last, end = -1, None, 0
        for cell in row:
            letters = _LETTERS.match(attribute(cell, "r"))
            at = all_formats.column(letters[0]) if letters else at + 1
            if len(cell):
                self.used.add(at)
                self.hidden_rows |= hidden
                last, end = cell, at
        if last is not None and not hidden and attribute(last, "r") not in merged:
            width = texts.width(last)
            if width:
                self._reach = max(self._reach, self._upto(end) + width)

    def _upto(self, end: int) -> float:
        """Return the total width in points of the columns before index `end`."""
        if end in self._known:
            return self._known[end]
        total = end * self._usual
        for run in self.columns:
            several = min(run.last + 1, end) - run.first
            if several > 0:
                total += several * ((0 if run.hidden else run.width) - self._usual)
        self._known[end] = total
        return total


def _columns(root: Any) -> list[Columns]:
    made = []
    for each in _children(first(root, "cols")):
        begin, end = number(attribute(each, "min"), 1), number(attribute(each, "max"), 1)
        width = number(attribute(each, "width"), _USUAL_WIDTH) * _DIGIT * _PIXEL
        hidden = attribute(each, "hidden") not in ("", *OFF)
        made.append(Columns(int(begin) - 1, int(end) - 1, width, hidden))
    return made


def _keeps_within(alignment: Any | None) -> bool:
    """Return whether text with this alignment stays within its cell."""
    if alignment is None:
        return False
    shrunk = attribute(alignment, "shrinkToFit") not in ("", *OFF)
    wrapped = attribute(alignment, "wrapText") not in ("", *OFF)
    return (
        shrunk
        or wrapped
        or attribute(alignment, "horizontal") in ("fill", "justify", "distributed")
    )


def _children(element: Any | None) -> list[Any]:
    return [] if element is None else [each for each in element if local(each)]


def number(text: str, otherwise: float) -> float:
    """Parse a number; returns `otherwise` if it is missing or implausible."""
    try:
        value = float(text)
    except ValueError:
        return otherwise
    return value if 0 <= value < 1e6 else otherwise
