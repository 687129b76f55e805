"""Keeps the numbers and dates of an OpenDocument spreadsheet readable; see `xlsx_numbers`."""

import copy
from typing import Any

from lxml import etree

from sjs_forms.intake.office.packages.odf_names import FORMAT, OFFICE, STYLE, TABLE, TEXT
from sjs_forms.intake.office.spreadsheets import all_formats

_NUMBERS = ("float", "percentage", "currency", "date", "time")
_SIZE = 10.0
_PADDING = 0.85
"""Share of the usual width of letters that digits and signs have at least."""


class OpenNumbers:
    """The styles of a document's numbers. `styles` are those of cells, by name."""

    def __init__(self, styles: dict[str, Any]) -> None:
        self._styles = styles
        self._shrunk: dict[str, str] = {}

    def fit(self, sheet: Any, widths: list[float]) -> list[str]:
        """Shrink the numbers of a sheet to their columns; return the cells that are too narrow.

        `widths` are those of the columns in points, 0 for one that is hidden.
        """
        narrow, line = list[str](), 0
        defaults = _defaults(sheet, len(widths))
        for row in sheet.iter(f"{TABLE}table-row"):
            at = 0
            for cell in row:
                if cell.get(f"{OFFICE}value-type") in _NUMBERS and at < len(widths):
                    if self._is_too_wide(cell, widths[at]):
                        narrow.append(f"{all_formats.letters(at)}{line + 1}")
                    else:
                        self._shrink(cell, row, sheet, defaults[at])
                at += _count(cell.get(f"{TABLE}number-columns-repeated", ""))
            line += _count(row.get(f"{TABLE}number-rows-repeated", ""))
        return narrow

    @staticmethod
    def _is_too_wide(cell: Any, width: float) -> bool:
        if not width or cell.get(f"{TABLE}number-columns-spanned", "1") != "1":
            return False
        shown = "\n".join("".join(each.itertext()) for each in cell.iterchildren(f"{TEXT}p"))
        wanted = all_formats.text_width(shown, _SIZE) * _PADDING
        return width < all_formats.LEAST * wanted

    def _shrink(self, cell: Any, row: Any, sheet: Any, by_column: str) -> None:
        base = cell.get(f"{TABLE}style-name") or row.get(f"{TABLE}default-cell-style-name")
        name = self._shrunk_to_fit(base or by_column or "Default", sheet)
        if name:
            cell.set(f"{TABLE}style-name", name)

    def _shrunk_to_fit(self, base: str, sheet: Any) -> str:
        """Return the name of a style like this one with its text shrunk to fit."""
        if base in self._shrunk:
            return self._shrunk[base]
        style = self._styles.get(base)
        own = next(sheet.getroottree().getroot().iter(f"{OFFICE}automatic-styles"), None)
        if own is None:
            return ""
        if style is not None and style.getparent().tag == f"{OFFICE}automatic-styles":
            made = copy.deepcopy(style)
        else:
            made = etree.Element(f"{STYLE}style")
            made.set(f"{STYLE}family", "table-cell")
            made.set(f"{STYLE}parent-style-name", base)
        made.set(f"{STYLE}name", f"shrunk-{len(self._shrunk) + 1}")
        look = made.find(f"{STYLE}table-cell-properties")
        if look is None:
            look = etree.Element(f"{STYLE}table-cell-properties")
            made.insert(0, look)
        look.set(f"{STYLE}shrink-to-fit", "true")
        look.attrib.pop(f"{FORMAT}wrap-option", None)
        own.append(made)
        self._shrunk[base] = made.get(f"{STYLE}name", "")
        return self._shrunk[base]


def _defaults(sheet: Any, columns: int) -> list[str]:
    """Return the name of each column's default style."""
    made: list[str] = []
    for each in sheet.iter(f"{TABLE}table-column"):
        several = _count(each.get(f"{TABLE}number-columns-repeated", ""))
        name = each.get(f"{TABLE}default-cell-style-name", "")
        made += [name] * min(several, columns - len(made))
    return made + [""] * (columns - len(made))


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 else 1
