"""Make the Word templates of both forms: real .docx files with docxtpl's Jinja tags in them.

    python scripts/make_word_templates.py

The wording is the notice's, to the letter (tests hold it against tests/wording); measures are
those of forms.css, in points. Fonts are named as Windows has them. The files may as well be
edited in Word; running this again writes them anew, the same bytes each time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE as RELATIONSHIP
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from sjs_forms.base.files.stable_bytes import fix_zip
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.programme import Programme
from sjs_forms.typesetting.lines.line_breaks import NEVER_FIRST, NEVER_LAST
from sjs_forms.typesetting.word_filling import fix_properties, template_path

FANG, HEI, SONG, SYMBOLS = "仿宋_GB2312", "黑体", "方正小标宋简体", "Segoe UI Symbol"
FONTS = {
    FANG: ("仿宋", "02010609030101010101", "86", "modern", "fixed"),
    HEI: ("SimHei", "02010609060101010101", "86", "modern", "fixed"),
    SONG: ("华文中宋,宋体", "02010600040101010101", "86", "auto", "variable"),
    SYMBOLS: (None, "020B0502040204020203", "00", "swiss", "variable"),
}
"""What stands in for a font that a machine lacks, and its panose, charset, family and pitch.

Windows brings neither 仿宋_GB2312 nor 方正小标宋简体; Word would take 宋体 or a Latin font, whose
type is of another width and breaks lines and pages elsewhere. Substitutes are tried in turn
(ECMA-376 part 1, 17.8.3.1)."""
LEFT, CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
MIDDLE, TOP = WD_CELL_VERTICAL_ALIGNMENT.CENTER, WD_CELL_VERTICAL_ALIGNMENT.TOP

COLUMNS = (116, 98, 62, 30, 52, 90)
"""Widths of the table's grid, in points; cells span one or several."""
TABLE = sum(COLUMNS)
ROW, CONSTRUCTION, QUALIFICATIONS, REMARKS, OPINION = 32.75, 186.75, 86.75, 116.75, 225.75
"""Least heights of rows, in points."""


@dataclass(frozen=True)
class Style:
    """A paragraph style: type in points, `line` its exact line height, `indent` in characters."""

    name: str
    font: str = FANG
    size: float = 16
    line: float = 28
    align: WD_ALIGN_PARAGRAPH = JUSTIFY
    before: float = 0
    after: float = 0
    indent: int = 0
    left: float = 0
    right: float = 0
    with_next: bool = False


NUMBER = Style("附件编号", HEI, align=LEFT)
TITLE = Style("封面标题", SONG, 26, 44, CENTRE)
REPORT = Style("封面申报书", SONG, 42, 60, CENTRE, before=22, after=24)
COVER_LINE = Style("封面填写", line=32, align=LEFT)
ISSUER = Style("封面单位", size=18, line=30, align=CENTRE)
HEADING = Style("说明标题", HEI, 22, 36, CENTRE, after=24, with_next=True)
BODY = Style("说明正文", indent=2)
LABEL = Style("表格文字", size=12, line=19, align=CENTRE)
CODE = Style("表格代码", size=11, line=19, align=CENTRE)
TEXT = Style("表格正文", size=12, line=19, indent=2)
CHOICE = Style("表格选项", size=12, line=19)
SECTION = Style("表格标题", HEI, 12, 19, LEFT, with_next=True)
SIGNATURE = Style("表格签章", size=12, align=CENTRE, left=228, right=24, with_next=True)
END = Style("文末", size=1, line=1)
PLEDGE_TITLE = Style("承诺书标题", SONG, 24, 40, CENTRE, before=14, after=16, with_next=True)
PLEDGE = Style("承诺书正文", size=14, line=26, indent=2)
PLEDGE_SIGNATURE = Style("承诺书签章", size=14, line=26, align=LEFT, before=26, with_next=True)
PLEDGE_DATE = Style("承诺书日期", size=14, line=26, align=RIGHT, before=22, right=28)
FORM_STYLES = (
    NUMBER,
    TITLE,
    REPORT,
    COVER_LINE,
    ISSUER,
    HEADING,
    BODY,
    LABEL,
    CODE,
    TEXT,
    CHOICE,
    SECTION,
    SIGNATURE,
    END,
)
PLEDGE_STYLES = (NUMBER, PLEDGE_TITLE, PLEDGE, PLEDGE_SIGNATURE, PLEDGE_DATE)

BOX, FILL = "勾选框", "填写内容"
"""Character styles: a tick box; an answer on an underlined blank."""

KEPT_STYLES = {"Normal", "Default Paragraph Font", "Normal Table", "No List"}
DROPPED_PARTS = ("stylesWithEffects", "thumbnail", "customXml", "numbering")


def main() -> None:
    """Write both templates into the folder of the only notice installed."""
    programme = load_programme()
    for form, make in (("application-form", application_form), ("commitment", commitment)):
        save(make(programme), programme, template_path(programme, form))


def application_form(programme: Programme) -> Any:
    """附4-1: cover, 填写说明, table."""
    document = blank_document(programme, "application-form", FORM_STYLES)
    cover(document)
    instructions(document)
    table = form_table(document)
    subject_rows(table)
    founder_rows(table)
    detail_rows(table)
    opinion_rows(table)
    add(document, END)
    return document


def commitment(programme: Programme) -> Any:
    """附4-2."""
    document = blank_document(programme, "commitment", PLEDGE_STYLES)
    add(document, NUMBER, "附4-2")
    add(document, PLEDGE_TITLE, "承诺书")
    opening = add(document, PLEDGE, "我公司")
    opening.add_run("{{ pledger.name }}", FILL)
    opening.add_run("（统一社会信用代码：")
    opening.add_run("{{ pledger.uscc }}", FILL)
    opening.add_run(
        "）已充分了解知悉《石景山区推进人工智能大模型产业集聚区建设发展支持办法》相关政策、"
        "规定及资金申报的相关要求，如实填写并提交有关材料，并对本次申报郑重承诺如下:"
    )
    for text in (
        (
            "一、此次申报所提交材料均真实、完整、合法。如有虚假、错漏信息，愿承担相应法律责任及"
            "由此产生的一切后果。"
        ),
        (
            "二、本单位近三年内没有重大违法违规行为记录，未被列入失信被执行人、重大税收违法案件"
            "当事人名单、政府采购严重违法失信行为记录名单、石景山区联合惩戒“黑名单”。"
        ),
        (
            "三、所提交的资金申请材料确认为本单位编写，填写内容真实、准确、有效，无委托其他机构"
            "代编写行为。"
        ),
        "四、在资金申报过程中，本单位保证接受有关部门的监督并积极配合相关调查。",
        "上述承诺，一经作出，本单位遵照执行。若违反上述承诺，愿意承担全部责任。",
    ):
        add(document, PLEDGE, text)
    add(document, PLEDGE, "特此声明！").paragraph_format.keep_with_next = True
    signers = add(document, PLEDGE_SIGNATURE, "单位法定代表人（签字）\t单位（盖章）")
    signers.paragraph_format.tab_stops.add_tab_stop(Pt(234))
    add(document, PLEDGE_DATE, "{{ signed.commitment }}")
    return document


def cover(document: Any) -> None:
    """The cover; its last paragraph ends the first section."""
    add(document, NUMBER, "附4-1")
    add(document, TITLE, "石景山区").paragraph_format.space_before = Pt(36)
    add(document, TITLE, "建设产业服务平台项目")
    add(document, REPORT, "申  报  书")
    # One cell of a fixed least height: its slack takes up a long name, and what is below stays.
    table = document.add_table(1, 1)
    fix_table(table, (TABLE,), side_margin=14, above_below=0)
    row = table.rows[0]
    row.height, row.height_rule = Pt(365), WD_ROW_HEIGHT_RULE.AT_LEAST
    cell = row.cells[0]
    cell.vertical_alignment = MIDDLE
    for label, answer, width in (
        ("申报单位（加盖公章）：", "{{ applicant.name }}", 178),
        ("起止年限：", "{{ term.start }}——{{ term.end }}", 82),
        ("联  系 人：", "{{ contact.name }}", 82),
        ("联系电话：", "{{ contact.phone }}", 82),
        ("邮    箱：", "{{ contact.email }}", 82),
    ):
        cover_line(add(cell, COVER_LINE), label, answer, width)
    drop_first_paragraph(cell)
    for text in ("中关村科技园区石景山园管理委员会", "北京市石景山区科学技术委员会"):
        add(document, ISSUER, text)
    end_section(document, add(document, ISSUER, "二〇二五年制"), top=24, bottom=20)


def cover_line(paragraph: Any, label: str, answer: str, width: float) -> None:
    """A label, its answer underlined, and an underlined tab that draws the rest of the line."""
    form = paragraph.paragraph_format
    form.left_indent, form.first_line_indent = Pt(width), Pt(-width)
    form.tab_stops.add_tab_stop(Pt(TABLE - 28), WD_TAB_ALIGNMENT.RIGHT)
    # Three half-wide spaces make this label half a character longer than its neighbours.
    squeeze = -16 / 6 if label.count(" ") == 3 else 0
    for part in filter(None, label.replace(" ", "\0 \0").split("\0")):
        run = paragraph.add_run(part)
        if part == " " and squeeze:
            run._r.get_or_add_rPr().append(element("w:spacing", val=twips(squeeze)))
    paragraph.add_run("\t")
    paragraph.add_run(answer, FILL)
    paragraph.add_run("\t", FILL)


def instructions(document: Any) -> None:
    """填写说明, a page of its own."""
    add(document, HEADING, "填 写 说 明")
    for text in (
        (
            "1.本申报书系中关村科技园区石景山园管理委员会北京市石景山区科学技术委员会（以下简称"
            "“石景山园管委会区科委”）为组织申报“支持建设产业服务平台”项目而制定。"
        ),
        "2.申报单位应如实填写各项内容。",
        "3.原则上同一申报单位只能选取一个项目进行申报。",
    ):
        add(document, BODY, text)
    last = add(document, BODY, "4.申报书为标准模板，不可删除规定内容。")
    end_section(document, last, top=28, bottom=25)


def form_table(document: Any, columns: tuple[float, ...] = COLUMNS) -> Any:
    """The empty table with its grid and rules; `columns` are the widths of the grid in points."""
    table = document.add_table(0, len(columns))
    fix_table(table, columns, side_margin=3.5, above_below=5)
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz=6, space=0, color="000000"))
    table._tbl.tblPr.append(borders)
    return table


def subject_rows(table: Any) -> None:
    """The platform and 平台建设内容, the one row of these that may run over pages."""
    for what, answer, label, other in (
        ("名称", "{{ platform.name }}", "资质认定时间", "{{ platform.accredited_on }}"),
        ("地址", "{{ platform.address }}", "资质认定部门", "{{ platform.accredited_by }}"),
    ):
        row(table, (1, f"实验室/创新平台/\n研究机构等{what}"), (1, answer), (2, label), (2, other))
    for kept in whole_or_not(table, "construction"):
        height = CONSTRUCTION if kept else ROW
        cells = row(table, (1, "平台建设\n内容"), (5, ""), height=height, may_break=not kept)
        paragraphs(cells[1], "platform.construction")
        if not kept:
            cells[0].vertical_alignment = TOP  # the middle of what, once it runs over pages?


def founder_rows(table: Any) -> None:
    """设立主体1–3; the form says （若有） of the second and third."""
    for number, if_any in ((1, ""), (2, "\n（若有）"), (3, "\n（若有）")):
        founder = f"founders[{number - 1}]"
        cells = row(
            table,
            (1, f"设立主体{number}名称{if_any}"),
            (1, f"{{{{ {founder}.name }}}}"),
            (2, f"设立主体{number}统一\n社会信用代码{if_any}"),
            (2, f"{{{{ {founder}.uscc }}}}"),
        )
        cells[-1].paragraphs[0].style = CODE.name
        row(
            table,
            (1, f"设立主体{number}注册地址{if_any}"),
            (5, f"{{{{ {founder}.address }}}}"),
        )


def detail_rows(table: Any) -> None:
    """平台类别 to 平台资质."""
    cells = row(table, (1, "平台类别"), (5, ""))
    for kind, before in (
        ("newly_accredited", "新认定，建设时间（"),
        ("newly_relocated", "新迁入，迁入时间（"),
    ):
        choice = tick(add(cells[1], CHOICE), f"category.{kind}.tick", before)
        choice.add_run(f"{{{{ category.{kind}.date }}}}）")
    drop_first_paragraph(cells[1])
    row(
        table,
        (1, "总面积（平方米）"),
        (1, "{{ platform.total_area }}"),
        (2, "其中，研发及\n办公面积\n（平方米）"),
        (2, "{{ platform.rd_office_area }}"),
    )
    for label, person in (("企业法人", "legal_representative"), ("企业联系人", "liaison")):
        row(
            table,
            (1, label),
            (1, f"{{{{ {person}.name }}}}"),
            (1, "手机/座机"),
            (2, f"{{{{ {person}.mobile }}}}"),
            (1, f"{{{{ {person}.landline }}}}"),
        )
    cells = row(table, (1, "平台资质"), (5, ""), height=QUALIFICATIONS)
    qualifications(cells[1])


def qualifications(cell: Any) -> None:
    """The boxes of 平台资质, two abreast."""
    for (one, first), (other, second) in (
        (
            ("national_engineering_research_center", "国家工程研究中心"),
            ("national_key_laboratory", "全国重点实验室"),
        ),
        (
            ("beijing_engineering_research_center", "北京市工程研究中心"),
            ("beijing_key_laboratory", "北京市重点实验室"),
        ),
    ):
        pair = tick(add(cell, CHOICE), f"qualifications.{one}.tick", f"{first}\t")
        pair.paragraph_format.tab_stops.add_tab_stop(Pt(162))
        tick(pair, f"qualifications.{other}.tick", second)
    label = "其他类别（同时需写明国家级/市级认定部门）"
    tick(add(cell, CHOICE), "qualifications.other.tick", label).add_run(
        "{{ other_qualification }}", FILL
    )
    drop_first_paragraph(cell)


def opinion_rows(table: Any) -> None:
    """Remarks and opinion, each under its heading; the signatures stay in one piece."""
    wide_row(table, "其他需要说明的问题", SECTION)
    for kept in whole_or_not(table, "remarks"):
        cell = wide_row(table, height=REMARKS if kept else ROW, may_break=not kept)
        paragraphs(cell, "remarks")
    wide_row(table, "项目申报单位意见", SECTION)
    for kept in whole_or_not(table, "opinion"):
        cell = wide_row(table, height=OPINION if kept else ROW, may_break=not kept)
        paragraphs(cell, "opinion")
        if not kept:
            cell = wide_row(table)
            drop_first_paragraph(cell)
        signature(cell)


def whole_or_not(table: Any, name: str) -> Iterator[bool]:
    """Make rows twice: for an answer short enough to be kept on one page, and for a long one."""
    for tag, kept in ((f"{{%tr if whole.{name} %}}", True), ("{%tr else %}", False)):
        row(table, (len(COLUMNS), tag))
        yield kept
    row(table, (len(COLUMNS), "{%tr endif %}"))


def wide_row(
    table: Any,
    text: str = "",
    style: Style = LABEL,
    height: float = ROW,
    *,
    may_break: bool = False,
) -> Any:
    """A row of one cell, with wider margins."""
    (cell,) = row(table, (len(COLUMNS), text), style=style, height=height, may_break=may_break)
    margins = element("w:tcMar")
    margins.append(element("w:left", w=twips(7.5), type="dxa"))
    margins.append(element("w:right", w=twips(7.5), type="dxa"))
    cell._tc.get_or_add_tcPr().append(margins)
    return cell


def signature(cell: Any) -> None:
    """Where the opinion is signed and sealed."""
    lines = [
        add(cell, SIGNATURE, text)
        for text in ("单位负责人：（签章）", "(单位公章)", "{{ signed.application }}")
    ]
    lines[0].paragraph_format.space_before = Pt(84)
    lines[-1].paragraph_format.space_after = Pt(18)
    lines[-1].paragraph_format.keep_with_next = False


def row(
    table: Any,
    *cells: tuple[int, str],
    style: Style = LABEL,
    height: float = ROW,
    may_break: bool = False,
) -> list[Any]:
    """Add a row: each cell is how many grid columns it spans and its text."""
    added = table.add_row()
    added.height, added.height_rule = Pt(height), WD_ROW_HEIGHT_RULE.AT_LEAST
    if not may_break:
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    made, first, grid = [], 0, list(table.columns)
    for span, text in cells:
        cell = added.cells[first].merge(added.cells[first + span - 1])
        cell.width = sum(column.width for column in grid[first : first + span])
        cell.vertical_alignment = MIDDLE
        cell.paragraphs[0].style = style.name
        cell.paragraphs[0].add_run(text)
        made.append(cell)
        first += span
    return made


def paragraphs(cell: Any, name: str) -> None:
    """Fill a cell with a loop over the context's list of paragraphs of that name."""
    cell.vertical_alignment = TOP
    for text in (f"{{%p for paragraph in {name} %}}", "{{ paragraph }}", "{%p endfor %}"):
        add(cell, TEXT, text)
    drop_first_paragraph(cell)


def tick(paragraph: Any, name: str, text: str) -> Any:
    """Append a tick box and what it stands before."""
    paragraph.add_run(f"{{{{ {name} }}}}", BOX)
    paragraph.add_run(text)
    return paragraph


def add(container: Any, style: Style, text: str = "") -> Any:
    """Append a paragraph to a document or a cell."""
    return container.add_paragraph(text, style.name)


def drop_first_paragraph(cell: Any) -> None:
    """Take away the empty paragraph that every new cell begins with."""
    first = cell.paragraphs[0]._p
    first.getparent().remove(first)


def fix_table(
    table: Any, widths: tuple[float, ...], side_margin: float, above_below: float
) -> None:
    """Fixed columns, centred on the page, with equal margins in all cells."""
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    properties = table._tbl.tblPr
    properties.find(qn("w:tblW")).attrib.update(
        {qn("w:w"): twips(sum(widths)), qn("w:type"): "dxa"}
    )
    margins = OxmlElement("w:tblCellMar")
    for side, width in (
        ("top", above_below),
        ("left", side_margin),
        ("bottom", above_below),
        ("right", side_margin),
    ):
        margins.append(element(f"w:{side}", w=twips(width), type="dxa"))
    properties.append(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)


def end_section(document: Any, paragraph: Any, top: float, bottom: float) -> None:
    """Let `paragraph` end its section, with those margins in mm; the next one starts a page."""
    section = document.sections[-1]
    margins = section.top_margin, section.bottom_margin
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    paragraph._p.get_or_add_pPr().append(section._sectPr.clone())
    section.top_margin, section.bottom_margin = margins
    section.start_type = WD_SECTION.NEW_PAGE


def blank_document(programme: Programme, form: str, styles: tuple[Style, ...]) -> Any:
    """An empty A4 document with those styles and none of python-docx's own furniture."""
    document = Document()
    drop_furniture(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Pt(73.4)
    section.top_margin, section.bottom_margin = Mm(28), Mm(25)
    section.header_distance = section.footer_distance = Mm(12)
    language = {"val": "en-US", "eastAsia": "zh-CN"}
    defaults = document.styles.element.find(qn("w:docDefaults"))
    defaults.find(f".//{qn('w:rPr')}").append(element("w:lang", **language))
    for style in styles:
        paragraph_style(document, style)
    font_table(document)
    normal = document.styles["Normal"]
    name_font(normal, FANG)
    # Lines break as in the PDF: closing marks never begin one and never hang over its end, none
    # stands alone on a page, and there is no space of Word's own around digits.
    for tag, on in (
        ("widowControl", 1),
        ("kinsoku", 1),
        ("wordWrap", 1),
        ("overflowPunct", 0),
        ("topLinePunct", 0),
        ("autoSpaceDE", 0),
        ("autoSpaceDN", 0),
        ("snapToGrid", 0),
    ):
        normal.element.get_or_add_pPr().append(element(f"w:{tag}", val=on))
    name_font(document.styles.add_style(BOX, WD_STYLE_TYPE.CHARACTER), SYMBOLS)
    document.styles.add_style(FILL, WD_STYLE_TYPE.CHARACTER).font.underline = True
    marks = document.settings.element.find(qn("w:characterSpacingControl"))
    for tag, which in (("Before", NEVER_FIRST), ("After", NEVER_LAST)):
        marks.addnext(element(f"w:noLineBreaks{tag}", lang="zh-CN", val=which))
    known = programme.form(form)
    properties = document.core_properties
    properties.title, properties.subject = f"{known.number} {known.title}", programme.title
    properties.author, properties.comments = "、".join(programme.issuers), ""
    properties.keywords, properties.language = "", "zh-CN"
    return document


def drop_furniture(document: Any) -> None:
    """Remove the parts and styles of python-docx's default template that no form uses."""
    package = document.part.package
    for rels in (document.part.rels, package.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(DROPPED_PARTS)]:
            rels.pop(key)
    for style in list(document.styles):
        if style.name not in KEPT_STYLES:
            style.delete()
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for tag in ("w:rPr", "w:pPr"):
        properties = defaults.find(f".//{qn(tag)}")
        for child in list(properties):
            properties.remove(child)
    compat = document.settings.element.find(qn("w:compat"))
    compat.remove(compat.find(qn("w:useFELayout")))
    compat.find(qn("w:compatSetting")).set(qn("w:val"), "15")


def paragraph_style(document: Any, style: Style) -> None:
    """Add a paragraph style."""
    added = document.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
    added.base_style = document.styles["Normal"]
    added.quick_style = True
    name_font(added, style.font)
    added.font.size = Pt(style.size)
    form = added.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(style.line)
    form.space_before, form.space_after = Pt(style.before), Pt(style.after)
    form.alignment, form.keep_with_next = style.align, style.with_next
    form.widow_control = True
    form.left_indent, form.right_indent = Pt(style.left), Pt(style.right)
    if style.indent:
        form.first_line_indent = Pt(style.indent * style.size)


def name_font(style: Any, font: str) -> None:
    """Name one font for Latin and Chinese alike."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)


def font_table(document: Any) -> None:
    """Name the forms' fonts, and what stands in for them, in place of the default template's."""
    table = OxmlElement("w:fonts")
    for name, (others, panose, charset, family, pitch) in FONTS.items():
        font = element("w:font", name=name)
        if others:
            font.append(element("w:altName", val=others))
        font.append(element("w:panose1", val=panose))
        font.append(element("w:charset", val=charset))
        font.append(element("w:family", val=family))
        font.append(element("w:pitch", val=pitch))
        table.append(font)
    document.part.part_related_by(RELATIONSHIP.FONT_TABLE)._blob = serialize_part_xml(table)


def element(tag: str, **attributes: object) -> Any:
    """An OOXML element with attributes of the w: namespace."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def twips(points: float) -> str:
    """Points in twentieths of a point, as OOXML counts."""
    return str(round(points * 20))


def save(document: Any, programme: Programme, path: Path) -> None:
    """Write the document, the same bytes each time."""
    fix_properties(document, programme.window.start)
    written = BytesIO()
    document.save(written)
    path.write_bytes(fix_zip(written.getvalue()))


if __name__ == "__main__":
    main()
