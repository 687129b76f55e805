"""The words of a text layer: joined as they are read, and only what can be seen."""

from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.reading.pages.page_words import Word, upright
from sjs_forms.reading.pages.picture_cover import picture_cover
from sjs_forms.reading.pages.text_words import TextLayer, text_layer
from tests.reading.small_pdfs import first_page, html_page, under_picture, with_content

LONG = "<p>" + "本合同一式两份，双方各执一份，具有同等效力。" * 12 + "</p>"


def layer(pdf: bytes) -> TextLayer:
    page = first_page(pdf)
    return text_layer(page, picture_cover(page))


def texts(pdf: bytes) -> list[str]:
    return [word.text for word in layer(pdf).words]


def test_a_label_and_its_value_in_another_font_are_one_word() -> None:
    pdf = html_page("<p>名称：<b style='font-family: Rare, Song'>北京样例</b>有限公司</p>")
    assert texts(pdf) == ["名称：北京样例有限公司"]


def test_cells_of_a_row_are_words_of_their_own_from_left_to_right() -> None:
    pdf = html_page(
        "<table><tr><td>购买方信息<td>名称：甲公司<td>销售方信息<td>名称：乙公司</table>",
        "td { padding: 4pt }",
    )
    assert texts(pdf) == ["购买方信息", "名称：甲公司", "销售方信息", "名称：乙公司"]


def test_words_come_by_their_places_and_not_by_the_order_of_the_content() -> None:
    pdf = html_page(
        "<div style='position: absolute; top: 90mm'>第二行</div>"
        "<div style='position: absolute; top: 30mm'>第一行</div>"
    )
    assert texts(pdf) == ["第一行", "第二行"]


def test_a_written_space_does_not_part_a_label() -> None:
    assert texts(html_page("<p>名\u3000称：样例</p>")) == ["名 称：样例"]


def test_a_box_is_measured_in_points_from_the_upper_left_corner() -> None:
    (word,) = layer(html_page("<p style='margin: 0; line-height: 1'>样例</p>")).words
    assert abs(word.left - 56.7) < 1
    assert abs(word.right - word.left - 22) < 1
    assert 45 < word.top < 62 < word.bottom < 78


def test_text_that_is_not_painted_is_not_read() -> None:
    assert texts(with_content(html_page("<p>看不见的字</p>"), b"3 Tr")) == []


def test_text_behind_a_picture_is_not_read_and_the_picture_is_to_be() -> None:
    found = layer(under_picture(html_page(LONG)))
    assert (found.words, found.is_enough) == ((), False)


def test_a_watermark_across_the_page_is_no_word() -> None:
    mark = "<div style='position: absolute; top: 100mm; transform: rotate(-40deg)'>仅供申报</div>"
    assert texts(html_page(f"<p>正文</p>{mark}")) == ["正文"]


def test_a_page_of_text_says_enough_and_one_without_any_does_not() -> None:
    assert layer(html_page(LONG)).is_enough
    assert not layer(html_page("<p></p>")).is_enough


def test_a_page_number_beside_text_in_outlines_is_not_enough() -> None:
    outlines = b"".join(b"%d 300 m %d 310 l S " % (at, at) for at in range(100, 400))
    assert layer(html_page("<p>1</p>")).is_enough
    assert not layer(with_content(html_page("<p>1</p>"), b"", outlines)).is_enough


def test_text_that_lies_on_its_side_is_read_upright() -> None:
    turned = with_content(html_page(LONG), b"q 0 1 -1 0 842 0 cm", b"Q")
    found = layer(turned)
    assert found.turned == 1
    assert "".join(word.text for word in found.words).startswith("本合同一式两份")
    assert all(word.right - word.left > word.bottom - word.top for word in found.words)


def test_text_beside_the_page_is_not_read() -> None:
    assert not texts(with_content(html_page(LONG), b"q 1 0 0 1 700 0 cm", b"Q"))
    assert not texts(with_content(html_page(LONG), b"q 1 0 0 1 0 -900 cm", b"Q"))


def test_characters_beyond_the_first_plane_are_one_each() -> None:
    (word,) = texts(html_page("<p>化𬭩物</p>"))
    assert word == "化𬭩物"


@given(
    st.tuples(*[st.floats(0, 500)] * 4), st.tuples(*[st.floats(500, 900)] * 2), st.integers(0, 3)
)
def test_turning_a_page_on_by_the_rest_of_a_whole_turn_brings_a_box_back(
    box: tuple[float, float, float, float], size: tuple[float, float], turned: int
) -> None:
    word = Word("字", *box)
    there = upright(word, size, turned)
    other = size[::-1] if turned % 2 else size
    back = upright(there, other, -turned)
    assert all(
        abs(a - b) < 1e-6
        for a, b in zip(
            (word.left, word.top, word.right, word.bottom),
            (back.left, back.top, back.right, back.bottom),
            strict=True,
        )
    )
