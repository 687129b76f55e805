"""Fonts that an attachment only names: embedded, its text and widths as they were."""

import ctypes
import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake.clean import page_likeness
from sjs_forms.intake.fonts import cmaps, code_charts, embed_all, predefined_cmaps
from sjs_forms.intake.fonts.substitutes import Traits, decoded_name, face_for
from tests.font_files import (
    Make,
    composite,
    descriptor,
    drawn_by_pdfium,
    drawn_by_poppler,
    loose_fonts,
    sheet,
    simple,
    text_by_pdfium,
    text_by_poppler,
)
from tests.intake.conftest import SHOWN, Take, annotate, made, saved

MAX = 10_000_000
ALIKE = 4.0
"""Mean grey (of 255) by which two readers may differ where they draw the same outlines."""

LEASE = "租赁合同（发票）金额：壹佰万元整"


def _embedded(pdf: Pdf, tmp_path: Path) -> Path:
    """The document with its fonts embedded, as a file; nothing may be wanting."""
    assert embed_all(pdf, MAX) == (True, ())
    pdf.save(tmp_path / "embedded.pdf")
    return tmp_path / "embedded.pdf"


def _remarks(facts: SourceFacts, code: str) -> list[str]:
    return [remark.message for remark in facts.remarks if remark.code == code]


# Families


@pytest.mark.parametrize(
    ("name", "main"),
    [
        ("SimSun", "NotoSerifSC-Regular.ttf"),
        ("ABCDEF+NSimSun", "NotoSerifSC-Regular.ttf"),
        ("STSong-Light", "NotoSerifSC-Regular.ttf"),
        ("宋体", "NotoSerifSC-Regular.ttf"),
        ("MSung-Light", "NotoSerifSC-Regular.ttf"),
        ("SimSun,Bold", "NotoSerifSC-Bold.ttf"),
        ("方正小标宋简体", "NotoSerifSC-Bold.ttf"),
        ("HeiseiMin-W3", "NotoSerifSC-Regular.ttf"),
        ("HYSMyeongJo-Medium", "NotoSerifSC-Regular.ttf"),
        ("SimHei", "NotoSansSC-Medium.ttf"),
        ("MicrosoftYaHei-Bold", "NotoSansSC-Medium.ttf"),
        ("微软雅黑", "NotoSansSC-Medium.ttf"),
        ("等线 Light", "NotoSansSC-Medium.ttf"),
        ("PingFangSC-Regular", "NotoSansSC-Medium.ttf"),
        ("HeiseiKakuGo-W5", "NotoSansSC-Medium.ttf"),
        ("仿宋_GB2312", "NotoSerifSC-Latin.ttf"),
        ("STFangsong", "NotoSerifSC-Latin.ttf"),
        ("KaiTi_GB2312", "substitutes/FandolKai-Regular.otf"),
        ("楷体", "substitutes/FandolKai-Regular.otf"),
        ("Helvetica", "substitutes/LiberationSans-Regular.ttf"),
        ("ArialMT", "substitutes/LiberationSans-Regular.ttf"),
        ("Arial,BoldItalic", "substitutes/LiberationSans-BoldItalic.ttf"),
        ("Helvetica-Oblique", "substitutes/LiberationSans-Italic.ttf"),
        ("CenturyGothic", "substitutes/LiberationSans-Regular.ttf"),
        ("TimesNewRomanPS-BoldMT", "substitutes/LiberationSerif-Bold.ttf"),
        ("Times-Roman", "substitutes/LiberationSerif-Regular.ttf"),
        ("CourierNewPSMT", "substitutes/LiberationMono-Regular.ttf"),
        ("Courier-BoldOblique", "substitutes/LiberationMono-BoldItalic.ttf"),
        ("ZapfDingbats", "DejaVuSans-Symbols.ttf"),
        ("Wingdings-Regular", "DejaVuSans-Symbols.ttf"),
    ],
)
def test_a_name_is_enough_to_choose_a_face(name: str, main: str) -> None:
    assert face_for(decoded_name(name.encode()), Traits()).files[0] == main


@pytest.mark.parametrize(
    ("flags", "main"),
    [(1, "Mono-Regular"), (2, "Serif-Regular"), (0, "Sans-Regular"), (66, "Serif-Italic")],
)
def test_a_strange_name_is_judged_by_its_descriptor(flags: int, main: str) -> None:
    assert face_for("Foobar", Traits(flags)).files[0] == f"substitutes/Liberation{main}.ttf"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("楷体".encode("gbk"), "楷体"),
        ("ABCDEF+楷体".encode(), "楷体"),
        ("ＭＳ 明朝".encode("cp932"), "ＭＳ 明朝"),
        ("Café".encode("latin-1"), "Café"),
    ],
)
def test_a_name_is_read_as_its_program_wrote_it(raw: bytes, name: str) -> None:
    assert decoded_name(raw) == name


# Encodings


@pytest.mark.parametrize(
    ("cmap", "codec", "first", "last"),
    [
        ("GB-EUC-H", "gb2312", 0xB0A1, 0xF7FE),
        ("GBK-EUC-V", "gbk", 0x8180, 0xA0FE),
        ("GBKp-EUC-H", "gbk", 0xB0A1, 0xF7FE),
        ("GBK2K-H", "gb18030", 0xB0A1, 0xF7FE),
        ("ETen-B5-H", "big5", 0xA440, 0xC67E),
        ("B5pc-H", "big5", 0xA440, 0xC67E),
        ("HKscs-B5-V", "big5hkscs", 0xA440, 0xC67E),
        ("90ms-RKSJ-H", "cp932", 0x8980, 0x97FC),
        ("EUC-H", "euc_jp", 0xB0A1, 0xCFD3),
        ("KSC-EUC-H", "euc_kr", 0xB0A1, 0xC8FE),
        ("KSCms-UHC-H", "cp949", 0xB0A1, 0xC8FE),
    ],
)
def test_codes_mean_what_the_codec_of_the_same_name_says(
    cmap: str, codec: str, first: int, last: int
) -> None:
    known = predefined_cmaps.predefined(cmap)
    assert known is not None
    trails = range(first & 0xFF, (last & 0xFF) + 1)
    leads = range(first >> 8, (last >> 8) + 1)
    codes = [bytes((lead, trail)) for lead in leads for trail in trails]
    texts = {code: text for code in codes if len(text := code.decode(codec, "ignore")) == 1}
    assert len(texts) > 1500
    differing = [code for code, text in texts.items() if known.text(code) != text]
    assert len(differing) < len(texts) / 200


@given(st.text(st.characters(codec="gbk"), max_size=40))
def test_a_string_in_gbk_is_cut_into_its_characters(text: str) -> None:
    known = predefined_cmaps.predefined("GBK-EUC-H")
    assert known is not None
    codes = list(cmaps.split(text.encode("gbk"), known.spaces))
    assert b"".join(codes) == text.encode("gbk")
    assert [code.decode("gbk") for code in codes] == list(text)


@given(
    st.binary(max_size=60), st.sampled_from(["GBK2K-H", "90pv-RKSJ-H", "UniGB-UTF16-H", "EUC-V"])
)
def test_no_byte_of_a_string_is_lost(data: bytes, cmap: str) -> None:
    known = predefined_cmaps.predefined(cmap)
    assert known is not None
    assert b"".join(cmaps.split(data, known.spaces)) == data


@pytest.mark.parametrize(
    ("kind", "code", "sign"),
    [
        ("symbol", 0x61, "α"),
        ("symbol", 0xA3, "≤"),
        ("symbol", 0xE5, "∑"),
        ("symbol", 0xFE, "⎭"),
        ("zapfdingbats", 0x34, "✔"),
        ("zapfdingbats", 0x6E, "■"),
        ("zapfdingbats", 0xAC, "①"),
        ("zapfdingbats", 0xFE, "➾"),
        ("wingdings", 0xFC, "✔"),
        ("wingdings", 0xFE, "☑"),
        ("wingdings", 0xA8, "□"),
        ("wingdings", 0x6C, "●"),
        ("/WinAnsiEncoding", 0x80, "€"),
        ("/MacRomanEncoding", 0x8A, "ä"),
        ("/StandardEncoding", 0x27, "’"),
    ],
)
def test_a_code_of_a_chart_has_its_sign(kind: str, code: int, sign: str) -> None:
    assert code_charts.chart(kind)[code] == sign


# Documents

HALF = {"W": [814, Array([500] * 100), 7716, Array([500])]}
EASTERN: dict[str, tuple[Make, bytes, str]] = {
    "GBK-EUC-H": (composite("SimSun", "GBK-EUC-H", "GB1", **HALF), LEASE.encode("gbk"), LEASE),
    "GBK mixed": (
        composite("SimHei", "GBK-EUC-H", "GB1", **HALF),
        "金额 128.50 元（含税）".encode("gbk"),
        "金额128.50元（含税）",
    ),
    "GB-EUC-H": (composite("FangSong", "GB-EUC-H", "GB1"), LEASE.encode("gb2312"), LEASE),
    "GBKp-EUC-H": (composite("KaiTi", "GBKp-EUC-H", "GB1"), LEASE.encode("gbk"), LEASE),
    "UniGB-UCS2-H": (
        composite("STSong-Light", "UniGB-UCS2-H", "GB1"),
        LEASE.encode("utf-16-be"),
        LEASE,
    ),
    "UniGB-UTF16-H": (
        composite("STSong-Light", "UniGB-UTF16-H", "GB1"),
        LEASE.encode("utf-16-be"),
        LEASE,
    ),
    "ETen-B5-H": (
        composite("MingLiU", "ETen-B5-H", "CNS1"),
        "租賃合約發票ABC".encode("big5"),
        "租賃合約發票ABC",
    ),
    "90ms-RKSJ-H": (
        composite("MS-Mincho", "90ms-RKSJ-H", "Japan1"),
        "契約書アイあい12".encode("cp932"),
        "契約書アイあい12",
    ),
    "KSCms-UHC-H": (
        composite("HYSMyeongJo-Medium", "KSCms-UHC-H", "Korea1"),
        "大韓民國 ABC".encode("cp949"),
        "大韓民國ABC",
    ),
    "GBK-EUC-V": (composite("SimSun", "GBK-EUC-V", "GB1"), LEASE.encode("gbk"), LEASE),
    "Identity of GB1": (
        composite("SimSun", "Identity-H", "GB1"),
        bytes.fromhex("03e803e903ea"),
        "拜稗斑",
    ),
    "Identity with a map": (
        composite(
            "ABCDEF+SimSun",
            "Identity-H",
            "Identity",
            b"1 begincodespacerange <0000> <ffff> endcodespacerange "
            b"1 beginbfchar <0003> <79df> endbfchar "
            b"2 beginbfrange <0010> <0012> <4e00> <0020> <0021> [<8d41> <00660069>] endbfrange",
        ),
        bytes.fromhex("00030010001100120020"),
        "租一丁丂赁",
    ),
    "a CMap of its own": (
        composite(
            "SimSun",
            b"/CIDInit /ProcSet findresource begin begincmap "
            b"2 begincodespacerange <00> <7f> <8000> <ffff> endcodespacerange "
            b"1 begincidrange <8000> <8002> 1000 endcidrange 1 begincidchar <41> 846 endcidchar "
            b"endcmap end",
            "GB1",
        ),
        bytes.fromhex("80004180018002"),
        "拜A稗斑",
    ),
}


@pytest.mark.parametrize("kind", EASTERN)
def test_both_readers_find_the_text_of_an_eastern_font(
    kind: str, take: Take, tmp_path: Path
) -> None:
    make, text, expected = EASTERN[kind]
    facts = take(saved(sheet((make, text))))
    assert not facts.remarks
    assert loose_fonts(facts.clean) == []
    assert text_by_pdfium(facts.clean) == expected
    assert text_by_poppler(facts.clean) == expected


@pytest.mark.parametrize("kind", EASTERN)
def test_both_readers_draw_an_eastern_font_alike(kind: str, take: Take, tmp_path: Path) -> None:
    make, text, _ = EASTERN[kind]
    facts = take(saved(sheet((make, text), size=40)))
    by_pdfium = drawn_by_pdfium(facts.clean)
    by_poppler = drawn_by_poppler(facts.clean, tmp_path)
    assert not page_likeness.is_blank(by_pdfium)
    assert page_likeness.difference(by_pdfium, by_poppler).mean < ALIKE


PANGRAM = b"The quick brown fox (jumps) 0123"
WESTERN: dict[str, tuple[Make, bytes]] = {
    **{
        name: (simple(name, encoding="WinAnsiEncoding", flags=None), PANGRAM)
        for name in ("Helvetica", "Times-BoldItalic", "Courier", "Helvetica-Oblique")
    },
    "without encoding": (simple("Times-Roman", flags=None), PANGRAM),
    "TrueType": (simple("ArialMT", "TrueType", "WinAnsiEncoding", [556] * 224), PANGRAM),
    "MMType1": (simple("MyriadMM_400_600_", "MMType1", "WinAnsiEncoding"), PANGRAM),
    "MacRoman": (simple("Arial", "TrueType", "MacRomanEncoding"), b"\x80\x8a\xa5\xd2ab\xd3"),
    "Differences": (
        simple(
            "Arial",
            encoding=Dictionary(
                Differences=Array(
                    [65, *map(Name, ("/uni4E2D", "/Euro", "/Aacute", "/afii10017", "/u6587"))]
                )
            ),
        ),
        b"ABCDExyz",
    ),
    "Symbol": (simple("Symbol", flags=None), b"abcdefgh\xa3\xb3\xe5"),
    "ZapfDingbats": (simple("ZapfDingbats", flags=None), b"34nlu\xac\xad"),
}


@pytest.mark.parametrize("kind", WESTERN)
def test_a_simple_font_keeps_its_text(kind: str, take: Take, tmp_path: Path) -> None:
    source = tmp_path / "source.pdf"
    sheet(WESTERN[kind]).save(source)
    facts = take(source)
    assert not facts.remarks
    assert loose_fonts(facts.clean) == []
    assert text_by_pdfium(facts.clean) == text_by_pdfium(source)
    assert text_by_poppler(facts.clean) == text_by_pdfium(source)


@pytest.mark.parametrize("kind", WESTERN)
def test_both_readers_draw_a_simple_font_alike(kind: str, take: Take, tmp_path: Path) -> None:
    make, text = WESTERN[kind]
    facts = take(saved(sheet((make, text[:16]), size=40)))
    by_pdfium = drawn_by_pdfium(facts.clean)
    assert not page_likeness.is_blank(by_pdfium)
    assert page_likeness.difference(by_pdfium, drawn_by_poppler(facts.clean, tmp_path)).mean < ALIKE


def test_an_old_truetype_font_with_a_chinese_name_is_read_as_gbk(take: Take) -> None:
    """/BaseFont and the strings are both GBK, as Chinese programs of the nineties wrote them."""
    data = saved(sheet((simple("XXXX", "TrueType", "WinAnsiEncoding"), "租赁A合同".encode("gbk"))))
    facts = take(data.replace(b"/BaseFont /XXXX", b"/BaseFont /" + "宋体".encode("gbk")))
    assert loose_fonts(facts.clean) == []
    assert text_by_pdfium(facts.clean) == "租赁A合同"


# Widths and places


def _origins(path: Path) -> list[tuple[float, float]]:
    """Where each character of the first page begins."""
    with pypdfium2.PdfDocument(path) as document:
        text = document[0].get_textpage()
        places = []
        for at in range(text.count_chars()):
            x, y = ctypes.c_double(), ctypes.c_double()
            pypdfium2.raw.FPDFText_GetCharOrigin(text, at, x, y)
            places.append((round(x.value, 2), round(y.value, 2)))
        return places


@pytest.mark.parametrize(
    ("make", "text", "steps"),
    [
        (
            simple("Verdana", "TrueType", "WinAnsiEncoding", [700] * 40 + [333.5] * 60),
            b"AHZz",
            [700, 333.5, 333.5],
        ),
        (simple("Helvetica", encoding="WinAnsiEncoding", flags=None), b"AWil", [667, 944, 222]),
        (simple("ZapfDingbats", flags=None), b"4n4", [846, 761]),
        (
            composite("SimSun", "GBK-EUC-H", "GB1", **HALF),
            "中A国B".encode("gbk"),
            [1000, 500, 1000],
        ),
        (
            composite("SimSun", "UniGB-UCS2-H", "GB1", DW=800),
            "中A国".encode("utf-16-be"),
            [800, 800],
        ),
    ],
)
def test_widths_are_the_documents(
    make: Make, text: bytes, steps: list[float], tmp_path: Path
) -> None:
    path = _embedded(sheet((make, text), size=100), tmp_path)
    places = [x for x, _ in _origins(path)]
    found = [(after - before) * 10 for before, after in pairwise(places)]
    assert found == pytest.approx(steps, abs=0.6)


def test_letters_that_are_too_wide_are_squeezed_into_their_width(tmp_path: Path) -> None:
    """SimSun's Latin is half as wide as its Chinese; of W's in that width none touch."""
    font = simple("SimSun", "TrueType", "WinAnsiEncoding", [500] * 100)
    path = _embedded(sheet((font, b"WWWW"), size=100), tmp_path)
    columns = drawn_by_pdfium(path).resize((595, 1), resample=4).crop((0, 0, 260, 1)).tobytes()
    gaps = [x for x in range(51, 249) if columns[x] == 255]
    assert len({gap // 50 for gap in gaps}) >= 3


def test_vertical_writing_goes_down_and_turns_brackets(tmp_path: Path) -> None:
    font = composite("SimSun", "GBK-EUC-V", "GB1")
    path = _embedded(sheet((font, "中（国".encode("gbk")), size=100), tmp_path)
    first, second, third = _origins(path)[:3]
    assert first[0] == second[0] == third[0]
    assert first[1] - second[1] == second[1] - third[1] == pytest.approx(100, abs=0.1)
    bracket = drawn_by_pdfium(path).crop((0, 165, 120, 258))
    left, top, right, bottom = bracket.point(lambda grey: 255 * (grey < 128)).getbbox()
    assert right - left > 2 * (bottom - top)


def test_vertical_metrics_are_the_documents(tmp_path: Path) -> None:
    metrics = {"DW2": [880, -500], "W2": [1001, Array([-2000, 500, 880])]}
    font = composite("SimSun", "Identity-V", "GB1", **metrics)
    path = _embedded(sheet((font, bytes.fromhex("03e803e903ea")), size=100), tmp_path)
    first, second, third = [y for _, y in _origins(path)[:3]]
    assert (first - second, second - third) == pytest.approx((50, 200), abs=0.1)


# What nobody can know


def test_a_font_of_which_nothing_is_known_is_named(take: Take) -> None:
    pdf = sheet((composite("SimSun", "Identity-H", "Identity"), bytes.fromhex("0f3c0f3d")))
    facts = take(saved(pdf))
    (message,) = _remarks(facts, "attachment-font-unknown")
    assert SHOWN in message and "第 1 页" in message and "SimSun" in message
    assert loose_fonts(facts.clean) == []
    assert not page_likeness.is_blank(drawn_by_pdfium(facts.clean))


def test_only_the_pages_on_which_it_is_seen_are_named(take: Take) -> None:
    """The font is used by a form that pages 2 and 4 draw, within another form."""
    unknown = composite("SimSun", "Identity-H", "Identity")
    pdf = sheet((unknown, b""))
    inner = Stream(pdf, b"BT /F0 20 Tf 50 700 Td <0f3c> Tj ET")
    inner.Type, inner.Subtype, inner.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
    inner.Resources = pdf.pages[0].obj.Resources
    outer = Stream(pdf, b"/In Do")
    outer.Type, outer.Subtype, outer.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
    outer.Resources = Dictionary(XObject=Dictionary(In=inner))
    for at in range(1, 4):
        page = pdf.add_blank_page(page_size=(595, 842)).obj
        if at != 2:
            page.Resources = Dictionary(XObject=Dictionary(Out=outer))
            page.Contents = Stream(pdf, b"/Out Do")
    (message,) = _remarks(take(saved(pdf)), "attachment-font-unknown")
    assert "第 2、4 页" in message


@pytest.mark.parametrize(
    "make",
    [
        simple("Webdings", "TrueType", flags=4),
        simple("Foo", encoding=Dictionary(Differences=Array([65, Name("/g17"), Name("/g18")]))),
        simple("CompanyIcons", "TrueType", flags=4),
        simple("Code39", "TrueType"),
        simple("IDAutomationC128M", encoding=Name.WinAnsiEncoding),
        simple("ABCDEF+EAN-13", encoding=Dictionary(Differences=Array([65, Name.A, Name.B]))),
    ],
)
def test_a_simple_font_of_signs_that_nobody_states_is_named(make: Make, take: Take) -> None:
    facts = take(saved(sheet((make, b"AB"))))
    assert len(_remarks(facts, "attachment-font-unknown")) == 1
    assert loose_fonts(facts.clean) == []


def test_a_character_that_no_bundled_font_has_is_named(take: Take) -> None:
    font = composite("Batang", "UniKS-UCS2-H", "Korea1")
    facts = take(saved(sheet((font, "大한글".encode("utf-16-be")))))
    (message,) = _remarks(facts, "attachment-font-glyphs")
    assert SHOWN in message and "第 1 页" in message and "Batang" in message and "글한" in message
    assert text_by_pdfium(facts.clean) == "大한글"


def test_unseen_text_under_a_scan_needs_no_word(take: Take) -> None:
    pdf = sheet((composite("SimSun", "Identity-H", "Identity"), bytes.fromhex("0f3c")))
    page = pdf.pages[0].obj
    page.Contents = Stream(pdf, b"3 Tr " + page.Contents.read_bytes() + b" 50 50 9 9 re f")
    facts = take(saved(pdf))
    assert not facts.remarks
    assert loose_fonts(facts.clean) == []


# Wherever fonts are


def test_text_in_the_font_of_the_caller_is_embedded_too(take: Take) -> None:
    """A form shows text without setting a font; another font of the page knows no such codes."""
    pdf = sheet(
        (simple("Helvetica", flags=None), b"called"),
        (EASTERN["Identity with a map"][0], bytes.fromhex("0003")),
    )
    page = pdf.pages[0].obj
    page.Resources.XObject = Dictionary(In=_form(pdf, b"BT 50 500 Td (within) Tj ET"))
    page.Contents = Stream(pdf, page.Contents.read_bytes() + b" q /F0 20 Tf /In Do Q")
    facts = take(saved(pdf))
    assert not facts.remarks
    assert "within" in text_by_pdfium(facts.clean)
    assert "within" in text_by_poppler(facts.clean)


def test_a_file_that_cannot_be_opened_is_as_good_as_none(take: Take) -> None:
    def broken(pdf: Pdf) -> Any:
        font = simple("ArialMT", "TrueType", "WinAnsiEncoding", [600] * 100)(pdf)
        font.FontDescriptor.FontFile2 = Stream(pdf, b"no font at all")
        return font

    facts = take(saved(sheet((broken, b"Lease"))))
    assert text_by_pdfium(facts.clean) == "Lease"
    with pikepdf.open(facts.clean) as pdf:
        names = {
            str(found.get("/BaseFont")) for found in pdf.objects if isinstance(found, Dictionary)
        }
    assert any("Liberation" in name for name in names)


def _form(pdf: Pdf, content: bytes, **resources: Any) -> Stream:
    form = Stream(pdf, content)
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
    form.Resources = Dictionary(**resources)
    return form


def _everywhere() -> Pdf:
    """Fonts in a form within a form, a pattern, a mask, a Type 3 glyph, a state, an annotation."""
    pdf = made(1)

    def arial() -> Any:
        return simple("ArialMT", "TrueType", "WinAnsiEncoding", [556] * 100)(pdf)

    def show(text: str, y: int) -> bytes:
        return f"BT /F 20 Tf 50 {y} Td ({text}) Tj ET".encode()

    inner = _form(pdf, show("inner", 600), Font=Dictionary(F=arial()))
    outer = _form(pdf, b"/In Do", XObject=Dictionary(In=inner))
    pattern = _form(pdf, show("pattern", 20), Font=Dictionary(F=arial()))
    del pattern.Subtype
    pattern.Type, pattern.PatternType, pattern.PaintType, pattern.TilingType = Name.Pattern, 1, 1, 1
    pattern.XStep, pattern.YStep = 200, 100
    mask = _form(pdf, show("mask", 500), Font=Dictionary(F=arial()))
    mask.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    glyph = Stream(pdf, b"600 0 d0 BT /F 800 Tf (t) Tj ET")
    drawn = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 1000, 1000]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=Dictionary(t=glyph),
        Encoding=Dictionary(Differences=Array([65, Name("/t")])),
        FirstChar=65,
        LastChar=65,
        Widths=Array([600]),
        Resources=Dictionary(Font=Dictionary(F=arial())),
    )
    page = pdf.pages[0].obj
    page.Resources = Dictionary(
        Font=Dictionary(
            T=pdf.make_indirect(drawn),
            Direct=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica),
        ),
        XObject=Dictionary(Out=outer),
        Pattern=Dictionary(P=pattern),
        ExtGState=Dictionary(
            M=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=mask)),
            S=Dictionary(Font=Array([arial(), 20])),
        ),
    )
    page.Contents = Stream(
        pdf,
        b"/Out Do /Pattern cs /P scn 50 100 200 100 re f 0 g q /M gs 0 0 9 9 re f Q "
        b"BT /T 20 Tf 50 450 Td (A) Tj ET BT /S gs 50 400 Td (state) Tj ET "
        b"BT /Direct 20 Tf 50 350 Td (direct) Tj ET",
    )
    annotate(pdf, AP=Dictionary(N=_form(pdf, show("stamp", 300), Font=Dictionary(F=arial()))))
    return pdf


def test_fonts_are_found_wherever_they_are_used(take: Take) -> None:
    data = saved(_everywhere())
    facts = take(data)
    assert loose_fonts(facts.clean) == []
    found = text_by_pdfium(facts.clean)
    assert all(word in found for word in ("inner", "state", "direct", "stamp"))


def test_content_streams_stay_as_they_are(tmp_path: Path) -> None:
    pdf = _everywhere()
    contents = pdf.pages[0].obj.Contents.read_bytes()
    embed_all(pdf, MAX)
    assert pdf.pages[0].obj.Contents.read_bytes() == contents


def test_fonts_of_one_face_share_one_file(tmp_path: Path) -> None:
    """Programs that cut a font anew for every page must not make the volume many times larger."""
    fonts = [composite(f"ABCDE{letter}+SimSun", "GBK-EUC-H", "GB1") for letter in "ABCDEFGH"]
    path = _embedded(sheet(*((font, LEASE.encode("gbk")) for font in fonts)), tmp_path)
    with pikepdf.open(path) as pdf:
        files = [
            found for found in pdf.objects if isinstance(found, Stream) and "/Length1" in found
        ]
    assert len(files) == 1


def test_forms_that_share_their_resources_are_visited_once(tmp_path: Path) -> None:
    """Forty levels, each drawn twice by the one above: 2 to the 40th visits without memory."""
    pdf = sheet((simple("Helvetica", flags=None), b"x"))
    below = _form(pdf, b"BT /F 9 Tf (deep) Tj ET", Font=Dictionary(F=simple("Courier")(pdf)))
    for _ in range(40):
        below = _form(pdf, b"/A Do /B Do", XObject=Dictionary(A=below, B=below))
    below.Resources.XObject.C = below
    pdf.pages[0].obj.Resources.XObject = Dictionary(A=below)
    assert loose_fonts(_embedded(pdf, tmp_path)) == []


def test_a_document_with_all_fonts_embedded_is_left_alone(take: Take) -> None:
    facts = take(saved(sheet((simple("Helvetica", flags=None), b"once"))))
    with pikepdf.open(facts.clean) as pdf:
        assert embed_all(pdf, MAX) == (False, ())


def test_the_same_file_gives_the_same_bytes_on_another_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def embedded(now: float) -> bytes:
        monkeypatch.setattr("time.time", lambda: now)
        pdf = sheet(*(pair[:2] for pair in EASTERN.values()), *WESTERN.values(), size=12)
        embed_all(pdf, MAX)
        out = io.BytesIO()
        pdf.save(out, static_id=True)
        return out.getvalue()

    assert embedded(1_700_000_000) == embedded(1_800_000_000)


def test_values_that_are_filled_in_bring_their_fonts(take: Take) -> None:
    """What PDFium lends for a field is in Helvetica, which it does not embed."""
    pdf = made(1)
    helvetica = simple("Helvetica", encoding="WinAnsiEncoding", flags=None)(pdf)
    field = annotate(
        pdf,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String("a"),
        V=String("Shijingshan"),
        DA=String("/Helv 12 Tf 0 g"),
        Rect=Array([100, 500, 300, 530]),
    )
    del field.AP
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([field]), DR=Dictionary(Font=Dictionary(Helv=helvetica)), NeedAppearances=True
    )
    facts = take(saved(pdf))
    assert "Shijingshan" in text_by_pdfium(facts.clean)
    assert loose_fonts(facts.clean) == []


def test_a_hostile_map_is_read_within_bounds() -> None:
    """Seconds for the first map, hours without bounds."""
    pdf = Pdf.new()
    ranges = b"1 beginbfrange <0000> <ffffffff> <0041> endbfrange " * 100_000
    assert len(cmaps.parsed(Stream(pdf, ranges)).texts) <= cmaps.MAX_CODES
    again = b"1 beginbfrange <0000> <0fff> <0041> endbfrange " * 100_000
    assert len(cmaps.parsed(Stream(pdf, again)).texts) == 0x1000


def test_hostile_widths_are_read_within_bounds(take: Take) -> None:
    font = composite("SimSun", "GBK-EUC-H", "GB1", W=[0, 65535, 600] * 30_000)
    facts = take(saved(sheet((font, LEASE.encode("gbk")))))
    assert text_by_pdfium(facts.clean) == LEASE


def test_a_code_that_stands_for_a_whole_sentence_is_not_drawn_but_named(take: Take) -> None:
    """The map to text may give a code up to 500 characters."""
    long = "这是一个编码所代表的很长很长很长很长的一句话".encode("utf-16-be").hex().encode()
    map_ = b"1 beginbfchar <0003> <" + long + b"> endbfchar"
    facts = take(saved(sheet((composite("SimSun", "Identity-H", "Identity", map_), b"\0\x03"))))
    assert len(_remarks(facts, "attachment-font-glyphs")) == 1


def test_a_font_that_lacks_everything_is_still_embedded(take: Take) -> None:
    pdf = sheet((lambda pdf: pdf.make_indirect(Dictionary(Type=Name.Font)), b"bare"))
    pdf.pages[0].obj.Resources.Font.F1 = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, DescendantFonts=Array([])
    )
    pdf.pages[0].obj.Resources.Font.F2 = Dictionary(
        Subtype=Name.TrueType, FontDescriptor=descriptor(pdf, "X"), Widths=Array([String("a")])
    )
    facts = take(saved(pdf))
    assert loose_fonts(facts.clean) == []
    assert text_by_pdfium(facts.clean) == "bare"
