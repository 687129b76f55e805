"""Prepares workbooks (.xlsx): stored results for formulas, wide sheets fitted to a page."""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from sjs_forms.intake.office.packages.office_package import OfficePackage
from sjs_forms.intake.office.spreadsheets import all_formats
from sjs_forms.intake.office.spreadsheets.sheet_width import Extent, Texts, number
from sjs_forms.intake.office.spreadsheets.xlsx_numbers import ExcelNumbers
from sjs_forms.intake.office.treatment_notes import TreatmentNotes
from sjs_forms.intake.wordml import OFF, attribute, first, local, named
from sjs_forms.intake.wordml.fields import remove

_AFTER_SETUP = frozenset(
    {
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "customProperties",
        "cellWatches",
        "ignoredErrors",
        "smartTags",
        "drawing",
        "legacyDrawing",
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
    }
)
"""Elements that follow pageSetup in a worksheet (ECMA-376 part 1, 18.3.1.99)."""

_CODE = re.compile(r"&(&|[A-Za-z]|\"[^\"]*\"|\d+)")
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_HIDDEN = ("hidden", "veryHidden")
_LEFT_OUT = ("/comments", "/threadedComment")


def treat_excel(package: OfficePackage, noted: TreatmentNotes, name: str) -> None:
    """Treat an .xlsx. `name` is the applicant's name of it."""
    for part, book in package.roots("workbook"):
        areas, texts = _print_areas(book), Texts(package)
        numbers = ExcelNumbers(package)
        listed = first(book, "sheets")
        parts = [package.target(part, _relationship(each)) for each in _items(listed)]
        if _was_never_calculated(book, [package.tree(target) for target in parts]):
            for target in parts:
                _forget_results(package.tree(target))
        for at, (entry, target) in enumerate(zip(_items(listed), parts, strict=True)):
            title, shown = attribute(entry, "name"), attribute(entry, "state") not in _HIDDEN
            if not shown:
                noted.hide(f"隐藏的工作表“{title}”")
            root = package.tree(target)
            if root is not None and local(root) in ("worksheet", "chartsheet"):
                extent = Extent(root, texts, _drawn_to(package, target))
                _XlsxSheet(root, title, noted, name, areas.get(at, ""), shown, extent).treat()
                if (narrow := numbers.fit(root, extent)) and shown:
                    noted.narrow[title] = narrow
                package.touch(target)
        if package.drop_relationships(part, "/revisionHeaders", "/usernames"):
            noted.tracked = True
        calculation = first(book, "calcPr")
        if calculation is not None:
            remove(calculation)
            package.touch(part)
    for _, root in package.roots("comments", "ThreadedComments"):
        if next(named(root, "comment", "threadedComment"), None) is not None:
            noted.comment("批注")
    for part, _ in package.roots("worksheet"):
        package.drop_relationships(part, *_LEFT_OUT)


def _items(listed: Any | None) -> list[Any]:
    return [] if listed is None else list(listed)


def _was_never_calculated(book: Any, roots: list[Any | None]) -> bool:
    """Return whether a program wrote formulas without results, for Excel to calculate.

    Such programs set fullCalcOnLoad and write 0, or nothing, for every result.
    """
    if attribute(_or_empty(first(book, "calcPr")), "fullCalcOnLoad") in ("", *OFF):
        return False
    cells = [f.getparent() for root in roots if root is not None for f in named(root, "f")]
    values = [first(cell, "v") for cell in cells if local(cell) == "c"]
    return all(value is None or value.text in (None, "0") for value in values)


def _forget_results(root: Any | None) -> None:
    for formula in list(named(root, "f")) if root is not None else ():
        value = first(formula.getparent(), "v")
        if value is not None:
            remove(value)


def _or_empty(element: Any | None) -> Any:
    return etree.Element("none") if element is None else element


def _drawn_to(package: OfficePackage, part: str) -> int:
    """Return the last column (from 0) that a picture or chart on a sheet reaches."""
    ends = [-1]
    for drawing in package.targets(part, "/drawing"):
        root = package.tree(drawing)
        for to in named(root, "to") if root is not None else ():
            end = first(to, "col")
            ends.append(int(number((end.text or "") if end is not None else "", 0)))
    return min(max(ends), 16_383)


def _relationship(sheet: Any) -> str:
    return next((str(v) for k, v in sheet.attrib.items() if k.endswith("}id")), "")


def _print_areas(book: Any) -> dict[int, str]:
    """Return the author's print areas by sheet index."""
    areas = {}
    for name in named(book, "definedName"):
        if attribute(name, "name") == "_xlnm.Print_Area" and name.text:
            number = attribute(name, "localSheetId")
            if number.isdigit():
                areas[int(number)] = name.text
    return areas


@dataclass(slots=True)
class _XlsxSheet:
    """One sheet during treatment. `area` is the author's print area."""

    root: Any
    title: str
    noted: TreatmentNotes
    name: str
    area: str
    shown: bool
    extent: Extent

    def treat(self) -> None:
        """Treat it."""
        freeze_cells(self.root, self.noted)
        if self.shown and self.extent.hidden_rows:
            self.noted.hide(f"工作表“{self.title}”中隐藏或筛选掉的行")
        if self.shown and self.extent.hides_columns():
            self.noted.hide(f"工作表“{self.title}”中隐藏的列")
        if self.shown and self._prints_a_part():
            self.noted.hide(f"工作表“{self.title}”中打印区以外的内容")
        self._drop_clocks()
        for texts in named(self.root, "headerFooter"):
            for text in texts:
                text.text = self._header(text.text or "")
        if local(self.root) == "worksheet":
            self._set_page()

    def _prints_a_part(self) -> bool:
        """Return whether a cell with content lies outside the author's print area."""
        printed = all_formats.print_area(self.area)
        for cell in named(self.root, "c") if printed.blocks else ():
            place = _PLACE.fullmatch(attribute(cell, "r"))
            if place and _has_content(cell):
                row, column = int(place[2]) - 1, all_formats.column(place[1])
                if printed.leaves_out(row, column):
                    return True
        return False

    def _set_page(self) -> None:
        setup = self._setup()
        setup.attrib.pop("cellComments", None)
        if not attribute(setup, "paperSize"):
            setup.set("paperSize", "9")
        properties = first(first(self.root, "sheetPr"), "pageSetUpPr")
        fitted = attribute(_or_empty(properties), "fitToPage") not in ("", *OFF)
        scaled = attribute(setup, "scale") not in ("", "100")
        if fitted or scaled or first(first(self.root, "colBreaks"), "brk") is not None:
            return
        paper = all_formats.A3 if attribute(setup, "paperSize") == "8" else all_formats.A4
        chosen = attribute(setup, "orientation")
        width = self.extent.width(all_formats.columns_of(self.area))
        found = all_formats.fit(width, self._margins(), chosen, paper)
        # Fit it in any case: text may overflow its cell, and fonts differ slightly from Excel's.
        self._fit_to_width()
        setup.set("orientation", found.orientation)
        if found.scale < all_formats.SMALL and self.shown:
            self.noted.small[self.title] = found.scale

    def _margins(self) -> float:
        margins = first(self.root, "pageMargins")
        if margins is None:
            return 2 * all_formats.MARGIN
        return 72 * sum(number(attribute(margins, side), 0.7) for side in ("left", "right"))

    def _setup(self) -> Any:
        """Return the sheet's pageSetup, created if missing."""
        setup = first(self.root, "pageSetup")
        if setup is None:
            setup = self._made("pageSetup")
            before = [child for child in self.root if local(child) in _AFTER_SETUP]
            if before:
                before[0].addprevious(setup)
            else:
                self.root.append(setup)
        return setup

    def _fit_to_width(self) -> None:
        setup = self._setup()
        setup.set("fitToWidth", "1")
        setup.set("fitToHeight", "0")
        properties = first(self.root, "sheetPr")
        if properties is None:
            properties = self._made("sheetPr")
            self.root.insert(0, properties)
        page = first(properties, "pageSetUpPr")
        if page is None:
            page = self._made("pageSetUpPr")
            properties.append(page)
        page.set("fitToPage", "1")

    def _made(self, name: str) -> Any:
        return etree.Element(f"{{{etree.QName(self.root).namespace}}}{name}")

    def _header(self, text: str) -> str:
        """Return a header without the clock, and with the original file name (18.3.1.46)."""

        def instead(found: re.Match[str]) -> str:
            code = found[1]
            if code in ("D", "T", "Z", "d", "t", "z"):
                self.noted.clock = True
                return ""
            if code in ("F", "f"):
                # A digit after a size would be read as part of it; bold on and off separates them.
                return "&B&B" + self.name.replace("&", "&&")
            return found[0]

        return _CODE.sub(instead, text)

    def _drop_clocks(self) -> None:
        """Remove conditional formats that depend on the clock."""
        for rule in list(named(self.root, "cfRule")):
            formulas = [each.text or "" for each in named(rule, "formula", "f")]
            if attribute(rule, "type") == "timePeriod" or any(map(all_formats.is_clock, formulas)):
                remove(rule)


def freeze_cells(root: Any, noted: TreatmentNotes) -> None:
    """Replace formulas by stored values.

    One without a value is calculated by LibreOffice, or left blank if it depends on the clock.
    Formulas of a shared group are kept together, because the first holds their text.
    """
    cells = [(f.getparent(), f) for f in named(root, "f") if local(f.getparent()) == "c"]
    shared = {attribute(f, "si"): f.text for _, f in cells if f.text and attribute(f, "si")}
    clocks = {si for si, text in shared.items() if all_formats.is_clock(text)}
    groups = [attribute(f, "si") for cell, f in cells if not _has_value(cell)]
    kept = {si for si in groups if si} - clocks
    for cell, formula in cells:
        group = attribute(formula, "si")
        if group in kept:
            continue
        if _has_value(cell):
            remove(formula)
        elif group in clocks or all_formats.is_clock(formula.text or ""):
            noted.clock = True
            remove(formula)


def _has_content(cell: Any) -> bool:
    """Return whether a cell shows something."""
    value = first(cell, "v")
    return (value is not None and bool(value.text)) or first(cell, "is") is not None


def _has_value(cell: Any) -> bool:
    value = first(cell, "v")
    if value is not None and value.text:
        return True
    # An empty text is a stored result too, as Excel writes it.
    return first(cell, "is") is not None or attribute(cell, "t") == "str"
