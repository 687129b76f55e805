"""Writes what a user types into application.json by place: text in, text out. Pure.

Input that can be parsed is written as its value, anything else as typed; reading it then gives a
finding. All other text is unchanged.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.remedies import PlainAction
from sjs_forms.domain.fields.choices import ChoicesKind, says_nothing
from sjs_forms.domain.fields.entries import Entry
from sjs_forms.domain.fields.field import Field
from sjs_forms.domain.fields.number import NumberKind
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.json_text.application_json import notice_of
from sjs_forms.domain.json_text.json_edits import put, without
from sjs_forms.domain.notice.notice_fields import ATTACHMENT_LABELS, NoticeFields
from sjs_forms.domain.places import Place, where, written_at

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
"""Numbers that are written the same in JSON."""
_BETWEEN = re.compile(r"[、，,;；\n]")
"""Separators of several choices in one text."""
_ABSENT = object()

_FLAGS = {"true": True, "false": False}

Kind = Literal["text", "number", "flag", "choices", "object", "list"]


_OF_ATTACHMENTS: Mapping[str, Kind] = {"rotate": "number", "straighten": "flag"}
"""Keys of attachments whose values are no text."""


class BadPlace(UsageFault):
    """Raised if there is no answer at a place."""

    def __init__(self, place: Place) -> None:
        super().__init__(f"申报数据里没有“{where(place)}”这一项。", PlainAction.LOOK_UP_KEYS)
        self.place = tuple(place)


def set_answer(text: str, place: Place, typed: str | Sequence[str]) -> str:
    """Return the JSON text with an answer as typed; empty input is a blank.

    Several choices are a sequence, or one text separated by 、. Raises BadPlace.
    """
    fields = _fields_of(text)
    kind = kind_of(fields, place)
    if kind in ("object", "list") or (place[0] == "attachments" and not _has(text, place[:2])):
        raise BadPlace(place)
    value = _value(kind, typed)
    answer = fields.answer_at(place)
    if answer and isinstance(answer.kind, ChoicesKind) and isinstance(typed, str):
        is_none = answer.if_any and says_nothing(typed)
        value = [] if is_none else _choices(answer.kind, typed)
    if value in (None, []) and not _has(text, place):
        return text
    return put(text, place, value)


def remove_item(text: str, place: Place) -> str:
    """Return the JSON text without one row, choice or attachment. Raises BadPlace."""
    kind_of(_fields_of(text), place)
    if not isinstance(place[-1], int) or not _has(text, place):
        raise BadPlace(place)
    return without(text, place)


def kind_of(fields: NoticeFields, place: Place) -> Kind:
    """Return the kind of value at a place. Raises BadPlace if there may be none."""
    if place and place[0] == "attachments":
        return _of_attachment(place)
    if tuple(place) == ("programme",):
        return "text"
    answer, question = fields.answer_at(place), fields.question_at(place)
    if answer:
        if isinstance(answer.kind, RowsKind) or _is_beyond_maximum(question, place):
            raise BadPlace(place)
        if isinstance(answer.kind, ChoicesKind):
            return "choices"
        return "number" if isinstance(answer.kind, NumberKind) else "text"
    holder = fields.answer_at(place[:-1])
    if holder and isinstance(holder.kind, ChoicesKind) and isinstance(place[-1], int):
        if place[-1] >= len(holder.kind.choices):
            raise BadPlace(place)
        return "text"
    if question and isinstance(question.kind, RowsKind):
        if tuple(place) == question.place:
            return "list"
        if len(place) == len(question.place) + 1 and not _is_beyond_maximum(question, place):
            return "object"
        raise BadPlace(place)
    if place and fields.known_keys(place) and not isinstance(place[-1], int):
        return "object"
    raise BadPlace(place)


def _is_beyond_maximum(question: Field | None, place: Place) -> bool:
    """Return whether a row is beyond the maximum number of rows."""
    if question is None or not isinstance(question.kind, RowsKind):
        return False
    index = place[len(question.place)] if len(place) > len(question.place) else 0
    return not isinstance(index, int) or index >= question.kind.most


def _of_attachment(place: Place) -> Kind:
    if len(place) == 1:
        return "list"
    if not isinstance(place[1], int) or len(place) > 3:
        raise BadPlace(place)
    if len(place) == 2:
        return "object"
    if place[2] not in ATTACHMENT_LABELS:
        raise BadPlace(place)
    return _OF_ATTACHMENTS.get(str(place[2]), "text")


def _fields_of(text: str) -> NoticeFields:
    raw = json.loads(text)
    return notice_of(raw if isinstance(raw, dict) else {}).fields


def _choices(kind: ChoicesKind, typed: str) -> list[str] | str:
    """Return the choices that a text lists; the text itself if its parts are not choices."""
    whole = kind.read(Entry(typed))
    if whole.refused:
        return typed
    parts = [part.strip() for part in _BETWEEN.split(typed) if part.strip()]
    is_clear = not any(kind.one.read(Entry(part)).refused for part in parts)
    return parts if is_clear else list(whole.value or ())


def _value(kind: Kind, typed: str | Sequence[str]) -> Any:
    if kind == "choices":
        return [part.strip() for part in typed if part.strip()]
    text = typed if isinstance(typed, str) else "、".join(typed)
    if kind == "number" and _NUMBER.fullmatch(text.strip()):
        number = json.loads(text.strip())
        return number if math.isfinite(number) else text
    if kind == "flag":
        return _FLAGS.get(text.strip(), text or None)
    return text or None


def _has(text: str, place: Place) -> bool:
    return written_at(json.loads(text), place, _ABSENT) is not _ABSENT
