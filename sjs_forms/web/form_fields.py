"""The questions of a form as pages show them: groups of fields, with repeating rows.

The one place of this room that knows where questions are declared. Pages and scripts hold no list
of fields.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from sjs_forms.domain.fields.choice import ChoiceKind
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.day import DayKind
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.fields.line import LINE_LIMIT
from sjs_forms.domain.fields.number import NumberKind
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.fields.text import TextKind
from sjs_forms.domain.installed_notices import notice_folders, read_notice
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.places import place_of, where

FieldKind = Literal["line", "text", "date", "number", "choice", "choices"]

_HINTS: dict[FieldKind, str] = {"date": "如 2025-03-01", "number": "只写数字，如 1200.5"}
_LAST = "说明、意见与签章"
"""The group of the questions that belong to no other."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers: as application.json has it, and in the form's words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """A field of the form. `path` names it in application.json; `most` counts characters."""

    path: str
    label: str
    kind: FieldKind
    is_required: bool = False
    hint: str = ""
    most: int | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together under a title.

    For repeating rows `rows` is the path of their list, `most_rows` how many it may have (None:
    any number) and `questions` are those of the first row.
    """

    id: str
    title: str
    questions: tuple[Question, ...]
    rows: str = ""
    most_rows: int | None = None

    def row(self, fields: NoticeFields, index: int) -> tuple[Question, ...]:
        """The questions of a repeating row, from 0."""
        old = f"{self.rows}[0]"
        return tuple(
            replace(each, path=path, label=fields.label_of(place_of(path)))
            for each in self.questions
            for path in (f"{self.rows}[{index}]{each.path.removeprefix(old)}",)
        )


@cache
def groups(fields: NoticeFields) -> tuple[Group, ...]:
    """The groups of questions in the form's order: one for each object at the top, and rows."""
    single: list[Question] = []
    made: dict[str, list[Question]] = {}
    titles: dict[str, str] = {}
    bounds: dict[str, int] = {}
    for question in fields.fields:
        top = str(question.place[0])
        if isinstance(question.kind, RowsKind):
            titles[top], bounds[top] = question.label, question.kind.most
            row = fields.answers({question.place: 1})
            made[top] = [
                _question(each)
                for each in row
                if each.place[: len(question.place)] == question.place
            ]
        elif len(question.place) == 1:
            single += map(_question, _answers(fields, question.place))
        else:
            titles.setdefault(top, fields.label_of((top,)))
            made.setdefault(top, []).extend(map(_question, _answers(fields, question.place)))
    every = [
        Group(top, titles[top], tuple(asked), top if top in bounds else "", bounds.get(top))
        for top, asked in made.items()
    ]
    last = [Group("rest", _LAST, tuple(single))] if single else []
    return (*every, *last)


def _answers(fields: NoticeFields, place: Place) -> Iterator[Field]:
    """The answer at a place, or the two of a choice with its date."""
    return (each for each in fields.answers() if each.place[: len(place)] == place)


def _question(answer: Field) -> Question:
    kind, choices = _kind(answer)
    return Question(
        where(answer.place),
        answer.label,
        kind,
        answer.required,
        _HINTS.get(kind, ""),
        LINE_LIMIT if kind == "line" else None,
        choices,
    )


def _kind(answer: Field) -> tuple[FieldKind, tuple[Choice, ...]]:
    kind = answer.kind
    if isinstance(kind, ChoiceKind | ChoicesKind):
        words = tuple(Choice(each.id, each.label) for each in kind.choices)
        return ("choices" if isinstance(kind, ChoicesKind) else "choice"), words
    if isinstance(kind, DayKind):
        return "date", ()
    if isinstance(kind, NumberKind):
        return "number", ()
    return ("text" if isinstance(kind, TextKind) else "line"), ()


def label_at(steps: Sequence[str | int]) -> str:
    """The form's label of an answer, by keys and list indices, in whichever notice asks for it."""
    every = installed_fields()
    asking = (fields for fields in every if fields.question_at(steps))
    return next(asking, every[0]).label_of(steps)


def installed_fields() -> tuple[NoticeFields, ...]:
    """The questions of every notice."""
    return tuple(read_notice(folder).fields for folder in notice_folders().values())
