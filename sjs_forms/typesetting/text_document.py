"""Writes documents of text as Word: headings, paragraphs, steps and tables on A4.

Fonts are named as Windows has them, as in the forms. Control characters are made visible. The same
document gives the same bytes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any, Literal
from xml.sax.saxutils import escape

from sjs_forms.base.files.stable_bytes import fix_zip, with_member, without_member
from sjs_forms.base.libraries.python_docx_loader import fix_properties, load_python_docx
from sjs_forms.base.printable_text import printable

ParagraphKind = Literal["lead", "heading", "step", "note", "code", "signature"]
"""A note belongs to the table below it. Signatures are set to the right, all on one page."""

_AnyKind = ParagraphKind | Literal["title"]

TITLE_FONT, HEADING_FONT, BODY_FONT, CODE_FONT = "方正小标宋简体", "黑体", "仿宋", "Consolas"
_INK, _RULE, _SHADE = "1F3A5F", "B7C0CC", "EAF0F7"
"""Colours of headings, rules and of a table's heading, as RRGGBB."""
_CONTENT = "word/document.xml"
_UNUSED_PARTS = ("thumbnail", "stylesWithEffects", "numbering", "customXml")
"""Parts of python-docx's template, by the last word of their relations' types."""
_USED_STYLES = ("Footer", "FooterChar")
"""Styles beside the defaults. Word knows the others by itself."""
_ALIGNMENTS = {"left": 0, "center": 1, "right": 2}
"""WD_ALIGN_PARAGRAPH by name."""
_END_OF_RUN = b"</w:r>"
_ROW = re.compile(rb"(<w:tr>.*?</w:tr>)", re.DOTALL)
_BREAK = re.compile(r"([\t\n])")
_BREAKS = {"\t": "<w:tab/>", "\n": "<w:br/>"}
_MARGINS = (18, 19, 17, 19)
"""Top, right, bottom and left, in millimetres."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text of one kind; `code` is set in a fixed pitch, for commands and JSON."""

    text: str
    kind: ParagraphKind = "lead"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a heading that is repeated on each page. `widths` are in millimetres.

    Columns in `code` are set in a fixed pitch; the first column is bold. A row of one cell spans
    the table as a heading within it.
    """

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    code: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TextDocument:
    """The content of a document: its title, and the paragraphs and tables below it."""

    title: str
    parts: tuple[Paragraph | Table, ...]


def text_docx(written: TextDocument, day: date) -> bytes:
    """Return the document as Word; its properties say that it was made on `day`."""
    return next(text_docxs([written], day))


def text_docxs(written: Iterable[TextDocument], day: date) -> Iterator[bytes]:
    """Yield documents of one title as Word. The second and later ones take a hundredth of the time
    of the first.
    """
    writer: _Writer | None = None
    for each in written:
        writer = writer or _Writer(each.title, day)
        yield writer.written(each)


class _Writer:
    """Writes documents of one title. python-docx makes what they share, once: the file but for its
    content, and paragraphs and rows without text, into whose runs the texts are put.
    """

    def __init__(self, title: str, day: date) -> None:
        self._document: Any = load_python_docx().Document()
        _set_up(self._document)
        self._document.core_properties.title = printable(title)
        self._document.core_properties.author = "sjs-forms"
        fix_properties(self._document, day)
        saved = BytesIO()
        self._document.save(saved)
        self._others = without_member(fix_zip(saved.getvalue()), _CONTENT)
        self._document.element.body.clear_content()
        self._start, section, end = self._document.part.blob.partition(b"<w:sectPr")
        self._end = section + end
        self._paragraphs: dict[_AnyKind, bytes] = {}

    def written(self, document: TextDocument) -> bytes:
        """Return the document as a file."""
        body = [self._paragraph(document.title, "title"), *map(self._part, document.parts)]
        return with_member(self._others, _CONTENT, b"".join((self._start, *body, self._end)))

    def _part(self, part: Paragraph | Table) -> bytes:
        if isinstance(part, Paragraph):
            return self._paragraph(part.text, part.kind)
        return self._table(part)

    def _paragraph(self, text: str, kind: _AnyKind) -> bytes:
        if kind not in self._paragraphs:
            self._document.element.body.sectPr.addprevious(_formatted(kind))
            self._paragraphs[kind] = self._taken_out()
        return _with_texts(self._paragraphs[kind], (text,))

    def _table(self, part: Table) -> bytes:
        without_text = replace(part, rows=(("",) * len(part.widths), ("",)))
        _add_table(self._document, without_text)
        start, heading, _, usual, _, across, end = _ROW.split(self._taken_out())
        rows = (_with_texts(across if len(row) == 1 else usual, row) for row in part.rows)
        return b"".join((start, heading, *rows, end))

    def _taken_out(self) -> bytes:
        """Remove what was added to the document; return it as XML."""
        xml: bytes = self._document.part.blob
        self._document.element.body.clear_content()
        return xml.removeprefix(self._start).removesuffix(self._end)


def _with_texts(xml: bytes, texts: Sequence[str]) -> bytes:
    """Return XML with a text in each of its runs, which have none."""
    *runs, end = xml.split(_END_OF_RUN)
    filled = [
        run + _content_of_run(printable(text)).encode()
        for run, text in zip(runs, texts, strict=True)
    ]
    return _END_OF_RUN.join((*filled, end))


def _content_of_run(text: str) -> str:
    """Return the XML of a text in a run; tabs and ends of lines are elements."""
    return "".join(_BREAKS.get(piece) or _text_xml(piece) for piece in _BREAK.split(text) if piece)


def _text_xml(text: str) -> str:
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<w:t{kept}>{escape(text)}</w:t>"


def _set_up(document: Any) -> None:
    """Set up A4 pages with a number at the foot, and the font of the body."""
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    margins = (Mm(each) for each in _MARGINS)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = margins
    section.header_distance = section.footer_distance = Mm(10)
    style = document.styles["Normal"]
    style.font.size = Pt(11)
    _set_font(style.element.get_or_add_rPr(), BODY_FONT)
    foot = section.footer.paragraphs[0]
    foot.alignment = 1
    for text, instruction in (("第 ", ""), ("", "PAGE"), (" 页，共 ", ""), ("", "NUMPAGES")):
        _add_foot(foot, text, instruction)
    _add_foot(foot, " 页", "")
    _drop_unused(document)


def _drop_unused(document: Any) -> None:
    """Remove what python-docx's template has for other documents: a hundred looks of tables, lists,
    a thumbnail. It is 780 of 830 kB, and each applicant gets a file.
    """
    for relations in (document.part.package.rels, document.part.rels):
        for name, one in list(relations.items()):
            if one.reltype.rpartition("/")[2] in _UNUSED_PARTS:
                del relations[name]
    for style in list(document.styles):
        if not style.element.default and style.style_id not in _USED_STYLES:
            style.delete()


def _add_foot(paragraph: Any, text: str, instruction: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = paragraph.add_run(printable(text))
    run.font.size = Pt(9)
    if not instruction:
        return
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    paragraph._p.remove(run._r)
    run.text = "1"
    field.append(run._r)
    paragraph._p.append(field)


def _set_font(properties: Any, name: str) -> None:
    """Set the font of Chinese and Latin letters of a run's or style's properties."""
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)
    for script in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{script}"), None)


def _write(
    paragraph: Any,
    text: str,
    font: str = BODY_FONT,
    size: float = 11,
    *,
    bold: bool = False,
    colour: str = "",
    align: Literal["left", "center", "right"] = "left",
    line: float = 1.2,
    before: float = 0,
    after: float = 0,
) -> None:
    """Fill a paragraph with one run of type; sizes and spaces are in points."""
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(printable(text))
    run.font.size, run.bold = Pt(size), bold
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    _set_font(run._r.get_or_add_rPr(), font)
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.line_spacing = line
    paragraph.alignment = _ALIGNMENTS[align]


def _formatted(kind: _AnyKind) -> Any:
    """Return the element of a paragraph of a kind, with one run of type that has no text."""
    from docx.oxml import OxmlElement
    from docx.shared import Mm
    from docx.text.paragraph import Paragraph as WordParagraph

    element: Any = OxmlElement("w:p")
    paragraph: Any = WordParagraph(element, None)  # type: ignore[arg-type]
    layout = paragraph.paragraph_format
    match kind:
        case "title":
            _write(paragraph, "", TITLE_FONT, 20, align="center", after=8)
        case "heading":
            _write(paragraph, "", HEADING_FONT, 14, colour=_INK, before=12, after=4)
            layout.keep_with_next = True
        case "code":
            _write(paragraph, "", CODE_FONT, 10, after=2)
            layout.left_indent = Mm(7)
        case "step":
            _write(paragraph, "", after=2)
            layout.left_indent, layout.first_line_indent = Mm(7), Mm(-7)
            layout.tab_stops.add_tab_stop(Mm(7))
        case "signature":
            _write(paragraph, "", align="right", after=4)
            layout.keep_with_next = True
        case "note":
            _write(paragraph, "", size=10, after=4)
            layout.keep_with_next = True
        case _:
            _write(paragraph, "", after=4)
    element.r_lst[0].clear_content()
    return element


def _add_table(document: Any, part: Table) -> None:
    from docx.shared import Mm

    table = document.add_table(rows=0, cols=len(part.widths))
    table.autofit = False
    _rule(table)
    for column, width in zip(table.columns, part.widths, strict=True):
        column.width = Mm(width)
    for cells in _rows_of(part):
        row = table.add_row()
        _keep_whole(row, is_heading=cells is part.heading)
        if len(cells) == 1:
            merged = row.cells[0].merge(row.cells[-1])
            _write(merged.paragraphs[0], cells[0], HEADING_FONT, 10.5, colour=_INK)
            merged.paragraphs[0].paragraph_format.keep_with_next = True
            _shade(merged, "F6F8FB")
            continue
        for number, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = Mm(part.widths[number])
            _fill_cell(cell, text, part, number if cells is not part.heading else None)
    after = document.add_paragraph()
    _write(after, "", size=4)


def _rows_of(part: Table) -> Iterator[Sequence[str]]:
    yield part.heading
    yield from part.rows


def _fill_cell(cell: Any, text: str, part: Table, column: int | None) -> None:
    """Write a cell; `column` is None in the heading."""
    paragraph = cell.paragraphs[0]
    cell.vertical_alignment = 1
    if column is None:
        _write(paragraph, text, HEADING_FONT, 10.5, line=1)
        paragraph.paragraph_format.keep_with_next = True
        _shade(cell, _SHADE)
    elif column in part.code:
        _write(paragraph, text, CODE_FONT, 8.5, line=1)
    else:
        _write(paragraph, text, size=10, bold=column == 0, line=1)


def _rule(table: Any) -> None:
    """Set thin rules around all cells, and margins within them."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    rules = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="{_RULE}"/>' for side in sides)
    room = "".join(
        f'<w:{side} w:w="{twips}" w:type="dxa"/>'
        for side, twips in (("top", 40), ("left", 90), ("bottom", 40), ("right", 90))
    )
    properties = table._tbl.tblPr
    properties.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{rules}</w:tblBorders>"))
    layout = properties.find(properties.nsmap["w"].join("{}") + "tblLayout")
    if layout is not None:  # the schema requires it after the borders
        properties.append(layout)
    properties.append(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{room}</w:tblCellMar>"))
    look = properties.find(properties.nsmap["w"].join("{}") + "tblLook")
    if look is not None:
        properties.append(look)


def _keep_whole(row: Any, *, is_heading: bool) -> None:
    """Keep a row on one page; a heading is repeated on each."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_heading:
        properties.append(OxmlElement("w:tblHeader"))


def _shade(cell: Any, colour: str) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>'
    cell._tc.get_or_add_tcPr().append(parse_xml(shade))
