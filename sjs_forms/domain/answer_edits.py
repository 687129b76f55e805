"""Writes what a user types into application.json by place: text in, text out. Pure.

Input that can be parsed is written as its value, anything else as typed; reading it then gives a
finding. All other text is unchanged.
"""

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sjs_forms.base.errors import UsageFault
from sjs_forms.domain.application import Application
from sjs_forms.domain.json_edits import put, without
from sjs_forms.domain.labels import Place, where

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?")
"""Numbers that are written the same in JSON."""
_BETWEEN = re.compile(r"[、，,;；\n]")
"""Separators of several choices in one text."""

Kind = Literal["text", "number", "choices", "object", "list"]


class BadPlace(UsageFault):
    """Raised if there is no answer at a place."""

    def __init__(self, place: Place) -> None:
        super().__init__(f"申报数据里没有“{where(place)}”这一项。", "请按 sjs-forms schema 核对。")
        self.place = tuple(place)


def set_answer(text: str, place: Place, typed: str | Sequence[str]) -> str:
    """Return the JSON text with an answer as typed; empty input is a blank.

    Several choices are a sequence, or one text separated by 、. Raises BadPlace.
    """
    kind = kind_of(place)
    if kind in ("object", "list") or (place[0] == "attachments" and not _has(text, place[:2])):
        raise BadPlace(place)
    value = _value(kind, typed)
    if value in (None, []) and not _has(text, place):
        return text
    return put(text, place, value)


def remove_item(text: str, place: Place) -> str:
    """Return the JSON text without one founder, choice or attachment. Raises BadPlace."""
    kind_of(place)
    if not isinstance(place[-1], int) or not _has(text, place):
        raise BadPlace(place)
    return without(text, place)


def kind_of(place: Place) -> Kind:
    """Return the kind of value at a place. Raises BadPlace if there can be none."""
    holder: type[BaseModel] | None = Application
    field: FieldInfo | None = None
    for depth, step in enumerate(place):
        if isinstance(step, int):
            if field is None or not _is_list(field) or isinstance(place[depth - 1], int):
                raise BadPlace(place)
            if step >= _most(field):
                raise BadPlace(place)
        else:
            if holder is None or (field and _is_list(field) and isinstance(place[depth - 1], str)):
                raise BadPlace(place)
            field = holder.model_fields.get(step)
            if field is None:
                raise BadPlace(place)
            holder = next((t for t in _types_in(field.annotation) if _is_model(t)), None)
    if field is None:
        raise BadPlace(place)
    if holder is not None:
        is_item = isinstance(place[-1], int) or not _is_list(field)
        return "object" if is_item else "list"
    if _is_list(field):
        return "text" if isinstance(place[-1], int) else "choices"
    types = set(_types_in(field.annotation))
    return "number" if types & {float, 90} else "text"


def _value(kind: Kind, typed: str | Sequence[str]) -> Any:
    if kind == "choices":
        parts = _BETWEEN.split(typed) if isinstance(typed, str) else typed
        return [part.strip() for part in parts if part.strip()]
    text = typed if isinstance(typed, str) else "、".join(typed)
    if kind == "number" and _NUMBER.fullmatch(text.strip()):
        number = json.loads(text.strip())
        return number if math.isfinite(number) else text
    return text or None


def _has(text: str, place: Place) -> bool:
    value: Any = json.loads(text)
    for step in place:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def _is_list(field: FieldInfo) -> bool:
    return tuple in _types_in(field.annotation)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _most(field: FieldInfo) -> float:
    """Return the maximum length of a list."""
    bounds = (getattr(each, "max_length", None) for each in field.metadata)
    return next((bound for bound in bounds if bound), math.inf)


def _types_in(annotation: Any) -> Iterator[Any]:
    """Yield the types and literal values in an annotation."""
    inner = get_args(annotation)
    if not inner:
        yield annotation
    elif getattr(annotation, "__origin__", None) is tuple:
        yield tuple
    for argument in inner:
        yield from _types_in(argument)
