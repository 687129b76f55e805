"""Evaluates an expression with the answers of one application.

If an operand is blank, or an answer that could not be parsed, the value is `SILENT`, which is
neither true nor false. But `false and …` is false, and `true or …` is true.

Texts are compared as people read them: width of letters and brackets, case and spaces make no
difference.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow
from enum import Enum
from typing import Any, Protocol

from sjs_forms.domain.expressions.syntax import Call, Literal, Node, Path
from sjs_forms.domain.plain_names import plain_name


class _Silence(Enum):
    SILENT = "silent"


SILENT = _Silence.SILENT
"""The value is unknown."""


class AnswersRead(Protocol):
    """The answers that an expression refers to."""

    def value(self, steps: tuple[str, ...]) -> Any:
        """Return the answer at a path, None for a blank; for a column of rows, a list of them."""

    def is_unread(self, steps: tuple[str, ...]) -> bool:
        """Return whether the value there could not be parsed."""


def evaluate(node: Node, answers: AnswersRead) -> Any:
    """Return the value of an expression: a Decimal, text, date, bool or list, or SILENT."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Path):
        return _value_of(node, answers)
    match node.name:
        case "blank":
            return _blank(node, answers)
        case "first":
            return _first(node, answers)
        case "when":
            return _chosen(node, answers)
        case "and" | "or":
            return _joined(node, answers)
        case "not":
            value = evaluate(node.arguments[0], answers)
            return value if value is SILENT else not value
    values = [evaluate(argument, answers) for argument in node.arguments]
    if any(value is SILENT for value in values):
        return SILENT
    try:
        return _FUNCTIONS[node.name](*values)
    except (DivisionByZero, InvalidOperation, Overflow):
        return SILENT


def _value_of(path: Path, answers: AnswersRead) -> Any:
    value = answers.value(path.steps)
    if answers.is_unread(path.steps) or value is None:
        return SILENT
    return _as_operand(value)


def _as_operand(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if isinstance(value, list | tuple):
        return [_as_operand(one) for one in value]
    return value


def _blank(node: Call, answers: AnswersRead) -> Any:
    (path,) = node.arguments
    assert isinstance(path, Path)
    if answers.is_unread(path.steps):
        return SILENT
    return answers.value(path.steps) in (None, "", [], ())


def _first(node: Call, answers: AnswersRead) -> Any:
    """Return the first known value; SILENT if an answer before it could not be parsed."""
    for argument in node.arguments:
        if isinstance(argument, Path) and answers.is_unread(argument.steps):
            return SILENT
        value = evaluate(argument, answers)
        if value is not SILENT:
            return value
    return SILENT


def _chosen(node: Call, answers: AnswersRead) -> Any:
    """Return the second argument if the first is true, else the third, without evaluating both."""
    condition, then, otherwise = node.arguments
    held = evaluate(condition, answers)
    return SILENT if held is SILENT else evaluate(then if held else otherwise, answers)


def _joined(node: Call, answers: AnswersRead) -> Any:
    """Evaluate `and` or `or`; SILENT if the known operands do not decide it."""
    decides = node.name == "or"
    values = [evaluate(argument, answers) for argument in node.arguments]
    if any(value is decides for value in values):
        return decides
    return SILENT if any(value is SILENT for value in values) else not decides


def _divided(left: Decimal, right: Decimal) -> Any:
    return left / right if right else SILENT


def _sum(column: Sequence[Decimal | None]) -> Any:
    """Return the sum of a column without its blanks; SILENT if all are blank."""
    given = [value for value in column if value is not None]
    return sum(given, Decimal()) if given else SILENT


def after_years(day: date, years: Decimal) -> Any:
    """Return the same date so many years later; 1 March for 29 February if there is none."""
    year = day.year + int(years)
    if not date.min.year <= year <= date.max.year:
        return date.max if years > 0 else date.min
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _years(start: date, end: date) -> Decimal:
    """Return the number of whole years between two dates."""
    before = (end.month, end.day) < (start.month, start.day)
    return Decimal(end.year - start.year - before)


def _term_years(first: date, last: date) -> Decimal:
    """Return the number of whole years from a first to a last day, both included."""
    return _years(first, last + timedelta(days=1)) if last < date.max else _years(first, last)


def _same(one: Any, other: Any) -> bool:
    return bool(_comparable(one) == _comparable(other))


def _comparable(value: Any) -> Any:
    return plain_name(value) if isinstance(value, str) else value


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "negative": operator.neg,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": _same,
    "!=": lambda one, other: not _same(one, other),
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "sum": _sum,
    "len": lambda value: Decimal(len(value)),
    "among": lambda value, column: any(_same(value, one) for one in column),
    "has": lambda chosen, choice: choice in chosen,
    "years": _years,
    "term_years": _term_years,
    "after_years": after_years,
}
