"""What an expression gives for the answers of one application.

A blank, and an answer that could not be read, make what is reckoned with them silent: `SILENT` is
neither true nor false. `false and …` is false all the same, `true or …` true.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow
from enum import Enum
from typing import Any, Protocol

from sjs_forms.domain.expressions.syntax import Call, Literal, Node, Path


class _Silence(Enum):
    SILENT = "silent"


SILENT = _Silence.SILENT
"""Nothing can be said."""


class AnswersRead(Protocol):
    """Where an expression finds the answers."""

    def value(self, steps: tuple[str, ...]) -> Any:
        """The answer at a path, None for a blank; a list of them for a column of rows."""

    def is_unread(self, steps: tuple[str, ...]) -> bool:
        """Whether something stands there that could not be understood."""


def evaluate(node: Node, answers: AnswersRead) -> Any:
    """The value of an expression: a Decimal, text, date, bool or list, or SILENT."""
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Path):
        return _known(node, answers)
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


def _known(path: Path, answers: AnswersRead) -> Any:
    value = answers.value(path.steps)
    if answers.is_unread(path.steps) or value is None:
        return SILENT
    return _as_reckoned(value)


def _as_reckoned(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    if isinstance(value, list | tuple):
        return [_as_reckoned(one) for one in value]
    return value


def _blank(node: Call, answers: AnswersRead) -> Any:
    (path,) = node.arguments
    assert isinstance(path, Path)
    if answers.is_unread(path.steps):
        return SILENT
    return answers.value(path.steps) in (None, "", [], ())


def _first(node: Call, answers: AnswersRead) -> Any:
    """The first that is filled in; nothing is said past one that could not be read."""
    for argument in node.arguments:
        if isinstance(argument, Path) and answers.is_unread(argument.steps):
            return SILENT
        value = evaluate(argument, answers)
        if value is not SILENT:
            return value
    return SILENT


def _chosen(node: Call, answers: AnswersRead) -> Any:
    """The second argument if the first is true, else the third; the other is not looked at."""
    condition, then, otherwise = node.arguments
    held = evaluate(condition, answers)
    return SILENT if held is SILENT else evaluate(then if held else otherwise, answers)


def _joined(node: Call, answers: AnswersRead) -> Any:
    """`and`, `or`: decided by what is known, silent where that does not do."""
    decides = node.name == "or"
    values = [evaluate(argument, answers) for argument in node.arguments]
    if any(value is decides for value in values):
        return decides
    return SILENT if any(value is SILENT for value in values) else not decides


def _divided(left: Decimal, right: Decimal) -> Any:
    return left / right if right else SILENT


def _sum(column: Sequence[Decimal | None]) -> Any:
    """The sum of what is filled in; nothing is said of a column without any number."""
    given = [value for value in column if value is not None]
    return sum(given, Decimal()) if given else SILENT


def after_years(day: date, years: Decimal) -> Any:
    """The same date so many years later; 1 March for 29 February where there is none."""
    year = day.year + int(years)
    if not date.min.year <= year <= date.max.year:
        return date.max if years > 0 else date.min
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _years(start: date, end: date) -> Decimal:
    """Whole years that have passed from one date to another."""
    before = (end.month, end.day) < (start.month, start.day)
    return Decimal(end.year - start.year - before)


def _term_years(first: date, last: date) -> Decimal:
    """Whole years from a first to a last day, both included."""
    return _years(first, last + timedelta(days=1)) if last < date.max else _years(first, last)


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
    "==": operator.eq,
    "!=": operator.ne,
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "sum": _sum,
    "len": lambda value: Decimal(len(value)),
    "among": lambda value, column: value in column,
    "has": lambda chosen, choice: choice in chosen,
    "years": _years,
    "term_years": _term_years,
    "after_years": after_years,
}
