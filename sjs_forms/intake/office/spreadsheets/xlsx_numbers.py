"""Keeps the numbers and dates of an .xlsx readable that are wider than their column.

A spreadsheet shows `###` for them, and what fits in Excel may be too wide in the fonts of another
program. They are shrunk to fit; where that would be too small to read, the cells are named.
"""

import copy
import re
from typing import Any

from lxml import etree

from sjs_forms.intake.office.packages.office_package import OfficePackage
from sjs_forms.intake.office.spreadsheets import all_formats
from sjs_forms.intake.office.spreadsheets.sheet_width import Extent, number
from sjs_forms.intake.wordml import attribute, first, named

_DATE, _NUMBER = 10, 11
"""Characters of a date, and the most of a number without a format, which Excel rounds to fit."""

_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""Built-in formats of dates and times, with those of East Asia (ECMA-376 part 1, 18.8.30)."""

_GROUPED = {3: 0, 4: 2, 37: 0, 38: 0, 39: 2, 40: 2, 2: 2, 9: 1, 10: 3}
"""Decimals, or signs, that further built-in formats add."""

_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_OF_DATES = re.compile(r"[ymdhs]")


class ExcelNumbers:
    """The formats of a workbook's numbers."""

    def __init__(self, package: OfficePackage) -> None:
        self._package = package
        found = package.roots("styleSheet")
        self._part, styles = found[0] if found else ("", None)
        self._list: Any = None if styles is None else first(styles, "cellXfs")
        self._formats = [] if self._list is None else list(self._list)
        self._patterns = {
            attribute(each, "numFmtId"): attribute(each, "formatCode")
            for each in (() if styles is None else named(styles, "numFmt"))
        }
        self._shrunk: dict[int, int] = {}

    def fit(self, root: Any, extent: Extent) -> list[str]:
        """Shrink the numbers of a sheet to their columns; return the cells that are too narrow."""
        narrow = []
        merged = {attribute(each, "ref").partition(":")[0] for each in named(root, "mergeCell")}
        for cell in named(root, "c"):
            value, place = first(cell, "v"), attribute(cell, "r")
            if value is None or not value.text or attribute(cell, "t") not in ("", "n"):
                continue
            style = int(number(attribute(cell, "s"), 0))
            letters = place.rstrip("0123456789")
            if style >= len(self._formats) or not letters:
                continue
            room = extent.characters(all_formats.column(letters))
            wanted = self._characters(value.text, style)
            if 0 < room < all_formats.LEAST * wanted and place not in merged:
                narrow.append(place)
            else:
                cell.set("s", str(self._shrunk_to_fit(style)))
        return narrow

    def _characters(self, text: str, style: int) -> int:
        """Return about how many characters a number has as shown."""
        kind = attribute(self._formats[style], "numFmtId")
        pattern = self._patterns.get(kind, "")
        code = int(number(kind, 0))
        bare = _QUOTED.sub("", pattern.partition(";")[0].lower())
        if bare == "general" or (not pattern and code == 0):
            return min(len(text), _NUMBER)
        if code in _DATE_FORMATS or _OF_DATES.search(bare):
            return _DATE if code in _DATE_FORMATS else max(len(bare), 4)
        try:
            whole = f"{abs(float(text)):.0f}"
        except (ValueError, OverflowError):
            return 0
        grouped = "," in bare or code in _GROUPED
        decimals = len(bare.partition(".")[2]) + 1 if "." in bare else _GROUPED.get(code, 0)
        return min(len(whole), 20) + (len(whole) - 1) // 3 * grouped + decimals

    def _shrunk_to_fit(self, style: int) -> int:
        """Return the index of this format with its text shrunk to fit."""
        if style not in self._shrunk:
            made = copy.deepcopy(self._formats[style])
            alignment = first(made, "alignment")
            if alignment is None:
                alignment = etree.Element(f"{{{etree.QName(made).namespace}}}alignment")
                made.insert(0, alignment)
            alignment.attrib.pop("wrapText", None)
            alignment.set("shrinkToFit", "1")
            made.set("applyAlignment", "1")
            self._shrunk[style] = len(self._list)
            self._list.append(made)
            self._list.set("count", str(len(self._list)))
            self._package.touch(self._part)
        return self._shrunk[style]
