"""The types of answers, and of values of programme.toml, in expressions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sjs_forms.domain.expressions.typing_rules import DAY, NUMBER, TEXT, Type
from sjs_forms.domain.fields.choice import ChoiceKind
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.day import DayKind
from sjs_forms.domain.fields.kind import Kind
from sjs_forms.domain.fields.number import NumberKind
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.notice.notice_fields import NoticeFields

Constants = Mapping[str, Any]
"""The values of programme.toml, which expressions name as `notice.…`."""


def notice_type(asked: NoticeFields, steps: tuple[str, ...]) -> Type | None:
    """Return the type at a path: of an answer, of rows, or of a column of rows (`rows.name`)."""
    answer = asked.answer_at(steps)
    if answer:
        return _type(answer.kind)
    question = asked.question_at(steps)
    if question is None or not isinstance(question.kind, RowsKind):
        return None
    if steps == question.place:
        return Type("rows")
    within = steps[len(question.place) :]
    inner = next((one for one in question.kind.fields if one.place == within), None)
    if inner is None:
        return None
    found = _type(inner.kind)
    return Type(found.name, column=True, choices=found.choices)


def _type(kind: Kind) -> Type:
    if isinstance(kind, NumberKind):
        return NUMBER
    if isinstance(kind, DayKind):
        return DAY
    if isinstance(kind, ChoiceKind):
        return Type("text", choices=tuple(choice.id for choice in kind.choices))
    if isinstance(kind, ChoicesKind):
        return Type("choices", choices=tuple(choice.id for choice in kind.choices))
    return TEXT


def constant_at(constants: Constants, steps: tuple[str, ...]) -> Any:
    """Return the value of programme.toml at `notice.…`, or None if there is none."""
    value: Any = constants
    for step in steps[1:]:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def type_of_constant(value: Any) -> Type | None:
    """Return the type of a value of programme.toml, or None if expressions cannot use it."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return NUMBER
    if isinstance(value, date):
        return DAY
    return TEXT if isinstance(value, str) else None
