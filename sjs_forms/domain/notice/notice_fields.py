"""A notice's questions: every answer that may be given, with its label, kind and place.

The keys that every application has (`programme`, `attachments`) are here too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from sjs_forms.domain.expressions.syntax import Node
from sjs_forms.domain.fields.choice_with_date import ChoiceWithDateKind
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.notice.printed_answers import Printed

PROGRAMME_LABEL = "申报通知"
ATTACHMENT_LABELS: Mapping[str, str] = {
    "material": "附件{n}所属材料",
    "file": "附件{n}文件",
    "title": "附件{n}标题",
    "pages": "附件{n}页码",
    "rotate": "附件{n}旋转角度",
    "straighten": "附件{n}拉平照片",
    "password": "附件{n}密码",
}
_ATTACHMENTS_LABEL = "附件"
_ANY_LABEL = "申报内容"

Role = Literal[
    "applicant", "applicant_code", "subject", "contact", "contact_phone", "contact_email"
]
"""Answers that cover, spine, batch, manifest and zip need, whatever the notice calls them."""


@dataclass(frozen=True, slots=True)
class PlaceNamed:
    """An answer in a remedy, which each interface names as its readers know it."""

    place: Place


RuleText = tuple[str | Node | PlaceNamed, ...]
"""A sentence: words, expressions that are replaced by their values, and places."""

RuleName = Literal["all_or_none", "needs_file"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule is broken if `condition` is true: message `say` and remedy `mend` go to `place`.

    `name` is set for rules that no expression can state. `all_or_none` is about the answers at
    `parts`, each with its label; `needs_file` is about a document that `material` must contain.
    Such a rule applies if there is no `condition` or it is true. `cell_words` tells a clerk the
    order of two answers that are compared, if one of them is at `place`.
    """

    code: str
    condition: Node | None
    place: Place
    severity: Literal["error", "warning"]
    say: RuleText
    mend: RuleText
    cell_words: str = ""
    name: RuleName | None = None
    parts: tuple[tuple[Place, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DerivedValue:
    """A value that is computed from the answers, for overviews and for forms that print it."""

    at: str
    label: str
    expression: Node


@dataclass(frozen=True, eq=False)
class NoticeFields:
    """The questions of one notice, in the order of its forms.

    `objects` are the labels of objects with several answers. `constants` are the values of
    programme.toml, which rules name as `notice.…`. `printed` are the answers that forms print
    under another name than their place. Equal only to itself.
    """

    fields: tuple[Field, ...]
    objects: Mapping[Place, str] = field(default_factory=dict)
    roles: Mapping[Role, Place] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    derived: tuple[DerivedValue, ...] = ()
    constants: Mapping[str, Any] = field(default_factory=dict)
    printed: tuple[Printed, ...] = ()

    def answers(self, rows: Mapping[Place, int] | None = None) -> tuple[Field, ...]:
        """Return every single answer: a choice with a date as two, and those of each row.

        `rows` is the number of rows by place; without it there are as many as the form prints.
        """
        spread: list[Field] = []
        for question in self.fields:
            if isinstance(question.kind, RowsKind):
                count = (rows or {}).get(question.place, question.kind.slots)
                spread += (one for index in range(count) for one in row_fields(question, index))
            else:
                spread += _parts(question)
        return tuple(spread)

    def answer_at(self, place: Sequence[str | int]) -> Field | None:
        """Return the single answer at a place, or None if the notice has no question there."""
        question = self.question_at(place)
        if question is None:
            return None
        if isinstance(question.kind, RowsKind):
            index = place[len(question.place)] if len(place) > len(question.place) else None
            row = row_fields(question, index) if isinstance(index, int) else ()
            return next((one for one in row if one.place == tuple(place)), None)
        return next((one for one in _parts(question) if one.place == tuple(place)), None)

    def question_at(self, place: Sequence[str | int]) -> Field | None:
        """Return the question that a place belongs to; it may be one of rows, or with a date."""
        for length in range(len(place), 0, -1):
            found = self._by_place.get(tuple(place[:length]))
            if found:
                return found
        return None

    @cached_property
    def _by_place(self) -> Mapping[Place, Field]:
        return {question.place: question for question in self.fields}

    def printings(self) -> tuple[Printed, ...]:
        """Return everything that the forms may print: the questions by place, then `printed`.

        `printed` comes last, so that it may add to what is printed under a place.
        """
        within = {place for one in self.printed if one.is_combined for place in one.places}
        named = {one.path for one in self.printed}
        own = (
            Printed(".".join(map(str, question.place)), question.place)
            for question in self.fields
            if question.place not in within
        )
        return (*(one for one in own if one.path not in named), *self.printed)

    def combined_at(self, place: Sequence[str | int]) -> Printed | None:
        """Return how the answers of the object at a place are printed in one line, or None."""
        found = (one for one in self.printed if one.is_combined and one.place == tuple(place))
        return next(found, None)

    def role(self, role: Role) -> Field | None:
        """Return the answer that has a role, or None if the notice has none for it."""
        place = self.roles.get(role)
        return None if place is None else self.answer_at(place)

    def label_of(self, place: Sequence[str | int]) -> str:
        """Return the form's label for a place, or that of its nearest parent on the form."""
        if place[:1] == ("programme",):
            return PROGRAMME_LABEL
        if place[:1] == ("attachments",):
            return _attachment_label(place)
        for length in range(len(place), 0, -1):
            label = self._label_at(tuple(place[:length]))
            if label:
                return label
        return _ANY_LABEL

    def _label_at(self, place: Place) -> str | None:
        answer = self.answer_at(place)
        if answer:
            return answer.label
        question = self._by_place.get(place)
        if question:
            return question.label
        holder = self._by_place.get(place[:-1])
        if holder and isinstance(place[-1], int):
            if isinstance(holder.kind, RowsKind):
                return holder.kind.label_of_row(place[-1])
            if isinstance(holder.kind, ChoicesKind):
                return f"{holder.label}{place[-1] + 1}"
        return self.objects.get(place)

    def known_keys(self, place: Sequence[str | int]) -> tuple[str, ...]:
        """Return the keys that the object at a place may have."""
        if not place:
            tops = dict.fromkeys(str(question.place[0]) for question in self.fields)
            return ("programme", *tops, "attachments")
        if place[0] == "attachments":
            return tuple(ATTACHMENT_LABELS) if len(place) == 2 else ()
        return self._keys.get(_pattern(place), ())

    @cached_property
    def _keys(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """Keys by the place of their object; an index is written as a star."""
        keys: dict[tuple[str, ...], dict[str, None]] = {}
        rows = {one.place: 1 for one in self.fields if isinstance(one.kind, RowsKind)}
        for answer in self.answers(rows):
            pattern = _pattern(answer.place)
            for length in range(len(pattern)):
                if pattern[length] != "*":
                    keys.setdefault(pattern[:length], {})[pattern[length]] = None
        return {place: tuple(found) for place, found in keys.items()}


def row_fields(question: Field, index: int) -> tuple[Field, ...]:
    """Return the answers of the row at an index from 0; beyond `least` none is required."""
    kind = question.kind
    assert isinstance(kind, RowsKind)
    further = index >= kind.least
    return tuple(
        replace(
            one,
            place=(*question.place, index, *one.place),
            label=one.label.replace("{n}", str(index + 1)),
            group=kind.label_of_row(index),
            required=one.required and not further,
            if_any=one.if_any or further,
        )
        for one in kind.fields
    )


def _parts(question: Field) -> tuple[Field, ...]:
    kind = question.kind
    if not isinstance(kind, ChoiceWithDateKind):
        return (question,)
    chosen = replace(
        question, place=(*question.place, "kind"), kind=kind.kind, as_part=question.place
    )
    dated = replace(
        question,
        place=(*question.place, "date"),
        kind=kind.date,
        label=kind.date_label,
        hint=kind.date_hint,
        required=False,
        blank_told=False,
        aliases=(),
    )
    return (chosen, dated)


def _pattern(place: Sequence[str | int]) -> tuple[str, ...]:
    return tuple("*" if isinstance(step, int) else step for step in place)


def _attachment_label(place: Sequence[str | int]) -> str:
    if len(place) == 1:
        return _ATTACHMENTS_LABEL
    number = str(place[1] + 1) if isinstance(place[1], int) else ""
    label = ATTACHMENT_LABELS.get(str(place[2])) if len(place) > 2 else None
    return label.replace("{n}", number) if label else f"{_ATTACHMENTS_LABEL}{number}"
