"""Text of an OFD: which glyphs, where, and what a reader finds."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sjs_forms.intake.fonts.substitutes import Traits, face_for
from sjs_forms.intake.ofd.text.text_codes import deltas_of
from tests.intake.ofd.drawing.conftest import Draw, Drawn
from tests.intake.ofd.drawing.objects import OfdFile, colour, layer, text, xml
from tests.intake.ofd.embedded_fonts import as_file, bare_cff, cut

WORDS = "银行回单付款成功"
ACROSS = "6.5"


def page(
    *objects: str, fonts: tuple[str, ...] = (), files: Mapping[str, bytes] | None = None
) -> OfdFile:
    file = OfdFile()
    file.fonts += fonts
    file.members |= {f"Doc_0/Res/{name}": data for name, data in (files or {}).items()}
    file.page(layer(objects))
    return file


def transform(glyphs: Any, position: int = 0, count: int | None = None) -> str:
    numbers = " ".join(str(glyph) for glyph in glyphs)
    return xml(
        "CGTransform",
        xml("Glyphs", numbers),
        CodePosition=position,
        CodeCount=count or len(glyphs),
        GlyphCount=len(glyphs),
    )


def embedded(number: int, name: str) -> str:
    return xml("Font", xml("FontFile", name), ID=number, FontName="某字体")


def right_edge(drawn: Drawn, bottom: float = 297) -> float:
    """Where the last ink is above a line, in millimetres."""
    dark = drawn.picture().convert("L").point([255 if value < 160 else 0 for value in range(256)])
    box = dark.crop((0, 0, dark.width, round(bottom * 5))).getbbox()
    assert box is not None
    return box[2] / 5


@pytest.mark.parametrize(
    ("name", "face"),
    [
        ("宋体", "NotoSerifSC-Regular"),
        ("SimSun", "NotoSerifSC-Regular"),
        ("方正小标宋简体", "NotoSerifSC-Bold"),
        ("仿宋_GB2312", "FandolFang-Regular"),
        ("楷体", "FandolKai-Regular"),
        ("KaiTi", "FandolKai-Regular"),
        ("黑体", "NotoSansSC-Medium"),
        ("微软雅黑", "NotoSansSC-Medium"),
        ("Courier New", "LiberationMono-Regular"),
        ("Times New Roman", "LiberationSerif-Regular"),
        ("Arial", "LiberationSans-Regular"),
    ],
)
def test_a_font_that_is_only_named_is_one_of_its_kind(draw: Draw, name: str, face: str) -> None:
    drawn = draw(page(text("A1", 20, 20, font=2), fonts=(xml("Font", ID=2, FontName=name),)))
    with pikepdf.open(drawn.path) as pdf:
        fonts = {str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()}
    assert fonts == {f"/SJSOFD+{face}"}
    assert drawn.text().strip() == "A1"
    assert drawn.remarks == ()


def test_each_character_lies_where_the_offsets_say(draw: Draw) -> None:
    drawn = draw(page(text("一二三四五", 20, 50, size=5, dx="g 2 6 10 6")))
    assert drawn.text().replace(" ", "").strip() == "一二三四五"
    left = [drawn.place(sign)[0] for sign in "一二三四五"]
    steps = [round(b - a, 1) for a, b in pairwise(left)]
    for step, stated in zip(steps, [6, 6, 10, 6], strict=True):
        assert abs(step - stated) < 0.6, steps
    assert abs(drawn.place("五")[1] - 50) < 1


def test_the_last_offset_holds_where_there_are_too_few(draw: Draw) -> None:
    drawn = draw(page(text("国国国国", 20, 50, size=5, dx="8")))
    starts = [round(x) for x in drawn.starts("国")]
    assert starts == [20]
    with_all = draw(page(text("国国国国", 20, 50, size=5, dx="8 8 8")))
    assert drawn.picture().tobytes() == with_all.picture().tobytes()


def test_without_offsets_the_fonts_own_advances_hold(draw: Draw) -> None:
    drawn = draw(page(text("甲乙", 20, 50, size=10)))
    assert abs(drawn.place("乙")[0] - drawn.place("甲")[0] - 10) < 1


def test_a_coordinate_that_is_not_stated_is_that_of_the_text_code_before(draw: Draw) -> None:
    """Where neither is, the text goes on (11.3)."""
    codes = (
        xml("TextCode", "甲乙", X=20, Y=50, DeltaX=8)
        + xml("TextCode", "丙丁", Y=60, DeltaX=8)
        + xml("TextCode", "戊", X=90)
        + xml("TextCode", "己")
    )
    drawn = draw(page(xml("TextObject", codes, Boundary="0 0 210 297", Font=1, Size=5)))
    places = {sign: drawn.place(sign) for sign in "甲丙丁戊己"}
    for sign, (x, y) in {
        "甲": (20, 50),
        "丙": (20, 60),
        "丁": (28, 60),
        "戊": (90, 60),
        "己": (95, 60),
    }.items():
        assert abs(places[sign][0] - x) < 1 and abs(places[sign][1] - y) < 1, (sign, places[sign])


def test_offsets_may_run_backwards_and_upwards(draw: Draw) -> None:
    drawn = draw(page(text("下中上", 50, 50, size=5, dy="-7 -7"), text("右左", 90, 50, dx="-9")))
    assert [round(drawn.place(sign)[1]) for sign in "下中上"] == [50, 43, 36]
    assert drawn.place("左")[0] < drawn.place("右")[0] - 8


def test_latin_is_as_narrow_as_its_offsets_say(draw: Draw) -> None:
    """Text set in half widths must not overlap in a wider face."""
    narrow = draw(page(text("MMMM", 20, 50, size=5, dx="g 3 2.5")))
    wide = draw(page(text("MMMM", 20, 50, size=5)))
    assert right_edge(narrow) < 30.3 < 34 < right_edge(wide)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from("gG"), st.integers(0, 9), st.integers(-9, 9)),
            st.integers(-99, 99),
        ),
        max_size=9,
    )
)
@settings(max_examples=60, deadline=None)
def test_groups_of_offsets_are_written_out(groups: list[Any]) -> None:
    words, expected = [], []
    for group in groups:
        if isinstance(group, tuple):
            words += [group[0], str(group[1]), str(group[2])]
            expected += [float(group[2])] * group[1]
        else:
            words.append(str(group))
            expected.append(float(group))
    assert list(deltas_of(" ".join(words))) == expected


def test_a_group_may_not_make_more_offsets_than_any_page_has() -> None:
    assert len(deltas_of("g 999999999 1 g 999999999 1")) <= 100_000


@pytest.mark.parametrize("kind", ["ttf", "no cmap", "otf", "cff"])
@pytest.mark.parametrize("numbered", [False, True])
def test_embedded_fonts_show_their_own_glyphs(draw: Draw, kind: str, numbered: bool) -> None:
    """Numbers are glyph ids, but CIDs in a CID-keyed CFF."""
    source = "FandolFang-Regular.otf" if kind in ("otf", "cff") else "NotoSerifSC-Bold.ttf"
    font, numbers = cut(source, WORDS)
    if kind in ("otf", "cff"):
        charset = font["CFF "].cff.topDictIndex[0].charset
        numbers = {sign: int(charset[number][3:]) for sign, number in numbers.items()}
    data = {
        "ttf": lambda: as_file(font),
        "no cmap": lambda: as_file(font, "cmap", "post", "name", "OS/2"),
        "otf": lambda: as_file(font),
        "cff": lambda: bare_cff(font),
    }[kind]()
    glyphs = transform([numbers[sign] for sign in WORDS]) if numbered else ""
    words = text(WORDS, 20, 50, font=2, size=6, dx=ACROSS, transforms=glyphs)
    drawn = draw(page(words, fonts=(embedded(2, "a"),), files={"a": data}))
    assert drawn.text().replace(" ", "").strip() == WORDS
    assert WORDS in drawn.text_by_poppler().replace(" ", "")
    assert drawn.remarks == ()
    with pikepdf.open(drawn.path) as pdf:
        names = {str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()}
    has_map = kind in ("ttf", "otf") or numbered
    assert any("Embedded" in name for name in names) is has_map


def test_several_characters_may_be_one_glyph_with_one_offset(draw: Draw) -> None:
    font, numbers = cut("NotoSerifSC-Bold.ttf", WORDS)
    glyphs = transform([numbers["银"]], count=2)
    words = text("银行回", 20, 50, font=2, size=6, dx="20", transforms=glyphs)
    drawn = draw(page(words, fonts=(embedded(2, "a"),), files={"a": as_file(font)}))
    assert drawn.text().replace(" ", "").strip() == "银行回"
    assert abs(drawn.place("回")[0] - 40) < 1


def test_one_character_may_be_several_glyphs(draw: Draw) -> None:
    font, numbers = cut("NotoSerifSC-Bold.ttf", WORDS)
    glyphs = transform([numbers["银"], numbers["行"]], count=1)
    words = text("银回", 20, 50, font=2, size=6, dx="g 2 10", transforms=glyphs)
    drawn = draw(page(words, fonts=(embedded(2, "a"),), files={"a": as_file(font)}))
    assert drawn.text().replace("\u200b", "").replace(" ", "").strip() == "银回"
    assert abs(drawn.place("回")[0] - 40) < 1


@pytest.mark.parametrize("counts_from", ["object", "code"])
def test_positions_count_from_the_object_or_from_the_text_code(
    draw: Draw, counts_from: str
) -> None:
    font, numbers = cut("NotoSerifSC-Bold.ttf", WORDS)
    second = 2 if counts_from == "object" else 0
    inside = (
        transform([numbers["银"], numbers["行"]])
        + xml("TextCode", "银行", X=20, Y=50, DeltaX="10")
        + transform([numbers["回"], numbers["单"]], position=second)
        + xml("TextCode", "回单", X=20, Y=70, DeltaX="10")
    )
    node = xml("TextObject", inside, Boundary="0 0 210 297", Font=2, Size=6)
    drawn = draw(page(node, fonts=(embedded(2, "a"),), files={"a": as_file(font, "cmap", "post")}))
    assert drawn.text().replace("\r\n", "").replace(" ", "") == "银行回单"
    assert drawn.remarks == ()


def test_a_number_that_the_font_has_not_falls_back_to_the_character(draw: Draw) -> None:
    font, _ = cut("NotoSerifSC-Bold.ttf", WORDS)
    words = text("银行", 20, 50, font=2, size=6, transforms=transform([60_000, 60_001]))
    drawn = draw(page(words, fonts=(embedded(2, "a"),), files={"a": as_file(font)}))
    assert drawn.text().strip() == "银行" and drawn.remarks == ()
    assert min(drawn.colour(x / 5, 48)[0] for x in range(100, 130)) < 60


def test_numbers_mean_nothing_in_a_font_that_is_not_embedded(draw: Draw) -> None:
    with_numbers = draw(page(text("银行", 20, 50, transforms=transform([17, 4711]))))
    assert with_numbers.text().strip() == "银行"
    plain = draw(page(text("银行", 20, 50)))
    assert with_numbers.picture().tobytes() == plain.picture().tobytes()


@pytest.mark.parametrize("broken", ["junk", "hmtx", "maxp", "empty"])
def test_a_broken_font_costs_no_character(draw: Draw, broken: str) -> None:
    font, numbers = cut("NotoSerifSC-Bold.ttf", WORDS)
    data = bytearray(as_file(font))
    if broken in ("hmtx", "maxp"):
        at = data.find(broken.encode())
        data[at + 12 : at + 16] = (3).to_bytes(4)
    elif broken == "junk":
        data[200:] = b"\xff" * 300
    else:
        data.clear()
    glyphs = transform([numbers[sign] for sign in WORDS])
    words = text(WORDS, 20, 50, font=2, size=6, dx=ACROSS, transforms=glyphs)
    drawn = draw(page(words, fonts=(embedded(2, "a"),), files={"a": bytes(data)}))
    assert drawn.text().replace(" ", "").strip() == WORDS
    if broken in ("junk", "empty"):
        assert drawn.codes == ["attachment-font-unknown"]


def test_a_font_that_should_be_there_is_said(draw: Draw) -> None:
    """Its numbers mean nothing in the face that takes its place; its name says which."""
    words = text("银行", 20, 50, font=2, transforms=transform([17, 4711]))
    file = page(words, fonts=(embedded(2, "missing.ttf"),))
    file.page(layer([words]))
    drawn = draw(file)
    assert drawn.codes == ["attachment-font-unknown"]
    assert "第 1、2 页" in drawn.remarks[0].message
    assert drawn.text().strip() == "银行"


def test_a_character_that_no_face_has_is_said_of_every_page(draw: Draw) -> None:
    file = page(text("\U0010fffd", 20, 50))
    file.page(layer([text("一", 20, 50)]))
    file.page(layer([text("\U0010fffd", 20, 50)]))
    assert "第 1、3 页" in draw(file).remarks[0].message


def test_characters_that_a_face_lacks_come_from_another_and_else_are_named(draw: Draw) -> None:
    fonts = (xml("Font", ID=2, FontName="Courier New"),)
    found = draw(page(text("½㐀☑龘", 20, 50, font=2), fonts=fonts))
    assert found.text().strip() == "½㐀☑龘" and found.remarks == ()
    invoice = draw(page(text("⊗ⓧ￥¥㈠①℃㎡№●★☆√×—…〇㊣", 20, 50, font=2), fonts=fonts))
    assert invoice.remarks == ()
    missing = draw(page(text("一\U0010fffd", 20, 50)))
    assert missing.codes == ["attachment-font-glyphs"]
    assert "\U0010fffd" in missing.remarks[0].message


def test_directions_turn_characters_and_lines(draw: Draw) -> None:
    down = draw(page(text("一二", 50, 50, size=5, ReadDirection=90)))
    assert abs(down.place("二")[0] - down.place("一")[0]) < 1
    assert 3 < down.place("二")[1] - down.place("一")[1] < 7
    turned = draw(page(text("——", 50, 50, size=8, CharDirection=90, ReadDirection=90)))
    box = turned.picture().convert("L").point([255 if v < 128 else 0 for v in range(256)]).getbbox()
    assert box is not None and box[3] - box[1] > 3 * (box[2] - box[0])


def test_horizontal_scale_narrows_glyphs_and_advances(draw: Draw) -> None:
    drawn = draw(page(text("国国", 20, 50, size=10, HScale="0.5"), text("国国", 20, 80, size=10)))
    assert right_edge(drawn, bottom=60) < 31 < 39 < right_edge(drawn)


def test_weight_thickens_an_embedded_font(draw: Draw) -> None:
    font, _ = cut("NotoSerifSC-Regular.ttf", WORDS)
    files = {"a": as_file(font)}

    def ink(**how: object) -> int:
        words = text(WORDS, 20, 50, font=2, size=8, **how)  # type: ignore[arg-type]
        drawn = draw(page(words, fonts=(embedded(2, "a"),), files=files))
        assert drawn.text().strip() == WORDS
        return sum(drawn.picture().convert("L").histogram()[:128])

    assert ink(Weight=700) > 1.15 * ink()


def test_stroked_text_has_the_stroke_colour_and_invisible_text_is_only_found(draw: Draw) -> None:
    stroked = text(
        "口",
        20,
        50,
        size=20,
        Stroke="true",
        Fill="false",
        LineWidth=1,
        inside=colour("StrokeColor", "255 0 0"),
    )
    hidden = text("看不见", 20, 100, Fill="false")
    drawn = draw(page(stroked, hidden))
    reds = [drawn.colour(x / 5, 45) for x in range(100, 200)]
    assert (255, 0, 0) in reds
    assert "看不见" in drawn.text()
    assert min(drawn.picture().crop((90, 450, 300, 520)).convert("L").tobytes()) == 255


def test_text_may_be_filled_with_a_gradient(draw: Draw) -> None:
    stops = xml("Segment", colour("Color", "255 0 0")) + xml("Segment", colour("Color", "0 0 255"))
    fill = xml("FillColor", xml("AxialShd", stops, StartPoint="20 0", EndPoint="60 0"))
    drawn = draw(page(text("■■", 20, 50, size=20, dx="20", inside=fill)))
    left, right = drawn.colour(26, 42), drawn.colour(54, 42)
    assert left[0] > left[2] and right[2] > right[0]


def test_every_bundled_face_has_the_letters_of_an_invoice() -> None:
    """What forms and invoices are printed with, in each face's own files."""
    from sjs_forms.intake.fonts.outlines import FontSubset

    common = (
        "电子发票（普通）购买方信息名称统一社会信用代码纳税人识别号项目规格型号单位数量单价金额税率"
        "价税合计大写小写备注开票人￥0123456789"
    )
    for name in (
        "宋体",
        "楷体",
        "黑体",
        "仿宋",
        "小标宋",
        "Courier New",
        "Arial",
        "Times New Roman",
    ):
        subset_ = FontSubset(face_for(name, Traits(), eastern=True))
        assert [sign for sign in common if not subset_.shows(sign)] == []
