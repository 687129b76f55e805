"""Rules are said in a small language of its own: parsed, checked for types, silent on blanks."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.expressions.evaluation import SILENT, evaluate
from sjs_forms.domain.expressions.syntax import BadExpression, parse, parse_text
from sjs_forms.domain.expressions.typing_rules import DAY, NUMBER, TEXT, Type, type_of

TYPES = {
    ("area",): NUMBER,
    ("office",): NUMBER,
    ("none",): NUMBER,
    ("start",): DAY,
    ("end",): DAY,
    ("name",): TEXT,
    ("kind",): Type("text", choices=("old", "new")),
    ("marks",): Type("choices", choices=("a", "b")),
    ("rows",): Type("rows"),
    ("rows", "price"): Type("number", column=True),
    ("rows", "name"): Type("text", column=True),
    ("bad",): NUMBER,
}
VALUES: dict[tuple[str, ...], Any] = {
    ("area",): 3200,
    ("office",): 2460.5,
    ("start",): dt.date(2024, 2, 29),
    ("end",): dt.date(2027, 2, 28),
    ("name",): "甲",
    ("kind",): "old",
    ("marks",): ["a"],
    ("rows",): [{}, {}],
    ("rows", "price"): [0.1, 0.2, None],
    ("rows", "name"): ["甲", "乙", None],
}


class Answers:
    def value(self, steps: tuple[str, ...]) -> Any:
        return VALUES.get(steps)

    def is_unread(self, steps: tuple[str, ...]) -> bool:
        return steps == ("bad",)


def value_of(text: str) -> Any:
    node = parse(text)
    type_of(node, TYPES.get)
    return evaluate(node, Answers())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("office > area", False),
        ("office <= area and name == '甲'", True),
        ("not (area > 4000) or area < 0", True),
        ("1 + 2 * 3 - 8 / 4", Decimal(5)),
        ("-(2 - 5)", Decimal(3)),
        ("min(office, 4000)", Decimal("2460.5")),
        ("max(start, 2025-01-01)", dt.date(2025, 1, 1)),
        ("sum(rows.price)", Decimal("0.3")),
        ("len(rows) + len(marks) + len(name)", Decimal(4)),
        ("years(start, end)", Decimal(2)),
        ("years(start, 2027-03-01)", Decimal(3)),
        ("term_years(start, end)", Decimal(3)),
        ("term_years(2025-01-01, 2027-12-31)", Decimal(3)),
        ("term_years(2025-01-01, 2027-12-30)", Decimal(2)),
        ("term_years(2025-01-01, 9999-12-31)", Decimal(7974)),
        ("end > after_years(start, 3)", False),
        ("when(kind == 'old', 1, 2)", Decimal(1)),
        ("when(has(marks, 'b'), '国家级', '市级')", "市级"),
        ("when(area > 1, area, none)", Decimal(3200)),
        ("after_years(start, 3)", dt.date(2027, 3, 1)),
        ("kind == 'old' and has(marks, 'a')", True),
        ("among(name, rows.name)", True),
        ("blank(none) and not blank(area)", True),
        ("first(none, office)", Decimal("2460.5")),
    ],
)
def test_expressions_reckon_and_compare(text: str, value: Any) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text",
    [
        *("none > 1", "not none > 1", "area + none", "none > 1 or area > 4000", "area / 0"),
        *("blank(bad)", "first(bad, area)", "bad > 1 and area > 0", "when(bad > 1, 1, 2)"),
    ],
)
def test_a_blank_or_an_unread_answer_makes_an_expression_silent(text: str) -> None:
    assert value_of(text) is SILENT


@pytest.mark.parametrize("written", ["甲(北京)Ab公司", "甲（北京）AB公司", "甲（北京） Ab 公司"])
def test_texts_are_compared_without_width_case_and_spaces(written: str) -> None:
    class Named(Answers):
        def value(self, steps: tuple[str, ...]) -> Any:
            names = {("name",): written, ("rows", "name"): [None, "甲（北京）Ａｂ公司"]}
            return names.get(steps, VALUES.get(steps))

    for text in (
        "among(name, rows.name)",
        "name == '甲（北京）AB公司'",
        "not (name != '甲(北京)ab公司')",
    ):
        node = parse(text)
        type_of(node, TYPES.get)
        assert evaluate(node, Named()) is True


def test_what_is_decided_without_the_blank_is_decided() -> None:
    assert value_of("none > 1 or area > 0") is True
    assert value_of("none > 1 and area > 4000") is False


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("area >", "没有写完"),
        ("(area", "缺少“)”"),
        ("area > 1 > 2", "and"),
        ("area area", "多了内容"),
        ("area = 1", "不认识"),
        ("__import__('os')", "没有“__import__”这个函数"),
        ("area.real", "没有“area.real”这一项"),
        ("name > 1", "不能比较文字和数字"),
        ("name > '甲'", "不能比大小"),
        ("kind == 'newer'", "可用的有：old、new"),
        ("start + 1", "要的是数字"),
        ("sum(area)", "表格的一列数字"),
        ("area and office", "是或否"),
        ("blank(area > 1)", "blank"),
        ("2025-02-30 > start", "没有 2025-02-30 这一天"),
        ("when(area, 1, 2)", "“when”的第一项要的是是或否"),
        ("when(area > 1, 1, '二')", "同类的内容"),
        ("when(area > 1, 1)", "应有 3 项"),
        ("has(marks, 'c')", "可用的有：a、b"),
        ("(" * 60 + "1" + ")" * 60, "嵌套过深"),
        ("1" * 3000, "超过"),
        ("", "没有写完"),
        ("and", "缺少内容"),
    ],
)
def test_a_mistake_is_told_in_chinese(text: str, said: str) -> None:
    with pytest.raises(BadExpression, match=re.escape(said)):
        value_of(text)


@given(st.text(st.sampled_from("area()<>=+-*/'., 12blank notrd"), max_size=40) | st.text())
def test_any_text_is_an_expression_or_a_mistake(text: str) -> None:
    try:
        value_of(text)
    except BadExpression as problem:
        assert str(problem)


def test_a_sentence_holds_expressions_between_its_braces() -> None:
    assert parse_text("甲{area}乙") == ("甲", parse("area"), "乙")
    for text in ("{", "a}b", "{a{b}}"):
        with pytest.raises(BadExpression):
            parse_text(text)
