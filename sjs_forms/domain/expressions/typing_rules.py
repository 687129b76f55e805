"""Finds the type of an expression; comparing a date with an area is an error of the author."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal as OneOf

from sjs_forms.domain.expressions.syntax import BadExpression, Call, Literal, Node, Path

TypeName = OneOf["number", "text", "day", "truth", "choices", "rows"]


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value. `column` means one such value for each row.

    `choices` are the ids that a choice may have, so that it is not compared with any other.
    """

    name: TypeName
    column: bool = False
    choices: tuple[str, ...] = ()


NUMBER, TEXT, DAY, TRUTH = Type("number"), Type("text"), Type("day"), Type("truth")
_WORDS: Mapping[TypeName, str] = {
    "number": "数字",
    "text": "文字",
    "day": "日期",
    "truth": "是或否",
    "choices": "多选",
    "rows": "表格",
}

TypeOf = Callable[[tuple[str, ...]], Type | None]
"""Returns the type of the answer at a path, or None if the notice has no such question."""


def type_of(node: Node, known: TypeOf) -> Type:
    """Return the type of an expression. Raises BadExpression if it is not well-typed."""
    if isinstance(node, Literal):
        return TEXT if isinstance(node.value, str) else _plain(node.value)
    if isinstance(node, Path):
        found = known(node.steps)
        if found is None:
            raise BadExpression(f"没有“{node}”这一项")
        return found
    types = [type_of(argument, known) for argument in node.arguments]
    rule = FUNCTIONS.get(node.name)
    if rule is None:
        names = "、".join(name for name in FUNCTIONS if name[0].isalpha() and name not in _WORDED)
        raise BadExpression(f"没有“{node.name}”这个函数；可用的有：{names}")
    return rule(node, types)


_WORDED = ("and", "or", "not", "negative")


def _plain(value: object) -> Type:
    return DAY if isinstance(value, date) else NUMBER


def _expect(node: Call, types: list[Type], *wanted: Type) -> None:
    if len(types) != len(wanted):
        raise BadExpression(f"“{node.name}”应有 {len(wanted)} 项，现有 {len(types)} 项")
    for found, one in zip(types, wanted, strict=True):
        if (found.name, found.column) != (one.name, one.column):
            raise BadExpression(
                f"“{node.name}”要的是{_type_in_words(one)}，这里是{_type_in_words(found)}"
            )


def _type_in_words(one: Type) -> str:
    return f"表格的一列{_WORDS[one.name]}" if one.column else _WORDS[one.name]


def _truths(node: Call, types: list[Type]) -> Type:
    _expect(node, types, *[TRUTH] * (1 if node.name == "not" else 2))
    return TRUTH


def _arithmetic(node: Call, types: list[Type]) -> Type:
    _expect(node, types, *[NUMBER] * (1 if node.name == "negative" else 2))
    return NUMBER


def _compared(node: Call, types: list[Type]) -> Type:
    left, right = types
    if left.column or right.column or left.name != right.name or left.name in ("choices", "rows"):
        raise BadExpression(f"不能比较{_type_in_words(left)}和{_type_in_words(right)}")
    if node.name not in ("==", "!=") and left.name not in ("number", "day"):
        raise BadExpression(f"{_type_in_words(left)}不能比大小")
    for one, other in ((left, node.arguments[1]), (right, node.arguments[0])):
        if one.choices and isinstance(other, Literal) and other.value not in one.choices:
            listed = "、".join(one.choices)
            raise BadExpression(f"“{other.value}”不是选项；可用的有：{listed}")
    return TRUTH


def _least_or_most(node: Call, types: list[Type]) -> Type:
    if not types or types[0] not in (NUMBER, DAY) or any(one != types[0] for one in types):
        raise BadExpression(f"“{node.name}”要的是几个数字，或几个日期")
    return types[0]


def _sum(node: Call, types: list[Type]) -> Type:
    _expect(node, types, Type("number", column=True))
    return NUMBER


def _len(_node: Call, types: list[Type]) -> Type:
    if len(types) != 1 or types[0].name not in ("rows", "choices", "text") or types[0].column:
        raise BadExpression("“len”要的是一个表格、多选或文字")
    return NUMBER


def _blank(node: Call, types: list[Type]) -> Type:
    if len(types) != 1 or types[0] == TRUTH or types[0].column:
        raise BadExpression("“blank”要的是一项填写的内容")
    if not isinstance(node.arguments[0], Path):
        raise BadExpression("“blank”括号里请写一项的位置")
    return TRUTH


def _first(_node: Call, types: list[Type]) -> Type:
    if len(types) < 2 or any((one.name, one.column) != (types[0].name, False) for one in types):
        raise BadExpression("“first”要的是几项同类的内容")
    return Type(types[0].name)


def _when(node: Call, types: list[Type]) -> Type:
    if len(types) != 3:
        raise BadExpression(f"“{node.name}”应有 3 项，现有 {len(types)} 项")
    condition, then, otherwise = types
    if condition != TRUTH:
        raise BadExpression(
            f"“when”的第一项要的是{_type_in_words(TRUTH)}，这里是{_type_in_words(condition)}"
        )
    if then.column or otherwise.column or then.name != otherwise.name:
        raise BadExpression("“when”的后两项要的是同类的内容")
    return Type(then.name)


def _among(_node: Call, types: list[Type]) -> Type:
    if len(types) != 2 or not types[1].column or types[0].column or types[0].name != types[1].name:
        raise BadExpression("“among”要的是一项内容，和表格中同类的一列")
    return TRUTH


def _has(node: Call, types: list[Type]) -> Type:
    if len(types) != 2 or types[0].name != "choices" or types[1] != TEXT:
        raise BadExpression("“has”要的是一项多选，和其中一个选项")
    chosen = node.arguments[1]
    if isinstance(chosen, Literal) and chosen.value not in types[0].choices:
        raise BadExpression(f"“{chosen.value}”不是选项；可用的有：{'、'.join(types[0].choices)}")
    return TRUTH


def _years(node: Call, types: list[Type]) -> Type:
    _expect(node, types, DAY, DAY)
    return NUMBER


def _after_years(node: Call, types: list[Type]) -> Type:
    _expect(node, types, DAY, NUMBER)
    return DAY


FUNCTIONS: Mapping[str, Callable[[Call, list[Type]], Type]] = {
    **dict.fromkeys(("and", "or", "not"), _truths),
    **dict.fromkeys(("+", "-", "*", "/", "negative"), _arithmetic),
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), _compared),
    **dict.fromkeys(("min", "max"), _least_or_most),
    "sum": _sum,
    "len": _len,
    "blank": _blank,
    "first": _first,
    "when": _when,
    "among": _among,
    "has": _has,
    "years": _years,
    "term_years": _years,
    "after_years": _after_years,
}
"""Operators and functions, each with the function that returns its type or raises BadExpression."""
