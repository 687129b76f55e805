"""The answers of an application by their place, for code that does not know the form."""

from collections.abc import Iterator
from typing import Any

from sjs_forms.domain.application import Application
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.notice.notice_fields import NoticeFields, Role


def value_at(application: Application, place: Place) -> Any:
    """Return the answer at a place, or None for a blank and for a row that does not exist."""
    value: Any = application
    for step in place:
        if isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            value = getattr(value, step, None)
        if value is None:
            return None
    return value


def role_of(fields: NoticeFields, application: Application, role: Role) -> Any:
    """Return the answer that has a role, or None if it is blank or the notice has none for it."""
    answer = fields.role(role)
    return value_at(application, answer.place) if answer else None


def rows_of(fields: NoticeFields, application: Application) -> dict[Place, int]:
    """Return the number of rows in each table."""
    tables = (one.place for one in fields.fields if isinstance(one.kind, RowsKind))
    return {place: len(value_at(application, place) or ()) for place in tables}


def answers_given(fields: NoticeFields, application: Application) -> Iterator[tuple[Field, Any]]:
    """Yield every question, with those of each existing row, and its answer."""
    for answer in fields.answers(rows_of(fields, application)):
        yield answer, value_at(application, answer.place)


def is_blank(value: Any) -> bool:
    """Return whether an answer is blank; the number 0 is an answer."""
    return value in (None, "", [], ())


def has_answers(fields: NoticeFields, application: Application) -> bool:
    """Return whether any question is answered."""
    return any(not is_blank(value) for _, value in answers_given(fields, application))
