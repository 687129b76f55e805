"""The questions of a form as pages show them: groups of fields, with repeating rows.

They are made from the notice's declaration; pages and scripts contain no list of fields.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from sjs_forms.domain.fields.choice import ChoiceKind
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.day import DayKind
from sjs_forms.domain.fields.entries import Entry
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.fields.line import LINE_LIMIT, LineKind
from sjs_forms.domain.fields.number import NumberKind
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.fields.text import TextKind
from sjs_forms.domain.installed_notices import notice_folders, read_notice
from sjs_forms.domain.notice.bad_notice import BadNotice
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.places import place_of, where, written_at

FieldKind = Literal["line", "text", "date", "number", "choice", "choices"]

_TICK_ANY = "有几项勾几项。"
_OTHERS = "其他"
"""The group of questions that the notice puts into none."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers: its id in application.json, and the form's words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """A field of the form. `path` is that in application.json, `most` its maximum characters."""

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

    For repeating rows, `rows` is the path of their list, and `row_label` the name of a row, with
    `{n}` for its number. `least_rows` and `most_rows` are the limits on their number. `questions`
    are those of the first row.
    """

    id: str
    title: str
    questions: tuple[Question, ...]
    rows: str = ""
    row_label: str = ""
    least_rows: int = 0
    most_rows: int | None = None

    @property
    def one_more(self) -> str:
        """The name of a further row, without a number."""
        return self.row_label.replace("{n}", "")

    def row_called(self, index: int) -> str:
        """Return the name of the row at an index from 0."""
        return self.row_label.replace("{n}", str(index + 1))

    def row(self, fields: NoticeFields, index: int) -> tuple[Question, ...]:
        """Return the questions of the row at an index from 0."""
        old = f"{self.rows}[0]"
        return tuple(
            replace(each, path=path, label=fields.label_of(place_of(path)))
            for each in self.questions
            for path in (f"{self.rows}[{index}]{each.path.removeprefix(old)}",)
        )


@cache
def groups(fields: NoticeFields) -> tuple[Group, ...]:
    """Return the groups of questions in the form's order: one for each object at the top, and rows.

    Answers at the top stand together by the group that the notice puts them into.
    """
    made: dict[str, list[Question]] = {}
    titles: dict[str, str] = {}
    named: dict[str, str] = {}
    tables: dict[str, RowsKind] = {}
    for question in fields.fields:
        place, top = question.place, str(question.place[0])
        if isinstance(question.kind, RowsKind):
            rows = where(place)
            titles[rows], tables[rows] = question.label, question.kind
            row = fields.answers({place: 1})
            made[rows] = [_question(each) for each in row if each.place[: len(place)] == place]
            continue
        title = fields.label_of((top,)) if len(place) > 1 else question.group or _OTHERS
        id_ = top if len(place) > 1 else named.setdefault(title, f"group-{len(named) + 1}")
        titles.setdefault(id_, title)
        made.setdefault(id_, []).extend(map(_question, _answers(fields, place)))
    return tuple(_group(id_, titles[id_], asked, tables.get(id_)) for id_, asked in made.items())


def _group(name: str, title: str, asked: Sequence[Question], table: RowsKind | None) -> Group:
    if table is None:
        return Group(name, title, tuple(asked))
    return Group(name, title, tuple(asked), name, table.item_label, table.least, table.most)


def _answers(fields: NoticeFields, place: Place) -> Iterator[Field]:
    """Yield the answer at a place, or both answers of a choice with its date."""
    return (each for each in fields.answers() if each.place[: len(place)] == place)


def _question(answer: Field) -> Question:
    kind, choices = _kind(answer)
    return Question(
        where(answer.place),
        answer.label,
        kind,
        answer.required,
        _hint(answer),
        getattr(answer.kind, "limit", LINE_LIMIT) if kind == "line" else None,
        choices,
    )


def _hint(answer: Field) -> str:
    """Return what to enter if the control does not show it: the notice's hint, else the kind's."""
    if isinstance(answer.kind, ChoicesKind):
        return _TICK_ANY  # the notice's hint is about listing them in one text
    if isinstance(answer.kind, ChoiceKind | LineKind):
        return answer.hint
    return answer.ask()


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


def chosen_at(fields: NoticeFields, place: Place, written: Any) -> tuple[str, ...] | None:
    """Return the choices that `written` names at a place; None if there is no choice.

    Text that cannot be parsed is left out; a finding reports it.
    """
    answer = fields.answer_at(place)
    kind = answer.kind if answer else None
    if not isinstance(kind, ChoiceKind | ChoicesKind):
        return None
    items = written if isinstance(written, list) else [written]
    one = kind.one if isinstance(kind, ChoicesKind) and written is items else kind
    values = [one.read(Entry(item)).value for item in items]
    ids = {
        each for value in values if value for each in ([value] if isinstance(value, str) else value)
    }
    return tuple(choice.id for choice in kind.choices if choice.id in ids)


def all_chosen(fields: NoticeFields, written: Any) -> dict[str, list[str]]:
    """Return the chosen ids of every answer that has choices, by its path."""
    rows = {
        one.place: len(given)
        for one in fields.fields
        if isinstance(one.kind, RowsKind)
        and isinstance(given := written_at(written, one.place), list)
    }
    found = (
        (where(answer.place), chosen_at(fields, answer.place, written_at(written, answer.place)))
        for answer in fields.answers(rows)
    )
    return {path: list(chosen) for path, chosen in found if chosen is not None}


def label_at(steps: Sequence[str | int]) -> str:
    """Return the form's label of an answer by its place, in the first notice that has it."""
    every = installed_fields()
    asking = (fields for fields in every if fields.question_at(steps))
    return next(asking, every[0]).label_of(steps)


def installed_fields() -> tuple[NoticeFields, ...]:
    """Return the questions of every notice that can be read. Raises BadNotice if none can."""
    found: list[NoticeFields] = []
    problem: BadNotice | None = None
    for folder in notice_folders().values():
        try:
            found.append(read_notice(folder).fields)
        except BadNotice as bad:  # reported when it is opened; it must not affect the others
            problem = bad
    if problem is not None and not found:
        raise problem
    return tuple(found)
