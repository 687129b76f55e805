"""From the XML of a Word document to its blocks: what a reader of the accepted version sees.

Insertions are kept and deletions dropped, content controls are looked through, tick boxes come
out as characters whatever they are made of, numbers that Word draws are written out. A table of
one cell is a frame round paragraphs, not a table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sjs_forms.ooxml.numbering import Numbering
from sjs_forms.ooxml.package import Package, too_much
from sjs_forms.ooxml.symbols import in_symbol_font, is_symbol_font, symbol
from sjs_forms.readback.blocks import TICKED, UNTICKED, Block, Spot, Written

_SEEN_THROUGH = {"sdtContent", "ins", "moveTo", "customXml", "smartTag", "Choice", "dir", "bdo"}
_GONE = {"del", "moveFrom", "sdtPr", "sdtEndPr", "rPr", "pPr", "tblPr", "tblGrid", "trPr", "tcPr"}
_TRACKED = {"ins", "del", "moveTo", "moveFrom", "cellIns", "cellDel"}
_TEXT = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PICTURES = {"drawing", "pict", "object"}
_OFF = {"0", "false", "off"}
_ASIDE = {
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
}
MAX_BLOCKS = 5_000
"""Paragraphs, rows and cells. A filled form has some 200, with the whole notice some 400."""
MAX_TEXT = 400_000
"""Characters; the longest answers that application.json takes have 60,000 together."""
_PAGE_NUMBER = re.compile(r"[\d\s第页共/\-—–·.]*")


def read_body(package: Package) -> Written:
    """The blocks of a document's body, and what else it holds."""
    reader = _Reader(Numbering(package.numbering, package.styles))
    root = package.main
    body = next((child for child in root if _name(child) == "body"), root)
    reader.walk(body)
    aside = [("隐藏的文字", text) for text in reader.hidden if text.strip()]
    for kind, part in package.aside:
        for text in _Reader(Numbering(None, None)).texts(part):
            if not _PAGE_NUMBER.fullmatch(text):
                aside.append((_ASIDE[kind], text))
    return Written(
        _with_tables_counted(reader.blocks), reader.tracked, reader.pictures, tuple(aside)
    )


def _with_tables_counted(blocks: list[Block]) -> tuple[Block, ...]:
    """The number of the table is worth saying only where there are several."""
    if max((block.spot.table for block in blocks), default=0) > 1:
        return tuple(blocks)
    return tuple(
        Block(block.lines, Spot(block.spot.paragraph, 0, block.spot.row, block.spot.cell))
        for block in blocks
    )


@dataclass(slots=True)
class _Cell:
    """A cell while its table is read; `column` counts grid columns."""

    lines: list[str]
    row: int
    cell: int
    column: int


class _Reader:
    """One walk through a document."""

    def __init__(self, numbering: Numbering) -> None:
        self.blocks: list[Block] = []
        self.hidden: list[str] = []
        self.pictures = 0
        self.tracked = False
        self._numbering = numbering
        self._paragraphs = 0
        self._tables = 0
        self._blocks_left = MAX_BLOCKS
        self._text_left = MAX_TEXT

    def _count(self, text: str = "") -> None:
        """Take note of one more block, and of its text. Raises NotWord past the bounds."""
        self._blocks_left -= 1
        self._text_left -= len(text)
        if self._blocks_left < 0 or self._text_left < 0:
            raise too_much()

    def walk(self, container: Any) -> None:
        """Add the blocks of the body, or of what frames a part of it."""
        for element, lines in self._content(container):
            if element is None:
                for line in lines:
                    self._paragraphs += 1
                    self.blocks.append(Block((line,), Spot(self._paragraphs)))
            else:
                self._table(element)

    def texts(self, part: Any) -> list[str]:
        """The lines of a part that is not the body."""
        return [
            line
            for paragraph in part.iter("{*}p")
            for line in _lines(self._paragraph(paragraph, None)[0])
        ]

    def _content(self, container: Any) -> Iterator[tuple[Any | None, list[str]]]:
        """Tables, and the lines of the paragraphs between them."""
        carried = ""
        for child, instead in self._children(container):
            name = _name(child)
            if name == "p":
                text, boxes = self._paragraph(child, instead)
                if _mark_is_deleted(child):
                    carried += text
                    yield None, boxes
                    continue
                yield None, [*_lines(carried + text), *boxes]
                carried = ""
            elif name == "tbl":
                yield child, []
            elif name == "altChunk":
                self.pictures += 1
        yield None, _lines(carried)

    def _table(self, table: Any) -> None:
        rows = list(self._rows(table))
        if len(rows) == 1 and len(rows[0]) == 1:
            self.walk(rows[0][0][0])
            return
        self._tables += 1
        number = self._tables
        for cell in self._cells(rows):
            self.blocks.append(Block(tuple(cell.lines), Spot(0, number, cell.row, cell.cell)))

    def _rows(self, table: Any) -> Iterator[list[tuple[Any, str | None]]]:
        """The cells of each row that is still there."""
        for row, _ in self._children(table):
            if _name(row) != "tr":
                continue
            self._count()
            if _has(row, "trPr", "del"):
                self.tracked = True
                continue
            cells = [
                (cell, instead)
                for cell, instead in self._children(row)
                if _name(cell) == "tc" and not _has(cell, "tcPr", "cellDel")
            ]
            if cells:
                yield cells

    def _cells(self, rows: list[list[tuple[Any, str | None]]]) -> list[_Cell]:
        """Cells row by row; what a merged cell goes on with is added to where it begins."""
        made: list[_Cell] = []
        above: dict[int, _Cell] = {}
        for row, cells in enumerate(rows, start=1):
            column = _skipped(cells[0][0])
            shown = 0
            for cell, instead in cells:
                self._count()
                lines = self._cell_lines(cell, instead)
                before = made[-1] if made and made[-1].row == row else None
                origin = above.get(column) if _goes_on(cell, "vMerge") else None
                if _goes_on(cell, "hMerge") and before:
                    origin = before
                if origin is None:
                    shown += 1
                    origin = _Cell(lines, row, shown, column)
                    made.append(origin)
                else:
                    origin.lines += lines
                above[column] = origin
                column += _span(cell)
        return made

    def _cell_lines(self, cell: Any, instead: str | None) -> list[str]:
        if instead is not None:
            return _lines(instead)
        lines: list[str] = []
        for element, text in self._content(cell):
            lines += text
            if element is not None:  # a table within the cell: a line for each of its rows
                for cells in self._rows(element):
                    inner = [" ".join(self._cell_lines(*each)) for each in cells]
                    lines += _lines(" ".join(part for part in inner if part))
        return lines

    def _paragraph(self, paragraph: Any, instead: str | None) -> tuple[str, list[str]]:
        """Its text with its number, and the lines of text boxes that hang on it."""
        properties = next((child for child in paragraph if _name(child) == "pPr"), None)
        number = self._numbering.before(properties)
        if instead is not None:
            return instead, []
        text = "".join(self._inline(paragraph))
        self._count(text)
        boxes = [line for box in _text_boxes(paragraph) for line in self._box_lines(box)]
        return (number + text if text.strip() else text), boxes

    def _box_lines(self, box: Any) -> list[str]:
        lines: list[str] = []
        for element, text in self._content(box):
            lines += text
            if element is not None:
                for cells in self._rows(element):
                    for each in cells:
                        lines += self._cell_lines(*each)
        return lines

    def _inline(self, holder: Any) -> Iterator[str]:
        """The text of a paragraph's runs, whatever they are wrapped in."""
        for child, instead in self._children(holder):
            name = _name(child)
            if instead is not None:
                yield instead
            elif name == "r":
                yield from self._run(child)
            elif name in ("hyperlink", "fldSimple"):
                yield from self._inline(child)
            elif name in ("oMath", "oMathPara"):
                yield "".join(part.text or "" for part in child.iter("{*}t"))

    def _run(self, run: Any) -> Iterator[str]:
        properties = next((child for child in run if _name(child) == "rPr"), None)
        font = _symbol_font(properties)
        text = "".join(self._run_text(run, font))
        if properties is not None and _is_on(properties, "vanish"):
            self.hidden.append(text)
        else:
            yield text

    def _run_text(self, run: Any, font: str | None) -> Iterator[str]:
        for child, _ in self._children(run):
            name = _name(child)
            if name == "t":
                text = child.text or ""
                yield in_symbol_font(font, text) if font else text
            elif name in _TEXT:
                yield _TEXT[name]
            elif name == "sym":
                yield symbol(_attribute(child, "font"), _hexadecimal(_attribute(child, "char")))
            elif name == "fldChar":
                yield _form_control(child)
            elif name == "ruby":
                for base in child.iterchildren("{*}rubyBase"):
                    yield from self._inline(base)
            elif name in _PICTURES and next(child.iter("{*}txbxContent"), None) is None:
                self.pictures += 1

    def _children(self, holder: Any) -> Iterator[tuple[Any, str | None]]:
        """The children with wrappers seen through; text instead of a control's own content."""
        for child in holder:
            name = _name(child)
            if name in _TRACKED:
                self.tracked = True
            if name in _GONE:
                continue
            if name == "sdt":
                instead = _control(child)
                for inner, deeper in self._children(child):
                    yield inner, instead if instead is not None else deeper
            elif name == "AlternateContent":
                chosen = next((c for c in child if _name(c) == "Choice"), None)
                yield from self._children(child if chosen is None else chosen)
            elif name in _SEEN_THROUGH or name == "Fallback":
                yield from self._children(child)
            else:
                yield child, None


def _control(sdt: Any) -> str | None:
    """What a content control reads as, where that is not simply its content."""
    settings = next((child for child in sdt if _name(child) == "sdtPr"), None)
    if settings is None:
        return None
    box = next((child for child in settings if _name(child) == "checkbox"), None)
    if box is not None:
        checked = next((child for child in box if _name(child) == "checked"), None)
        on = checked is not None and _attribute(checked, "val") not in _OFF
        return TICKED if on else UNTICKED
    return "" if _is_on(settings, "showingPlcHdr") else None


def _form_control(character: Any) -> str:
    """What a form field of old Word files reads as: a tick box, the choice from a list."""
    box = next(character.iter("{*}checkBox"), None)
    if box is not None:
        states = {_name(child): _attribute(child, "val") for child in box}
        state = states.get("checked", states.get("default", "0"))
        return UNTICKED if state in _OFF else TICKED
    choices = next(character.iter("{*}ddList"), None)
    if choices is not None:
        entries = [_attribute(entry, "val") for entry in choices.iterchildren("{*}listEntry")]
        result = next((_attribute(child, "val") for child in choices.iter("{*}result")), "0")
        chosen = int(result) if result.isascii() and result.isdigit() and len(result) < 4 else 0
        return entries[chosen] if chosen < len(entries) else ""
    return ""


def _text_boxes(paragraph: Any) -> list[Any]:
    """The text boxes of a paragraph, each once, none within another or for old readers."""
    return [
        box
        for box in paragraph.iter("{*}txbxContent")
        if not any(_name(parent) in ("Fallback", "txbxContent") for parent in box.iterancestors())
    ]


def _symbol_font(properties: Any | None) -> str | None:
    fonts = properties.find("{*}rFonts") if properties is not None else None
    if fonts is None:
        return None
    named = (_attribute(fonts, script) for script in ("ascii", "hAnsi", "cs"))
    return next((font for font in named if is_symbol_font(font)), None)


def _mark_is_deleted(paragraph: Any) -> bool:
    for properties in paragraph.iterchildren("{*}pPr"):
        for run in properties.iterchildren("{*}rPr"):
            return any(_name(child) == "del" for child in run)
    return False


def _has(element: Any, properties: str, name: str) -> bool:
    found = next((child for child in element if _name(child) == properties), None)
    return found is not None and any(_name(child) == name for child in found)


def _goes_on(cell: Any, merge: str) -> bool:
    """Whether the cell goes on with a merge that began above or before it."""
    for properties in cell.iterchildren("{*}tcPr"):
        for found in properties.iterchildren(f"{{*}}{merge}"):
            return _attribute(found, "val") in ("", "continue")
    return False


def _span(cell: Any) -> int:
    for properties in cell.iterchildren("{*}tcPr"):
        for found in properties.iterchildren("{*}gridSpan"):
            return _count(_attribute(found, "val"), 1)
    return 1


def _skipped(cell: Any) -> int:
    """Grid columns left out before a row's first cell."""
    row = next((parent for parent in cell.iterancestors("{*}tr")), None)
    for properties in row.iterchildren("{*}trPr") if row is not None else ():
        for found in properties.iterchildren("{*}gridBefore"):
            return _count(_attribute(found, "val"), 0)
    return 0


def _count(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else otherwise


def _is_on(properties: Any, name: str) -> bool:
    found = next((child for child in properties if _name(child) == name), None)
    return found is not None and _attribute(found, "val") not in _OFF


def _attribute(element: Any, name: str) -> str:
    """An attribute by its local name, for Word files come in two namespaces; "" for none."""
    for key, value in element.attrib.items():
        if key == name or key.endswith(f"}}{name}"):
            return str(value)
    return ""


def _hexadecimal(text: str) -> int:
    return int(text, 16) if re.fullmatch("[0-9A-Fa-f]{1,4}", text) else 0xFFFD


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
