"""Where lines of Chinese may end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.typesetting.lines.line_breaks import (
    ALLOW,
    FORBID,
    NEVER_FIRST,
    NEVER_LAST,
    with_break_marks,
    without_marks,
)

mixed = st.text(st.sampled_from("甲乙aB1 " + NEVER_FIRST + NEVER_LAST + "+-/|ー'\""))


def shown(text: str) -> str:
    """A text with | where a line may end against Unicode's rules, and ^ where it may not."""
    return with_break_marks(text).replace(ALLOW, "|").replace(FORBID, "^")


@given(mixed)
def test_the_text_itself_is_never_changed(text: str) -> None:
    assert without_marks(with_break_marks(text)) == text


@given(mixed)
def test_no_line_begins_or_ends_with_a_mark_that_may_not_stand_there(text: str) -> None:
    told = with_break_marks(text)
    for at, one in enumerate(told):
        if one == ALLOW:
            assert told[at - 1] not in NEVER_LAST
            assert told[at + 1] not in NEVER_FIRST or told[at + 1] in "—～"


@pytest.mark.parametrize("text", ["甲乙丙，丁。", "2025年1月", "（甲）乙", "GPU compute", ""])
def test_plain_text_is_left_alone(text: str) -> None:
    assert with_break_marks(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲“乙丙”丁", "甲|“^乙丙^”|丁"),
        ("甲——乙", "甲^—^—|乙"),
        ("甲……", "甲^…^…"),
        ("甲”“乙", "甲^”|“^乙"),
        ("甲，AI乙", "甲^，^AI乙"),
        ("用GPU（A100）", "用GPU^（^A100^）"),
        ("2025-03-01", "2025-|03-|01"),
        ("5～6月", "5|～|6月"),
    ],
)
def test_quotation_marks_and_dashes_are_parted_where_word_parts_them(
    text: str, expected: str
) -> None:
    assert shown(text) == expected
