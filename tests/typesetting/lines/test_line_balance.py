"""Even lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.typesetting.lines.chinese_words import words
from sjs_forms.typesetting.lines.line_balance import MAX_BALANCED, balanced_lines
from sjs_forms.typesetting.lines.line_breaks import NEVER_FIRST
from sjs_forms.typesetting.lines.text_widths import Typeface, width

FACE: Typeface = "Fang"
names = st.text(st.sampled_from("北京市科技有限公司喆堃的和2025年（）《》、ABab -"), max_size=60)
measures = st.floats(4, 30)


def bare(text: str) -> str:
    return "".join(text.split())


@given(names, measures, st.floats(2, 30), st.floats(0, 30))
def test_every_line_fits_and_nothing_is_lost(
    text: str, measure: float, last: float, first: float
) -> None:
    lines = balanced_lines(text, FACE, measure, last, first)
    assert bare("".join(lines)) == bare(text)
    assert all(line == line.strip() for line in lines)
    assert max(width(line, FACE) for line in lines) <= measure
    assert width(lines[0], FACE) <= first or (len(lines) == 1 and not text.strip())
    assert width(lines[-1], FACE) <= last


@given(names, measures)
def test_a_line_ends_within_a_word_only_where_the_word_is_longer_than_a_line(
    text: str, measure: float
) -> None:
    ends, place = set(), 0
    for word in words(text.strip()):
        place += len(bare(word))
        ends.add(place)
        if width(word.rstrip(), FACE) > measure - 0.01:
            ends.update(range(place - len(bare(word)), place))
    place = 0
    for line in balanced_lines(text, FACE, measure):
        place += len(bare(line))
        assert place in ends | {0}


@given(names, measures)
def test_no_more_lines_than_filling_them_would_take(text: str, measure: float) -> None:
    lines = balanced_lines(text, FACE, measure)
    filled, room = 1, measure - 0.01
    parts = words(text.strip())
    if any(width(part.rstrip(), FACE) > room for part in parts):
        return
    for part in parts:
        if width(part.rstrip(), FACE) > room:
            filled, room = filled + 1, measure - 0.01
        room -= width(part, FACE)
    assert len(lines) == filled


@pytest.mark.parametrize(
    ("text", "measure", "expected"),
    [
        (
            "可信大模型评测与安全治理北京市重点实验室（样例）",
            22,
            "可信大模型评测与安全治理|北京市重点实验室（样例）",
        ),
        ("石景山区建设产业服务平台项目申报书", 14.7, "石景山区建设产业|服务平台项目申报书"),
        (
            "2024年度审计报告或财务报表、2025年相关证明材料、税务登记证明",
            14.7,
            "2024年度审计报告或财务报表、|2025年相关证明材料、|税务登记证明",
        ),
        (
            "统一社会信用代码营业执照或社会团体法人登记证书",
            14.7,
            "统一社会信用代码营业执照|或社会团体法人登记证书",
        ),
        ("租金支付凭证（2025年第一至三季度）", 14.7, "租金支付凭证|（2025年第一至三季度）"),
        ("北京砚溪样例智能科技有限公司", 7.58, "北京砚溪|样例智能|科技有限公司"),
        ("北京某公司", 7.58, "北京某公司"),
    ],
)
def test_lines_end_where_a_reader_would_pause(text: str, measure: float, expected: str) -> None:
    assert "|".join(balanced_lines(text, FACE, measure)) == expected


def test_the_last_line_leaves_the_room_it_is_told_to() -> None:
    assert balanced_lines("租赁合同补充协议", FACE, 8.1, 4.5) == ("租赁合同", "补充协议")


def test_after_something_else_a_word_that_does_not_fit_begins_the_next_line() -> None:
    assert balanced_lines("大模型平台", FACE, 10, first=2)[0] == ""


@pytest.mark.parametrize("text", ["((《" * 3000, "W" * 50_000, "喆" * 20_000, "有限公司，" * 5000])
def test_text_without_end_is_set_in_lines_all_the_same(text: str) -> None:
    lines = balanced_lines(text, FACE, 7.58)
    assert len(lines) > MAX_BALANCED
    assert "".join(lines) == text


def test_a_word_longer_than_a_line_is_not_broken_before_a_closing_mark() -> None:
    for count in range(5, 40):
        lines = balanced_lines("喆" * count + "）" + "堃" * 9, FACE, 7.58)
        assert not any(line[0] in NEVER_FIRST for line in lines)
