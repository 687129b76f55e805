# ruff: noqa: E501 - a table of XML is read best a case a line
"""What is in a .docx is read as a reader of the accepted version sees it, and nothing runs."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping

import pytest

from sjs_forms.word_import.ooxml import BadDocx, read_word
from sjs_forms.word_import.ooxml.docx_package import MAX_PART, MAX_TOTAL
from sjs_forms.word_import.ooxml.paragraph_numbers import spelt
from sjs_forms.word_import.word_blocks import Aside, DocumentText
from tests.counting import CountedBytes, Unpacked, counted_calls, unpacked

__all__ = ["unpacked"]

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMESPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    made.seek(0)
    return made


def body_of(xml: str, namespace: str = W) -> str:
    return f'<w:document xmlns:w="{namespace}" {NAMESPACES}><w:body>{xml}</w:body></w:document>'


def read(xml: str, namespace: str = W, **parts: str) -> DocumentText:
    others = {f"word/{name}.xml": data for name, data in parts.items()}
    return read_word(packed({"word/document.xml": body_of(xml, namespace), **others}))


def texts(xml: str, **parts: str) -> list[str]:
    return [block.text for block in read(xml, **parts).blocks]


def p(inner: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: list[str]) -> str:
    made = "".join(
        "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>" for row in rows
    )
    return f"<w:tbl>{made}</w:tbl>"


@pytest.mark.parametrize(
    ("why", "xml", "expected"),
    [
        ("runs are one text", p(r("申报") + r("单位")), ["申报单位"]),
        ("tabs and breaks", p("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r>"), ["甲\t乙", "丙"]),
        ("an insertion is kept", p(r("甲") + f"<w:ins>{r('乙')}</w:ins>"), ["甲乙"]),
        ("a deletion is dropped", p(r("甲") + "<w:del><w:r><w:delText>乙</w:delText></w:r></w:del>"), ["甲"]),
        ("what was moved is where it went", p(f"<w:moveFrom>{r('甲')}</w:moveFrom>") + p(f"<w:moveTo>{r('甲')}</w:moveTo>"), ["甲"]),
        ("a deleted paragraph mark joins", p(r("甲"), "<w:rPr><w:del/></w:rPr>") + p(r("乙")), ["甲乙"]),
        ("a control's content", p(f"<w:sdt><w:sdtContent>{r('甲')}</w:sdtContent></w:sdt>"), ["甲"]),
        ("a control round a paragraph", f"<w:sdt><w:sdtContent>{p(r('甲'))}</w:sdtContent></w:sdt>", ["甲"]),
        ("a placeholder is no answer", p(f"{r('联系人：')}<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('单击此处输入文字。')}</w:sdtContent></w:sdt>"), ["联系人："]),
        ("a checked control", p(f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent>{r("☒")}</w:sdtContent></w:sdt>{r("新认定")}'), ["☑新认定"]),
        ("an unchecked control", p(f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="0"/></w14:checkbox></w:sdtPr><w:sdtContent>{r("☐")}</w:sdtContent></w:sdt>{r("新迁入")}'), ["☐新迁入"]),
        ("R of Wingdings 2 as a symbol", p('<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>' + r("甲")), ["☑甲"]),
        ("an empty box of Wingdings", p('<w:r><w:sym w:font="Wingdings" w:char="00A8"/></w:r>' + r("甲")), ["☐甲"]),
        ("R typed in Wingdings 2", p(r("R", '<w:rFonts w:ascii="Wingdings 2"/>') + r("甲")), ["☑甲"]),
        ("Chinese in a symbol font", p(r("甲", '<w:rFonts w:ascii="Wingdings 2"/>')), ["甲"]),
        ("an old form's ticked box", p('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>' + r("甲")), ["☑甲"]),
        ("an old form's list", p('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="甲"/><w:listEntry w:val="乙"/></w:ddList></w:ffData></w:fldChar></w:r>'), ["乙"]),
        ("a field's result without its code", p('<w:r><w:instrText>MERGEFIELD x</w:instrText></w:r>' + r("甲")), ["甲"]),
        ("a link's text", p(f"<w:hyperlink>{r('chen@example.com')}</w:hyperlink>"), ["chen@example.com"]),
        ("the newer of two versions, once", p("<w:r><mc:AlternateContent><mc:Choice><w:t>甲</w:t></mc:Choice><mc:Fallback><w:t>乙</w:t></mc:Fallback></mc:AlternateContent></w:r>"), ["甲"]),
        ("a text box's text", p(f"{r('甲')}<w:r><w:drawing><wps:txbx><w:txbxContent>{p(r('乙'))}</w:txbxContent></wps:txbx></w:drawing></w:r>"), ["甲", "乙"]),
        ("phonetic guides are left out", p(f"<w:r><w:ruby><w:rt>{r('yàn')}</w:rt><w:rubyBase>{r('砚')}</w:rubyBase></w:ruby></w:r>"), ["砚"]),
        ("a formula's text", p("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"), ["x=1"]),
        ("a frame of one cell is no table", table([p(r("甲")) + p(r("乙"))]), ["甲", "乙"]),
    ],
)  # fmt: skip
def test_text_is_read_as_it_is_seen(why: str, xml: str, expected: list[str]) -> None:
    assert [line for text in texts(xml) for line in text.split("\n")] == expected, why


def test_cells_are_read_once_however_they_are_merged() -> None:
    down = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p(r("甲"))
    on = "<w:tcPr><w:vMerge/></w:tcPr>" + p("")
    wide = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p(r("丁"))
    found = read(table([down, p(r("乙"))], [on, p(r("丙"))], [wide]))
    assert [(str(block.spot), block.text) for block in found.blocks] == [
        ("表格第 1 行第 1 格", "甲"),
        ("表格第 1 行第 2 格", "乙"),
        ("表格第 2 行第 1 格", "丙"),
        ("表格第 3 行第 1 格", "丁"),
    ]


def test_deleted_rows_and_cells_are_gone_and_controls_round_them_seen_through() -> None:
    gone = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p(r('甲'))}</w:tc></w:tr>"
    kept = (
        f"<w:sdt><w:sdtContent><w:tr><w:tc>{p(r('乙'))}</w:tc><w:tc><w:tcPr><w:cellDel/></w:tcPr>"
        f"{p(r('丙'))}</w:tc><w:sdt><w:sdtContent><w:tc>{p(r('丁'))}</w:tc></w:sdtContent></w:sdt>"
        "</w:tr></w:sdtContent></w:sdt>"
    )
    found = read(f"<w:tbl>{gone}{kept}</w:tbl>")
    assert [block.text for block in found.blocks] == ["乙", "丁"]
    assert found.tracked


def test_a_table_within_a_cell_is_read_row_by_row() -> None:
    inner = table([p(r("项目")), p(r("金额"))], [p(r("租金")), p(r("467"))])
    found = texts(table([p(r("平台建设内容")), inner + p("")]))
    assert found == ["平台建设内容", "项目 金额\n租金 467"]


NUMBERING = (
    f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
STYLES = (
    f'<w:styles xmlns:w="{W}"><w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
    '</w:pPr></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
)


def test_numbers_that_word_draws_are_part_of_the_text() -> None:
    def item(text: str, level: int) -> str:
        number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
        return p(r(text), number)

    xml = item("目标", 0) + item("甲", 1) + item("乙", 1) + item("任务", 0) + item("丙", 1)
    xml += p(r("成果"), '<w:pStyle w:val="b"/>') + p(r("无号"))
    assert texts(xml, numbering=NUMBERING, styles=STYLES) == [
        "一、目标",
        "（1）甲",
        "（2）乙",
        "二、任务",
        "（1）丙",
        "三、成果",
        "无号",
    ]


@pytest.mark.parametrize(
    ("number", "form", "said"),
    [
        (10, "chineseCounting", "十"),
        (12, "chineseCountingThousand", "十二"),
        (20, "japaneseCounting", "二十"),
        (105, "chineseCountingThousand", "一百零五"),
        (2025, "ideographDigital", "二〇二五"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (28, "lowerLetter", "bb"),
        (4, "upperRoman", "IV"),
        (7, "decimalZero", "07"),
        (7, "nobody-knows", "7"),
    ],
)
def test_numbers_are_spelt_as_word_spells_them(number: int, form: str, said: str) -> None:
    assert spelt(number, form) == said


def test_strict_files_are_read_like_the_others() -> None:
    assert [block.text for block in read(p(r("甲")), STRICT).blocks] == ["甲"]


def test_what_is_not_the_body_is_told() -> None:
    def part(text: str) -> str:
        return f'<w:x xmlns:w="{W}">{p(r(text))}</w:x>'

    hidden = p(r("甲") + r("密", "<w:vanish/>"))
    picture = p("<w:r><w:drawing/></w:r>")
    found = read(
        hidden + picture, header1=part("内部资料"), footer1=part("第 1 页"), comments=part("请改")
    )
    assert [block.text for block in found.blocks] == ["甲"]
    assert [(each.what, each.text) for each in found.aside] == [
        ("隐藏的文字", "密"),
        ("批注", "请改"),
        ("页眉", "内部资料"),
    ]
    assert found.pictures == 1


def test_a_broken_header_does_not_stop_the_reading() -> None:
    """The form is in the body."""
    found = read(p(r("甲")), header1="<w:hdr", footer1="")
    assert [block.text for block in found.blocks] == ["甲"]
    assert [(each.what, each.text) for each in found.aside] == [
        ("页脚", "（已损坏，读不出来）"),
        ("页眉", "（已损坏，读不出来）"),
    ]
    data = packed(
        {"word/document.xml": DOCUMENT, "word/header1.xml": "<x/>" * 9}, zipfile.ZIP_STORED
    )
    damaged = data.getvalue().replace(b"<x/><x/><x/>", b"<x/><xx/<x/>", 1)
    assert read_word(io.BytesIO(damaged)).aside == (Aside("页眉", "（已损坏，读不出来）"),)


def with_long_end(data: bytes, size: int | None = None) -> bytes:
    """A zip of which the 64-bit record has the size and place of the directory (APPNOTE 4.3.14)."""
    at = data.rfind(b"PK\x05\x06")
    count, listed, start = struct.unpack_from("<HII", data, at + 10)
    numbers = (44, 45, 45, 0, 0, count, count, size or listed, start)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", *numbers)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    most = 0xFFFFFFFF
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, most, most, 0)
    return data[:at] + record + locator + end


def test_records_of_zip64_are_read() -> None:
    """Some programs write them for small files too."""
    data = with_long_end(packed({"word/document.xml": DOCUMENT}).getvalue())
    assert [block.text for block in read_word(io.BytesIO(data)).blocks] == ["甲"]


# Hostile files

DOCUMENT = body_of(p(r("甲")))
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
    + "哈" * 1000
    + '"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    + body_of(p(r("&c;")))
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + body_of(p(r("&a;")))


def damaged_directory() -> io.BytesIO:
    data = bytearray(packed({"word/document.xml": DOCUMENT}).getvalue())
    at = data.rfind(b"PK\x05\x06")
    struct.pack_into("<L", data, at + 12, 0x7FFFFFFF)
    return io.BytesIO(bytes(data))


HOSTILE: dict[str, Callable[[], io.BytesIO]] = {
    "nothing": io.BytesIO,
    "a beginning": lambda: io.BytesIO(b"PK\x03\x04 and no more"),
    "cut off": lambda: io.BytesIO(packed({"word/document.xml": DOCUMENT}).getvalue()[:-30]),
    "a workbook": lambda: packed({"xl/workbook.xml": "<x/>"}),
    "no XML": lambda: packed({"word/document.xml": "<not xml"}),
    "an empty part": lambda: packed({"word/document.xml": ""}),
    "a billion laughs": lambda: packed({"word/document.xml": LAUGHS}),
    "in UTF-16": lambda: packed({"word/document.xml": LAUGHS.partition("?>")[2].encode("utf-16")}),
    "an outside file": lambda: packed({"word/document.xml": OUTSIDE}),
    "deep": lambda: packed({"word/document.xml": b"<a>" * 100_000 + b"</a>" * 100_000}),
    "many tags": lambda: packed({"word/document.xml": b"<a/>" * (MAX_PART // 4)}),
    "a zip bomb": lambda: packed({"word/document.xml": b" " * 60_000_000}),
    "many bombs": lambda: packed(
        {f"word/header{n}.xml": b" " * (MAX_PART - 9) for n in range(5)} | {"word/document.xml": ""}
    ),
    "odd packing": lambda: packed({"word/document.xml": DOCUMENT}, zipfile.ZIP_LZMA),
    "many members": lambda: packed({f"n{n}": b"" for n in range(45_000)}, zipfile.ZIP_STORED),
    "a huge directory": damaged_directory,
    "a huge directory in ZIP64": lambda: io.BytesIO(
        with_long_end(packed({"word/document.xml": DOCUMENT}).getvalue(), 1 << 40)
    ),
    "many members in ZIP64": lambda: io.BytesIO(
        with_long_end(packed({f"n{n}": b"" for n in range(45_000)}, zipfile.ZIP_STORED).getvalue())
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_and_damaged_files_are_refused_with_little_work_and_memory(
    case: str, unpacked: Unpacked
) -> None:
    stream = CountedBytes(HOSTILE[case]().getvalue())
    unpacked.bytes = 0
    tracemalloc.start()
    with counted_calls() as work, pytest.raises(BadDocx) as refusal:
        read_word(stream)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert work.calls < 2_000_000
    assert stream.taken < 2 * len(stream.getvalue()) + 100_000
    assert unpacked.bytes <= MAX_TOTAL + MAX_PART
    assert most < 100_000_000
    assert refusal.value.message.endswith("。") and refusal.value.remedy.endswith("。")


def test_macros_links_and_huge_pictures_are_never_unpacked(unpacked: Unpacked) -> None:
    stream = packed(
        {
            "word/document.xml": DOCUMENT,
            "word/vbaProject.bin": b"\0" * 20_000_000,
            "word/media/image1.png": b"\0" * 40_000_000,
            "word/_rels/document.xml.rels": "<not xml",
        }
    )
    unpacked.names.clear()
    assert [block.text for block in read_word(stream).blocks] == ["甲"]
    assert unpacked.names == ["word/document.xml"]
