# ruff: noqa: E501 - a table of XML is read best a case a line
"""Text of a Word form that is struck out or not to be seen is no answer, and is listed."""

import pytest

from sjs_forms.word_import.word_blocks import Aside, Spot
from tests.word_import.test_word_files import NAMESPACES, W, p, r, read, table

STRUCK, HIDDEN = "删除线文字", "隐藏的文字"
GROUND, TINY, CLEAR = "白色或与底色相同的文字", "字号小得看不见的文字", "透明的文字"
DARK = '<w:shd w:val="clear" w:fill="1F3864"/>'


def style(name: str, properties: str, kind: str = "paragraph", more: str = "") -> str:
    return (
        f'<w:style w:type="{kind}" w:styleId="{name}" {more}><w:rPr>{properties}</w:rPr></w:style>'
    )


def styles(*those: str, defaults: str = "") -> str:
    default = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{defaults}</w:rPr></w:rPrDefault></w:docDefaults>"
    )
    return f'<w:styles xmlns:w="{W}">{default}{"".join(those)}</w:styles>'


def based(name: str, on: str, kind: str = "paragraph") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{name}"><w:basedOn w:val="{on}"/></w:style>'


@pytest.mark.parametrize(
    ("properties", "what"),
    [
        ("<w:strike/>", STRUCK),
        ("<w:dstrike/>", STRUCK),
        ('<w:strike w:val="1"/>', STRUCK),
        ("<w:vanish/>", HIDDEN),
        ("<w:webHidden/>", HIDDEN),
        ("<w:specVanish/>", HIDDEN),
        ('<w:color w:val="FFFFFF"/>', GROUND),
        ('<w:color w:val="fefefe"/>', GROUND),
        ('<w:color w:val="auto" w:themeColor="background1"/>', GROUND),
        ('<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>', GROUND),
        ('<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>', GROUND),
        ('<w:color w:val="C00000"/><w:shd w:val="solid" w:color="C00000"/>', GROUND),
        ('<w:sz w:val="2"/>', TINY),
        ('<w:sz w:val="4"/>', TINY),
        ("<w14:textFill><w14:noFill/></w14:textFill>", CLEAR),
    ],
)
def test_such_text_is_not_read(properties: str, what: str) -> None:
    found = read(p(r("甲") + r("王大力", properties) + r("乙")))
    assert [block.text for block in found.blocks] == ["甲乙"]
    assert found.aside == (Aside(what, "王大力", Spot(1)),)


@pytest.mark.parametrize(
    "properties",
    [
        '<w:strike w:val="0"/>',
        '<w:vanish w:val="false"/>',
        '<w:dstrike w:val="off"/>',
        '<w:color w:val="D9D9D9" w:themeColor="background1" w:themeShade="D9"/>',
        '<w:color w:val="FFFFFF"/><w:highlight w:val="black"/>',
        f'<w:color w:val="FFFFFF"/>{DARK}',
        '<w:color w:val="auto"/><w:shd w:val="clear" w:fill="FFFFFF"/>',
        '<w:color w:val="000000"/>',
        '<w:sz w:val="5"/>',
    ],
)
def test_text_that_can_be_seen_is_read(properties: str) -> None:
    found = read(p(r("甲", properties)))
    assert [block.text for block in found.blocks] == ["甲"]
    assert found.aside == ()


@pytest.mark.parametrize(
    ("paragraph", "run", "expected"),
    [
        ('<w:pStyle w:val="划去"/>', "", ""),
        ('<w:pStyle w:val="仿划去"/>', "", ""),
        ("", '<w:rStyle w:val="划去的字"/>', ""),
        ("", '<w:rStyle w:val="白字"/>', ""),
        ('<w:pStyle w:val="划去"/>', '<w:strike w:val="0"/>', "甲"),
        ('<w:pStyle w:val="划去"/>', '<w:rStyle w:val="划去的字"/>', "甲"),  # toggles: 17.7.3
        ('<w:pStyle w:val="深底"/>', '<w:color w:val="FFFFFF"/>', "甲"),
    ],
)
def test_styles_count(paragraph: str, run: str, expected: str) -> None:
    known = styles(
        style("划去", "<w:strike/>"),
        based("仿划去", "划去"),
        style("划去的字", "<w:strike/>", "character"),
        style("白字", '<w:color w:val="FFFFFF"/>', "character"),
        f'<w:style w:type="paragraph" w:styleId="深底"><w:pPr>{DARK}</w:pPr></w:style>',
    )
    found = read(p(r("甲", run), paragraph), styles=known)
    assert "".join(block.text for block in found.blocks) == expected
    assert bool(found.aside) != bool(expected)


def test_the_default_paragraph_style_and_the_defaults_count() -> None:
    body = p(r("甲"))
    normal = styles(style("a", "<w:vanish/>", more='w:default="1"'))
    assert read(body, styles=normal).blocks == ()
    assert read(body, styles=styles(defaults='<w:sz w:val="3"/>')).blocks == ()


def test_styles_based_on_each_other_end() -> None:
    circle = styles(based("a", "b"), based("b", "a"))
    assert len(read(p(r("甲"), '<w:pStyle w:val="a"/>'), styles=circle).blocks) == 1


@pytest.mark.parametrize(
    ("cell", "row_style", "expected"),
    [
        ("", "", ""),
        (DARK, "", "甲"),
        ("", "深表", "甲"),
        (DARK.replace("1F3864", "FFFFFF"), "深表", ""),
    ],
)
def test_white_in_a_dark_cell_is_to_be_seen(cell: str, row_style: str, expected: str) -> None:
    head = f'<w:tblStylePr w:type="firstRow"><w:tcPr>{DARK}</w:tcPr></w:tblStylePr>'
    known = styles(f'<w:style w:type="table" w:styleId="深表">{head}</w:style>')
    white = p(r("甲", '<w:color w:val="FFFFFF"/>'))
    made = table([f"<w:tcPr>{cell}</w:tcPr>{white}", p(r("乙"))])
    made = made.replace("<w:tbl>", f'<w:tbl><w:tblPr><w:tblStyle w:val="{row_style}"/></w:tblPr>')
    found = read(made, styles=known)
    assert [block.text for block in found.blocks] == [expected, "乙"]


def test_the_place_is_told() -> None:
    out = "<w:strike/>"
    found = read(
        p(r("一"))
        + p(r("划", out) + r("掉", out) + r("二"))
        + table([p(r("三")), p(r("旧", out) + r("四"))])
        + p(r("全没了", out))
    )
    assert [block.text for block in found.blocks] == ["一", "二", "三", "四"]
    assert [(each.text, str(each.spot)) for each in found.aside] == [
        ("划掉", "第 2 段"),
        ("旧", "表格第 1 行第 2 格"),
        ("全没了", "第 3 段"),
    ]


@pytest.mark.parametrize(
    "inner",
    [
        "<w:hyperlink>{}</w:hyperlink>",
        "<w:ins>{}</w:ins>",
        '<w:fldSimple w:instr="AUTHOR">{}</w:fldSimple>',
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:r><w:ruby><w:rt/><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
        "<w:r><w:drawing><wps:txbx><w:txbxContent><w:p>{}</w:p></w:txbxContent></wps:txbx></w:drawing></w:r>",
    ],
)
def test_whatever_holds_the_text(inner: str) -> None:
    found = read(p(r("甲") + inner.format(r("王大力", "<w:strike/>"))))
    assert [block.text for block in found.blocks] == ["甲"]
    assert [each.text for each in found.aside] == ["王大力"]


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def test_the_code_of_a_field_is_no_text_even_where_fields_stand_in_it() -> None:
    inner = f"{mark('begin')}<w:r><w:instrText>MERGEFIELD 性别</w:instrText></w:r>{mark('separate')}{r('女')}{mark('end')}"
    outer = f'{mark("begin")}<w:r><w:instrText>IF </w:instrText></w:r>{inner}<w:r><w:instrText> = "女" "女士" "先生"</w:instrText></w:r>{mark("separate")}{r("女士")}{mark("end")}'
    assert [block.text for block in read(p(r("陈") + outer)).blocks] == ["陈女士"]


def test_a_field_that_is_broken_off_hides_nothing() -> None:
    code = "<w:r><w:instrText>IF x</w:instrText></w:r>"
    found = read(
        p(r("甲") + mark("begin") + code + r("乙")) + p(r("丙") + mark("end") + mark("separate"))
    )
    assert "".join(block.text for block in found.blocks) == "甲乙丙"


def box(inner: str, properties: str = "", shape: str = "") -> str:
    """A run with a text box, as Word writes it: once for itself, once for older programs."""
    content = f"<w:txbxContent>{inner}</w:txbxContent>"
    drawing = f"<w:drawing>{shape}<wps:txbx>{content}</wps:txbx></w:drawing>"
    older = f"<w:pict><v:textbox>{content}</v:textbox></w:pict>"
    both = f"<mc:Choice>{drawing}</mc:Choice><mc:Fallback>{older}</mc:Fallback>"
    return (
        f"<w:r><w:rPr>{properties}</w:rPr><mc:AlternateContent>{both}</mc:AlternateContent></w:r>"
    )


@pytest.mark.parametrize(
    ("why", "xml"),
    [
        ("a box within a deleted run", "<w:del>{}</w:del>"),
        ("a box where text was moved away", "<w:moveFrom>{}</w:moveFrom>"),
        ("deleted and inserted by different people", "<w:ins><w:del>{}</w:del></w:ins>"),
        (
            "a box in a control that was deleted",
            "<w:del><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:del>",
        ),
    ],
)
def test_a_text_box_that_was_deleted_is_not_read(why: str, xml: str) -> None:
    for inner in (p(r("王大力")), table([p(r("王大力"))], [p(r("李"))])):
        found = read(p(r("甲") + xml.format(box(inner))))
        assert [block.text for block in found.blocks] == ["甲"], why
        assert found.tracked and found.aside == ()


def test_a_text_box_is_read_once_though_written_twice() -> None:
    assert [block.text for block in read(p(r("甲") + box(p(r("乙"))))).blocks] == ["甲", "乙"]
    older = "<w:r><mc:AlternateContent><mc:Fallback><w:pict><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    assert [block.text for block in read(p(older.format(p(r("乙"))))).blocks] == ["乙"]


@pytest.mark.parametrize(
    ("properties", "shape"),
    [("<w:vanish/>", ""), ("", '<wp:docPr id="1" name="a" hidden="1"/>')],
)
def test_a_hidden_text_box_is_listed(properties: str, shape: str) -> None:
    found = read(p(r("甲") + box(p(r("王大力")), properties, shape)))
    assert [block.text for block in found.blocks] == ["甲"]
    assert [(each.what, each.text) for each in found.aside] == [(HIDDEN, "王大力")]


def test_text_boxes_of_a_header_are_listed_once_and_not_if_deleted() -> None:
    inner = p(r("眉") + box(p(r("框"))) + f"<w:del>{box(p(r('删')))}</w:del>")
    found = read(p(r("甲")), header1=f'<w:hdr xmlns:w="{W}" {NAMESPACES}>{inner}</w:hdr>')
    assert [each.text for each in found.aside] == ["眉", "框"]


def test_what_was_deleted_in_a_formula_is_not_read() -> None:
    inner = "<m:oMath><m:r><m:t>1</m:t></m:r><w:del><m:r><m:t>2</m:t></m:r></w:del></m:oMath>"
    assert [block.text for block in read(p(inner)).blocks] == ["1"]
