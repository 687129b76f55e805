"""The answers of an application as the expressions of its notice see them."""

from dataclasses import dataclass
from typing import Any

from sjs_forms.domain.answers.answer_values import value_at
from sjs_forms.domain.answers.unread_places import ALL_READ, UnreadPlaces
from sjs_forms.domain.application import Application
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.notice.answer_types import constant_at
from sjs_forms.domain.notice.notice_fields import NoticeFields


@dataclass(frozen=True, slots=True)
class RuleAnswers:
    """The answers as rules and derived values see them."""

    fields: NoticeFields
    application: Application
    unread: UnreadPlaces = ALL_READ

    def value(self, steps: tuple[str, ...]) -> Any:
        """Return an answer, the rows or a column of a table, or a value of programme.toml."""
        if steps[0] == "notice":
            return constant_at(self.fields.constants, steps)
        question = self.fields.question_at(steps)
        if question is None or not isinstance(question.kind, RowsKind):
            return value_at(self.application, steps)
        rows = value_at(self.application, question.place) or ()
        within = steps[len(question.place) :]
        if within:
            return [getattr(row, str(within[0]), None) for row in rows]
        left_out = self.unread.beyond(str(question.place[0]), len(rows))
        return [*rows, *[None] * left_out]

    def is_unread(self, steps: tuple[str, ...]) -> bool:
        """Return whether the value there could not be parsed."""
        question = self.fields.question_at(steps)
        if question is None or not isinstance(question.kind, RowsKind):
            return steps[0] != "notice" and self.unread.touches(*steps)
        within = steps[len(question.place) :]
        if not within:
            return question.place in self.unread.places
        return self.unread.within(str(question.place[0]), *map(str, within))
