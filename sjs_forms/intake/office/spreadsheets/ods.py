"""Prepares OpenDocument spreadsheets: stored results for formulas, wide sheets fitted to a page.

A sheet's page is the master page named by its table style. If a wide sheet needs another, it gets
its own master page and page layout.
"""

import copy
import re
from collections.abc import Iterator
from typing import Any

from sjs_forms.intake.office.packages.odf_names import CALC, FORMAT, OFFICE, STYLE, TABLE, TEXT
from sjs_forms.intake.office.spreadsheets import all_formats
from sjs_forms.intake.office.spreadsheets.ods_numbers import OpenNumbers
from sjs_forms.intake.office.treatment_notes import TreatmentNotes
from sjs_forms.intake.wordml import local

_POINTS = {"cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}
_USUAL_WIDTH = 64.0
"""Default column width in points, as in LibreOffice."""
_SCALES = tuple(
    f"{space}{name}"
    for name in ("scale-to", "scale-to-pages", "scale-to-X", "scale-to-Y")
    for space in (STYLE, "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}")
)
_MAX_COLUMNS = 16_384
_SHOWN_BY_FORMAT = ("date", "time", "boolean", "currency", "percentage")
_USUAL_SIZE = 10.0
_DEEPEST = 20
"""Limit on styles based on each other."""


def treat_tables(trees: dict[str, Any], noted: TreatmentNotes) -> set[str]:
    """Treat the tables in a document's trees. Returns the names of those changed."""
    changed = {name for name, root in trees.items() if _freeze_cells(root, noted)}
    own = {
        name: root for name, root in trees.items() if "/" not in name
    }  # excludes embedded objects
    styles, pages = _by_name(own, f"{STYLE}style"), _Pages(own)
    numbers = OpenNumbers({name: each for name, each in styles.items() if _is_of_cells(each)})
    for name, root in own.items():
        for sheet in _sheets(root):
            one = _OdsSheet(sheet, styles, noted, pages)
            if one.treat():
                changed |= {name, pages.name}
            if (narrow := numbers.fit(sheet, one.widths())) and not one.is_hidden():
                noted.narrow[sheet.get(f"{TABLE}name", "")] = narrow
            changed.add(name)
    return changed


def _sheets(root: Any) -> list[Any]:
    found = next(root.iter(f"{OFFICE}spreadsheet"), None)
    return [] if found is None else list(found.iterchildren(f"{TABLE}table"))


def _by_name(trees: dict[str, Any], tag: str) -> dict[str, Any]:
    return {
        each.get(f"{STYLE}name", ""): each for root in trees.values() for each in root.iter(tag)
    }


def _freeze_cells(root: Any, noted: TreatmentNotes) -> bool:
    """Replace formulas by stored values.

    One without a value is calculated by LibreOffice, or left blank if it depends on the clock.
    """
    changed = False
    for cell in root.iter(f"{TABLE}table-cell"):
        formula = cell.get(f"{TABLE}formula")
        if formula is None:
            continue
        stored = cell.get(f"{OFFICE}value-type") or cell.get(f"{CALC}value-type")
        if stored or all_formats.is_clock(formula):
            noted.clock |= not stored
            del cell.attrib[f"{TABLE}formula"]
            if stored in _SHOWN_BY_FORMAT and not cell.get(f"{TABLE}style-name"):
                cell.set(f"{OFFICE}value-type", "string")  # its format came only from the formula
            changed = True
    for rule in list(root.iter(f"{CALC}conditional-format")):
        conditions = [each.get(f"{CALC}value", "") for each in rule]
        if any(map(all_formats.is_clock, conditions)) or any(rule.iter(f"{CALC}date-is")):
            rule.getparent().remove(rule)
            changed = True
    return changed


class _Pages:
    """The master pages and page layouts of a document."""

    def __init__(self, trees: dict[str, Any]) -> None:
        with_pages = (
            name
            for name, root in trees.items()
            if next(root.iter(f"{STYLE}master-page"), None) is not None
        )
        self.name = next(with_pages, "")
        self._masters = _by_name(trees, f"{STYLE}master-page")
        self._layouts = _by_name(trees, f"{STYLE}page-layout")
        self._made = 0

    def layout(self, master: str) -> Any | None:
        """Return the properties of a master page's layout."""
        page = self._masters.get(master)
        name = "" if page is None else page.get(f"{STYLE}page-layout-name", "")
        layout = self._layouts.get(name)
        return None if layout is None else layout.find(f"{STYLE}page-layout-properties")

    def own(self, master: str) -> tuple[str, Any]:
        """Return the name of a copy of a master page, and the properties of its layout."""
        self._made += 1
        page = copy.deepcopy(self._masters[master])
        layout = copy.deepcopy(self._layouts[page.get(f"{STYLE}page-layout-name")])
        name = f"sheet-{self._made}"
        page.set(f"{STYLE}name", name)
        page.set(f"{STYLE}page-layout-name", name)
        page.attrib.pop(f"{STYLE}display-name", None)
        layout.set(f"{STYLE}name", name)
        self._masters[master].addnext(page)
        self._layouts[self._masters[master].get(f"{STYLE}page-layout-name")].addnext(layout)
        return name, layout.find(f"{STYLE}page-layout-properties")


class _OdsSheet:
    """One sheet during treatment."""

    def __init__(
        self, root: Any, styles: dict[str, Any], noted: TreatmentNotes, pages: _Pages
    ) -> None:
        self._root = root
        self._styles = styles
        self._noted = noted
        self._pages = pages
        self._title = root.get(f"{TABLE}name", "")
        self._outside = False

    def treat(self) -> bool:
        """Treat the sheet. Returns whether its page was changed."""
        if self.is_hidden():
            self._noted.hide(f"隐藏的工作表“{self._title}”")
            return False
        columns = list(self._columns())
        used, reach = self._used(columns)
        if any(column.hidden and number in used for number, column in enumerate(columns)):
            self._noted.hide(f"工作表“{self._title}”中隐藏的列")
        area = all_formats.columns_of(self._root.get(f"{TABLE}print-ranges", ""))
        if area:
            return self._set_page(_width(columns[area[0] : area[1] + 1]))
        return self._set_page(max(reach, _width(columns[: max(used, default=-1) + 1])))

    def is_hidden(self) -> bool:
        """Return whether the sheet is hidden."""
        return bool(self._property(self._root, "table-properties", f"{TABLE}display") == "false")

    def widths(self) -> list[float]:
        """Return the width of each column in points, 0 for one that is hidden."""
        return [0.0 if column.hidden else column.width for column in self._columns()]

    def _set_page(self, width: float) -> bool:
        style = self._styles.get(self._root.get(f"{TABLE}style-name", ""))
        master = "" if style is None else style.get(f"{STYLE}master-page-name", "")
        known = self._pages.layout(master)
        if style is None or known is None:
            self._noted.through = "ods"  # LibreOffice writes a page for every sheet
            return False
        if _is_scaled(known):
            return False
        name, layout = self._pages.own(master)
        own = copy.deepcopy(style)
        own.set(f"{STYLE}name", f"{style.get(f'{STYLE}name')}-{name}")
        own.set(f"{STYLE}master-page-name", name)
        style.addnext(own)
        self._root.set(f"{TABLE}style-name", own.get(f"{STYLE}name"))
        sides = [points(layout.get(f"{FORMAT}margin-{side}", "")) for side in ("left", "right")]
        now = layout.get(f"{STYLE}print-orientation", "")
        size = [points(layout.get(f"{FORMAT}page-{side}", "")) or 0 for side in ("width", "height")]
        paper = (min(size), max(size)) if min(size) else all_formats.A4
        margins = sum(all_formats.MARGIN if side is None else side for side in sides)
        found = all_formats.fit(width, margins, now, paper)
        for name in _SCALES:
            layout.attrib.pop(name, None)
        layout.set(f"{STYLE}scale-to-X", "1")
        layout.set(f"{STYLE}scale-to-Y", "0")
        layout.set(f"{STYLE}print-orientation", found.orientation)
        sizes = paper if found.orientation == all_formats.PORTRAIT else paper[::-1]
        layout.set(f"{FORMAT}page-width", f"{sizes[0]:.2f}pt")
        layout.set(f"{FORMAT}page-height", f"{sizes[1]:.2f}pt")
        if found.scale < all_formats.SMALL:
            self._noted.small[self._title] = found.scale
        return True

    def _used(self, columns: list["_Column"]) -> tuple[set[int], float]:
        """Return the columns (from 0) in use, and how far text extends, in points."""
        used: set[int] = set()
        reach = 0.0
        gone, line = False, 0
        printed = all_formats.print_area(self._root.get(f"{TABLE}print-ranges", ""))
        for row in self._root.iter(f"{TABLE}table-row"):
            at, last, end = 0, None, 0
            hidden = row.get(f"{TABLE}visibility") in ("collapse", "filter")
            for cell in row:
                if local(cell) not in ("table-cell", "covered-table-cell"):
                    continue
                several = _count(cell.get(f"{TABLE}number-columns-repeated", ""))
                if len(cell):
                    spans = _count(cell.get(f"{TABLE}number-columns-spanned", ""))
                    used.update(range(at, min(at + max(several, spans), _MAX_COLUMNS)))
                    gone |= hidden
                    self._outside |= not hidden and printed.leaves_out(line, at)
                    last, end = (cell, at) if spans == 1 else (None, 0)
                at += several
            line += _count(row.get(f"{TABLE}number-rows-repeated", ""))
            if last is not None and not hidden and (width := self._text_width(last)):
                reach = max(reach, _width(columns[:end]) + width)
        if gone:
            self._noted.hide(f"工作表“{self._title}”中隐藏或筛选掉的行")
        if self._outside:
            self._noted.hide(f"工作表“{self._title}”中打印区以外的内容")
        return used, reach

    def _text_width(self, cell: Any) -> float:
        """Return the width in points of a cell's text on one line; 0 for a number or
        wrapped text.
        """
        if cell.get(f"{OFFICE}value-type") != "string":
            return 0
        size, style = None, self._styles.get(cell.get(f"{TABLE}style-name", ""))
        for _ in range(_DEEPEST):
            if style is None:
                break
            for each in style:
                if each.get(f"{FORMAT}wrap-option") == "wrap":
                    return 0
                size = size or points(each.get(f"{FORMAT}font-size", ""))
            style = self._styles.get(style.get(f"{STYLE}parent-style-name", ""))
        text = "\n".join("".join(each.itertext()) for each in cell.iterchildren(f"{TEXT}p"))
        return all_formats.text_width(text, size or _USUAL_SIZE)

    def _columns(self) -> Iterator["_Column"]:
        made = 0
        for each in self._root.iter(f"{TABLE}table-column"):
            width = self._property(each, "table-column-properties", f"{STYLE}column-width")
            column = _Column(
                _USUAL_WIDTH if (wide := points(width or "")) is None else wide,
                each.get(f"{TABLE}visibility") in ("collapse", "filter"),
            )
            for _ in range(_count(each.get(f"{TABLE}number-columns-repeated", ""))):
                made += 1
                if made > _MAX_COLUMNS:
                    return
                yield column

    def _property(self, element: Any, kind: str, name: str) -> str | None:
        style = self._styles.get(element.get(f"{TABLE}style-name", ""))
        found = None if style is None else style.find(f"{STYLE}{kind}")
        return None if found is None else found.get(name)


def _is_of_cells(style: Any) -> bool:
    return str(style.get(f"{STYLE}family")) == "table-cell"


def _width(columns: list["_Column"]) -> float:
    return sum(column.width for column in columns if not column.hidden)


class _Column:
    """A column's width in points, and whether it is hidden."""

    def __init__(self, width: float, hidden: bool) -> None:
        self.width = width
        self.hidden = hidden


def _is_scaled(layout: Any) -> bool:
    """Return whether the author set a scale or a number of pages."""
    chosen = {name: layout.get(name) for name in _SCALES if layout.get(name)}
    return any(value != "100%" for value in chosen.values())


def points(length: str) -> float | None:
    """Convert a length with its unit, such as `2.1cm`, to points; None if invalid."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(cm|mm|in|pt|pc|px)", length)
    return float(found[1]) * _POINTS[found[2]] if found else None


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 else 1
