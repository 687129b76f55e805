"""Workbooks (.xlsx): stored results in place of formulas, and wide sheets on one page's width."""

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from sjs_forms.intake.office import sheets
from sjs_forms.intake.office.noted import Noted
from sjs_forms.intake.office.package import Package
from sjs_forms.wordml import OFF, attribute, first, local, named
from sjs_forms.wordml.fields import remove

_PIXEL = 0.75
"""Points of a pixel at 96 dots per inch."""
_DIGIT = 7
"""Pixels of a digit in the type by which Excel counts the width of columns."""
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
"""What follows pageSetup in a worksheet (ECMA-376 part 1, 18.3.1.99)."""

_CODE = re.compile(r"&(&|[A-Za-z]|\"[^\"]*\"|\d+)")
_COLUMN = re.compile(r"[A-Z]{1,3}")
_HIDDEN = ("hidden", "veryHidden")
_LEFT_OUT = ("/comments", "/threadedComment", "/revisionHeaders", "/usernames")


@dataclass(slots=True)
class _Used:
    """What of a sheet is in use: columns with something in them, rows and columns hidden."""

    columns: set[int] = field(default_factory=set)
    hidden_rows: bool = False


def treat_excel(package: Package, noted: Noted, name: str) -> None:
    """Treat an .xlsx that its owner knows as `name`."""
    for part, book in package.roots("workbook"):
        areas = _print_areas(book)
        listed = first(book, "sheets")
        parts = [package.target(part, _relationship(each)) for each in _each(listed)]
        if _was_never_calculated(book, [package.tree(target) for target in parts]):
            for target in parts:
                _forget_results(package.tree(target))
        for number, (entry, target) in enumerate(zip(_each(listed), parts, strict=True)):
            title, shown = attribute(entry, "name"), attribute(entry, "state") not in _HIDDEN
            if not shown:
                noted.hide(f"隐藏的工作表“{title}”")
            root = package.tree(target)
            if root is not None and local(root) in ("worksheet", "chartsheet"):
                drawn = _drawn_to(package, target)
                _Sheet(root, title, noted, name, areas.get(number), shown, drawn).treat()
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


def _each(listed: Any | None) -> list[Any]:
    return [] if listed is None else list(listed)


def _was_never_calculated(book: Any, roots: list[Any | None]) -> bool:
    """Whether a program wrote the formulas and left it to Excel to reckon them.

    Such programs ask for it (fullCalcOnLoad) and write 0, or nothing, for every result.
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


def _drawn_to(package: Package, part: str) -> int:
    """The last column (from 0) into which a picture or chart on a sheet reaches."""
    ends = [-1]
    for drawing in package.targets(part, "/drawing"):
        root = package.tree(drawing)
        for to in named(root, "to") if root is not None else ():
            end = first(to, "col")
            ends.append(int(_number((end.text or "") if end is not None else "", 0)))
    return min(max(ends), 16_383)


def _relationship(sheet: Any) -> str:
    return next((str(v) for k, v in sheet.attrib.items() if k.endswith("}id")), "")


def _print_areas(book: Any) -> dict[int, str]:
    """The author's print areas by the number of the sheet."""
    areas = {}
    for name in named(book, "definedName"):
        if attribute(name, "name") == "_xlnm.Print_Area" and name.text:
            number = attribute(name, "localSheetId")
            if number.isdigit():
                areas[int(number)] = name.text
    return areas


@dataclass(slots=True)
class _Sheet:
    """One sheet while it is treated; `area` is the author's print area."""

    root: Any
    title: str
    noted: Noted
    name: str
    area: str | None
    shown: bool
    drawn: int

    def treat(self) -> None:
        """Treat it."""
        freeze_cells(self.root, self.noted)
        used = self._used()
        if self.shown:
            self._note_hidden(used)
        self._drop_clocks()
        for texts in named(self.root, "headerFooter"):
            for text in texts:
                text.text = self._header(text.text or "")
        if local(self.root) == "worksheet":
            self._set_page(used)

    def _used(self) -> _Used:
        used = _Used()
        for row in named(self.root, "row"):
            at = -1
            hidden = attribute(row, "hidden") not in ("", *OFF)
            for cell in row:
                letters = _COLUMN.match(attribute(cell, "r"))
                at = sheets.column(letters[0]) if letters else at + 1
                if len(cell):
                    used.columns.add(at)
                    used.hidden_rows |= hidden
        return used

    def _note_hidden(self, used: _Used) -> None:
        if used.hidden_rows:
            self.noted.hide(f"工作表“{self.title}”中隐藏或筛选掉的行")
        for first_one, last, _, hidden in self._columns():
            if hidden and any(first_one <= each <= last for each in used.columns):
                self.noted.hide(f"工作表“{self.title}”中隐藏的列")

    def _columns(self) -> list[tuple[int, int, float, bool]]:
        """First and last (from 0), width in points and whether hidden, of each run of columns."""
        made = []
        for each in named(self.root, "col"):
            if local(each.getparent()) != "cols":
                continue
            begin, end = _number(attribute(each, "min"), 1), _number(attribute(each, "max"), 1)
            width = _number(attribute(each, "width"), 9.14) * _DIGIT * _PIXEL
            hidden = attribute(each, "hidden") not in ("", *OFF)
            made.append((int(begin) - 1, int(end) - 1, width, hidden))
        return made

    def _width(self, used: _Used) -> float:
        """Points from the first printed column to the last."""
        area = sheets.columns_of(self.area) if self.area else None
        last = max(used.columns, default=-1)
        begin, end = area if area else (0, max(last, self._merged_to(), self.drawn))
        usual = _or_empty(first(self.root, "sheetFormatPr"))
        width = _number(attribute(usual, "defaultColWidth"), 9.14)
        total = (end - begin + 1) * width * _DIGIT * _PIXEL
        for first_one, last, wide, hidden in self._columns():
            several = min(last, end) - max(first_one, begin) + 1
            if several > 0:
                total += several * ((0 if hidden else wide) - width * _DIGIT * _PIXEL)
        return total

    def _merged_to(self) -> int:
        """The last column of a merged cell, which may be wider than what is written."""
        ends = (sheets.columns_of(attribute(each, "ref")) for each in named(self.root, "mergeCell"))
        return max((end[1] for end in ends if end), default=-1)

    def _set_page(self, used: _Used) -> None:
        setup = self._setup()
        setup.attrib.pop("cellComments", None)
        if not attribute(setup, "paperSize"):
            setup.set("paperSize", "9")
        properties = first(first(self.root, "sheetPr"), "pageSetUpPr")
        fitted = attribute(_or_empty(properties), "fitToPage") not in ("", *OFF)
        scaled = attribute(setup, "scale") not in ("", "100")
        if fitted or scaled or first(first(self.root, "colBreaks"), "brk") is not None:
            return
        paper = sheets.A3 if attribute(setup, "paperSize") == "8" else sheets.A4
        chosen = attribute(setup, "orientation")
        found = sheets.fit(self._width(used), self._margins(), chosen, paper)
        # Text may run over its cell, and fonts are not quite Excel's: so whatever was reckoned.
        self._fit_to_width()
        setup.set("orientation", found.orientation)
        if found.scale < sheets.SMALL and self.shown:
            self.noted.small[self.title] = found.scale

    def _margins(self) -> float:
        margins = first(self.root, "pageMargins")
        if margins is None:
            return 2 * sheets.MARGIN
        return 72 * sum(_number(attribute(margins, side), 0.7) for side in ("left", "right"))

    def _setup(self) -> Any:
        """The sheet's pageSetup, made where it is missing."""
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
        """A header without the clock and with the file's own name (18.3.1.46)."""

        def instead(found: re.Match[str]) -> str:
            code = found[1]
            if code in ("D", "T", "Z", "d", "t", "z"):
                self.noted.clock = True
                return ""
            if code in ("F", "f"):
                # A digit after a size would be read as part of it; bold on and off parts them.
                return "&B&B" + self.name.replace("&", "&&")
            return found[0]

        return _CODE.sub(instead, text)

    def _drop_clocks(self) -> None:
        """Take out conditional formats that look at the clock."""
        for rule in list(named(self.root, "cfRule")):
            formulas = [each.text or "" for each in named(rule, "formula", "f")]
            if attribute(rule, "type") == "timePeriod" or any(map(sheets.is_clock, formulas)):
                remove(rule)


def freeze_cells(root: Any, noted: Noted) -> None:
    """Put stored values in place of formulas; without one, a formula is reckoned, or left blank.

    The formulas of a shared group stay together, for the first of it holds their text.
    """
    cells = [(f.getparent(), f) for f in named(root, "f") if local(f.getparent()) == "c"]
    shared = {attribute(f, "si"): f.text for _, f in cells if f.text and attribute(f, "si")}
    clocks = {si for si, text in shared.items() if sheets.is_clock(text)}
    groups = [attribute(f, "si") for cell, f in cells if not _has_value(cell)]
    kept = {si for si in groups if si} - clocks
    for cell, formula in cells:
        group = attribute(formula, "si")
        if group in kept:
            continue
        if _has_value(cell):
            remove(formula)
        elif group in clocks or sheets.is_clock(formula.text or ""):
            noted.clock = True
            remove(formula)


def _has_value(cell: Any) -> bool:
    value = first(cell, "v")
    if value is not None and value.text:
        return True
    # An empty text is a stored result too, as Excel writes it.
    return first(cell, "is") is not None or attribute(cell, "t") == "str"


def _number(text: str, otherwise: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return otherwise
    return value if 0 <= value < 1e6 else otherwise
