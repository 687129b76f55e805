"""Reads the blocks of a Word document from its XML, as its accepted version shows them.

Insertions are kept and deletions dropped, content controls are replaced by their content, tick
boxes of every kind become characters, and automatic numbers are written out. Text that is struck
out or hidden is collected separately with its place. A table of one cell counts as a frame around
paragraphs, not as a table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sjs_forms.intake.wordml import attribute, first, local
from sjs_forms.intake.wordml.fields import drop_codes
from sjs_forms.intake.wordml.formatting import (
    TINY,
    Styles,
    TextFormat,
    attribute_of,
    is_invisible,
    shading,
)
from sjs_forms.word_import.ooxml.docx_package import Package, too_much
from sjs_forms.word_import.ooxml.element_properties import (
    goes_on,
    has,
    is_hidden_drawing,
    mark_is_deleted,
    skipped,
    span,
)
from sjs_forms.word_import.ooxml.form_controls import control, form_control
from sjs_forms.word_import.ooxml.paragraph_numbers import Numbering
from sjs_forms.word_import.ooxml.symbol_fonts import in_symbol_font, is_symbol_font, symbol
from sjs_forms.word_import.word_blocks import Aside, Block, DocumentText, Spot

_SEEN_THROUGH = {"sdtContent", "ins", "moveTo", "customXml", "smartTag", "Choice", "dir", "bdo"}
_GONE = {"del", "moveFrom", "sdtPr", "sdtEndPr", "rPr", "pPr", "tblPr", "tblGrid", "trPr", "tcPr"}
_TRACKED = {"ins", "del", "moveTo", "moveFrom", "cellIns", "cellDel"}
_TEXT = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PICTURES = {"drawing", "pict", "object"}
_ASIDE = {
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
}
_NOTES = ("footnote", "endnote", "comment")
_NOWHERE = Spot()
MAX_BLOCKS = 20_000
"""Limit on paragraphs, rows and cells. A form has about 200, a table of 1,000 rows some 10,000."""
MAX_TEXT = 2_000_000
"""Limit in characters. The longest answers have 60,000, a table of 1,000 rows up to a million."""
_PAGE_NUMBER = re.compile(r"[\d\s第页共/\-—–·.]*")


def read_body(package: Package) -> DocumentText:
    """Return the blocks of a document's body, and its other content."""
    reader = _Reader(Numbering(package.numbering, package.styles), Styles(package.styles))
    root = package.main
    body = first(root, "body")
    drop_codes(root)
    reader.walk(root if body is None else body)
    aside = [Aside(each.what, each.text, each.spot) for each in reader.omitted]
    for kind, part in package.aside:
        if part is None:
            aside.append(Aside(_ASIDE[kind], "（已损坏，读不出来）"))
            continue
        drop_codes(part)
        for text in _Reader(Numbering(None, None)).texts(part):
            if not _PAGE_NUMBER.fullmatch(text):
                aside.append(Aside(_ASIDE[kind], text))
    blocks = reader.blocks
    if max((block.spot.table for block in blocks), default=0) <= 1:
        # The number of the table is useful only if there are several.
        blocks = [replace(block, spot=replace(block.spot, table=0)) for block in blocks]
        aside = [replace(each, spot=replace(each.spot, table=0)) for each in aside]
    return DocumentText(tuple(blocks), reader.tracked, reader.pictures, tuple(aside))


@dataclass(slots=True)
class _Cell:
    """A cell while its table is read. `column` counts grid columns."""

    lines: list[str]
    row: int
    cell: int
    column: int


@dataclass(slots=True)
class _Omitted:
    """Text that is left out. `spot` is set once its block is known."""

    what: str
    text: str
    spot: Spot = _NOWHERE


class _Reader:
    """One walk through a document. Without `styles`, all text counts as visible."""

    def __init__(self, numbering: Numbering, styles: Styles | None = None) -> None:
        self.blocks: list[Block] = []
        self.omitted: list[_Omitted] = []
        self.pictures = 0
        self.tracked = False
        self._numbering = numbering
        self._styles = styles
        self._properties: Any | None = None
        self._ground: int | None = None
        self._dark = False
        self._joined = False
        self._paragraphs = 0
        self._tables = 0
        self._blocks_left = MAX_BLOCKS
        self._text_left = MAX_TEXT

    def _count(self, text: str = "") -> None:
        """Count one more block and its text. Raises BadDocx past the limits."""
        self._blocks_left -= 1
        self._text_left -= len(text)
        if self._blocks_left < 0 or self._text_left < 0:
            raise too_much()

    def walk(self, container: Any) -> None:
        """Add the blocks of the body, or of a frame around a part of it."""
        for element, lines in self._content(container):
            if element is None:
                for line in lines:
                    self._paragraphs += 1
                    self.blocks.append(Block((line,), Spot(self._paragraphs)))
                self._place(Spot(self._paragraphs if lines else self._paragraphs + 1))
            else:
                self._table(element)

    def texts(self, part: Any) -> list[str]:
        """Return the lines of a part other than the body."""
        notes = [each for each in part if local(each) in _NOTES]
        return [line for each in notes or [part] for line in self._box_lines(each)]

    def _content(self, container: Any) -> Iterator[tuple[Any | None, list[str]]]:
        """Yield tables, and the lines of the paragraphs between them."""
        carried = ""
        for child, instead in self._children(container):
            name = local(child)
            if name == "p":
                text, boxes = self._paragraph(child, instead)
                if mark_is_deleted(child):
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
        style = attribute_of(first(first(table, "tblPr"), "tblStyle"))
        self._dark = self._styles is not None and self._styles.is_dark_table(style)
        number = self._tables
        for cell in self._cells(rows):
            spot = Spot(0, number, cell.row, cell.cell)
            self.blocks.append(Block(tuple(cell.lines), spot, cell.column))
        self._dark = False

    def _place(self, spot: Spot) -> None:
        """Set the spot of the text left out since the last call."""
        for omitted in reversed(self.omitted):
            if omitted.spot != _NOWHERE:
                break
            omitted.spot = spot

    def _rows(self, table: Any) -> Iterator[list[tuple[Any, str | None]]]:
        """Yield the cells of each row that is not deleted."""
        for row, _ in self._children(table):
            if local(row) != "tr":
                continue
            self._count()
            if has(row, "trPr", "del"):
                self.tracked = True
                continue
            cells = [
                (cell, instead)
                for cell, instead in self._children(row)
                if local(cell) == "tc" and not has(cell, "tcPr", "cellDel")
            ]
            if cells:
                yield cells

    def _cells(self, rows: list[list[tuple[Any, str | None]]]) -> list[_Cell]:
        """Return cells row by row. The continuation of a merged cell is added to its start."""
        made: list[_Cell] = []
        above: dict[int, _Cell] = {}
        for row, cells in enumerate(rows, start=1):
            column = skipped(cells[0][0])
            shown = 0
            for cell, instead in cells:
                self._count()
                lines = self._cell_lines(cell, instead)
                before = made[-1] if made and made[-1].row == row else None
                origin = above.get(column) if goes_on(cell, "vMerge") else None
                if goes_on(cell, "hMerge") and before:
                    origin = before
                if origin is None:
                    shown += 1
                    origin = _Cell(lines, row, shown, column)
                    made.append(origin)
                else:
                    origin.lines += lines
                self._place(Spot(0, self._tables, origin.row, origin.cell))
                above[column] = origin
                column += span(cell)
        return made

    def _cell_lines(self, cell: Any, instead: str | None) -> list[str]:
        if instead is not None:
            return _lines(instead)
        lines: list[str] = []
        behind, own = self._ground, first(first(cell, "tcPr"), "shd")
        self._ground = behind if own is None else shading(own)
        for element, text in self._content(cell):
            lines += text
            if element is not None:  # a table in the cell: one line per row
                for cells in self._rows(element):
                    inner = [" ".join(self._cell_lines(*each)) for each in cells]
                    lines += _lines(" ".join(part for part in inner if part))
        self._ground = behind
        return lines

    def _paragraph(self, paragraph: Any, instead: str | None) -> tuple[str, list[str]]:
        """Return its text with its number, and the lines of text boxes anchored to it."""
        properties = first(paragraph, "pPr")
        number = self._numbering.before(properties)
        if instead is not None:
            return instead, []
        self._properties, self._joined = properties, False
        text = "".join(self._inline(paragraph))
        self._count(text)
        boxes: list[str] = []
        for box, is_hidden in list(self._text_boxes(paragraph)):
            lines = self._box_lines(box)
            if is_hidden:
                self.omitted += [_Omitted("隐藏的文字", line) for line in lines]
            else:
                boxes += lines
        return (number + text if text.strip() else text), boxes

    def _text_boxes(self, holder: Any, is_hidden: bool = False) -> Iterator[tuple[Any, bool]]:
        """Yield the text boxes of a paragraph, without nested ones, and whether each is hidden.

        One in a hidden run is not printed, nor is one that is hidden itself.
        """
        for child, _ in self._children(holder):
            name = local(child)
            if name == "txbxContent":
                yield child, is_hidden
            else:
                hides = (name == "r" and self._is_hidden(child)) or (
                    name == "drawing" and is_hidden_drawing(child)
                )
                yield from self._text_boxes(child, is_hidden or hides)

    def _is_hidden(self, run: Any) -> bool:
        styles = self._styles
        return styles is not None and styles.look(first(run, "rPr"), self._properties).hidden

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
        """Yield the text of a paragraph's runs, with any wrappers removed."""
        for child, instead in self._children(holder):
            name = local(child)
            if instead is not None:
                yield instead
            elif name == "r":
                yield from self._run(child)
            elif name in ("hyperlink", "fldSimple"):
                yield from self._inline(child)
            elif name in ("oMath", "oMathPara"):
                yield from self._formula(child)

    def _formula(self, holder: Any) -> Iterator[str]:
        """Yield the text of a formula, without what was deleted in it."""
        for child, _ in self._children(holder):
            if local(child) == "t":
                yield child.text or ""
            else:
                yield from self._formula(child)

    def _run(self, run: Any) -> Iterator[str]:
        properties = first(run, "rPr")
        font = _symbol_font(properties)
        text = "".join(self._run_text(run, font))
        why = self._not_shown(properties) if text.strip() else None
        if why is None:
            self._joined = self._joined and not text.strip()
            yield text
        elif self._joined and self.omitted[-1].what == why:
            self.omitted[-1].text += text
        else:
            self._joined = True
            self.omitted.append(_Omitted(why, text))

    def _not_shown(self, properties: Any | None) -> str | None:
        """Return why a run with these properties is not part of an answer, or None."""
        if self._styles is None:
            return None
        look = self._styles.look(properties, self._properties)
        if look.struck:
            return "删除线文字"
        if look.hidden or look.web_hidden:
            return "隐藏的文字"
        behind = self._styles.ground_of_paragraph(self._properties)
        behind = self._ground if behind is None else behind
        if self._dark and behind is None and look.ground is None:
            look = replace(look, colour=None)
        return _unseen(look) if is_invisible(look, behind) else None

    def _run_text(self, run: Any, font: str | None) -> Iterator[str]:
        for child, _ in self._children(run):
            name = local(child)
            if name == "t":
                text = child.text or ""
                yield in_symbol_font(font, text) if font else text
            elif name in _TEXT:
                yield _TEXT[name]
            elif name == "sym":
                yield symbol(attribute(child, "font"), _hexadecimal(attribute(child, "char")))
            elif name == "fldChar":
                yield form_control(child)
            elif name == "ruby":
                for base in child.iterchildren("{*}rubyBase"):
                    yield from self._inline(base)
            elif name in _PICTURES and next(child.iter("{*}txbxContent"), None) is None:
                self.pictures += 1

    def _children(self, holder: Any) -> Iterator[tuple[Any, str | None]]:
        """Yield the children, wrappers removed. A control's own text replaces its content."""
        for child in holder:
            name = local(child)
            if name in _TRACKED:
                self.tracked = True
            if name in _GONE:
                continue
            if name == "sdt":
                instead = control(child)
                for inner, deeper in self._children(child):
                    yield inner, instead if instead is not None else deeper
            elif name == "AlternateContent":
                chosen = first(child, "Choice")
                yield from self._children(child if chosen is None else chosen)
            elif name in _SEEN_THROUGH or name == "Fallback":
                yield from self._children(child)
            else:
                yield child, None


def _unseen(look: TextFormat) -> str:
    if look.size is not None and look.size <= TINY:
        return "字号小得看不见的文字"
    return "透明的文字" if look.clear else "白色或与底色相同的文字"


def _symbol_font(properties: Any | None) -> str | None:
    fonts = properties.find("{*}rFonts") if properties is not None else None
    if fonts is None:
        return None
    named = (attribute(fonts, script) for script in ("ascii", "hAnsi", "cs"))
    return next((font for font in named if is_symbol_font(font)), None)


def _hexadecimal(text: str) -> int:
    return int(text, 16) if re.fullmatch("[0-9A-Fa-f]{1,4}", text) else 0xFFFD


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]
