"""The questions of a form as pages show them: groups of fields, with repeating rows.

The one place of this room that knows where questions are declared. Pages and scripts hold no list
of fields.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sjs_forms.domain.application import LINE_LIMIT, REQUIRED, Application
from sjs_forms.domain.labels import CHOICE_WORDS, label_of, place_of, where

FieldKind = Literal["line", "text", "date", "number", "choice", "choices"]

_NOT_ASKED = ("programme", "attachments")
"""Keys of application.json that are no questions of the form."""
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

    def row(self, index: int) -> tuple[Question, ...]:
        """The questions of a repeating row, from 0."""
        old = f"{self.rows}[0]"
        return tuple(
            replace(each, path=path, label=label_of(place_of(path)))
            for each in self.questions
            for path in (f"{self.rows}[{index}]{each.path.removeprefix(old)}",)
        )


@cache
def groups() -> tuple[Group, ...]:
    """The groups of questions in the form's order."""
    made: list[Group] = []
    single: list[Question] = []
    for name, field in Application.model_fields.items():
        if name in _NOT_ASKED:
            continue
        model = _model_in(field)
        if model is None:
            single.append(_question((name,), field))
            continue
        is_list = tuple in _types(field.annotation)
        place = (name, 0) if is_list else (name,)
        title = field.title or name
        questions = tuple(_questions(model, place))
        rows = (name, _most(field)) if is_list else ("", None)
        made.append(Group(name, title, questions, *rows))
    if single:
        made.append(Group("rest", _LAST, tuple(single)))
    return tuple(made)


def label_at(steps: Sequence[str | int]) -> str:
    """The form's label of an answer, by keys and list indices."""
    return label_of(steps)


def _questions(model: type[BaseModel], place: tuple[str | int, ...]) -> Iterator[Question]:
    for name, field in model.model_fields.items():
        inner = _model_in(field)
        if inner is None:
            yield _question((*place, name), field)
        else:
            yield from _questions(inner, (*place, name))


def _question(place: tuple[str | int, ...], field: FieldInfo) -> Question:
    kind, choices = _kind(field)
    return Question(
        where(place),
        label_of(place),
        kind,
        field.json_schema_extra == REQUIRED,
        _HINTS.get(kind, ""),
        LINE_LIMIT if kind == "line" else None,
        choices,
    )


def _kind(field: FieldInfo) -> tuple[FieldKind, tuple[Choice, ...]]:
    types = list(_types(field.annotation))
    words = tuple(Choice(each, CHOICE_WORDS[each]) for each in types if isinstance(each, str))
    if words:
        return ("choices" if tuple in types else "choice"), words
    if date in types:
        return "date", ()
    if float in types:
        return "number", ()
    return ("text" if _limit(field.annotation) > LINE_LIMIT else "line"), ()


def _limit(annotation: Any) -> int:
    """The largest number of characters that an annotation speaks of."""
    own = [getattr(each, "max_length", None) or 0 for each in _metadata(annotation)]
    return max(own, default=0)


def _metadata(annotation: Any) -> Iterator[Any]:
    for each in getattr(annotation, "__metadata__", ()):
        yield from getattr(each, "metadata", ())
        yield each
    for inner in get_args(annotation):
        yield from _metadata(inner)


def _model_in(field: FieldInfo) -> type[BaseModel] | None:
    models = (t for t in _types(field.annotation) if isinstance(t, type))
    return next((each for each in models if issubclass(each, BaseModel)), None)


def _most(field: FieldInfo) -> int | None:
    bounds = (getattr(each, "max_length", None) for each in field.metadata)
    return next((bound for bound in bounds if bound), None)


def _types(annotation: Any) -> Iterator[Any]:
    """The types, and literal values, that an annotation names."""
    if getattr(annotation, "__origin__", None) is tuple:
        yield tuple
    inner = get_args(annotation)
    if not inner:
        yield annotation
    for each in inner:
        yield from _types(each)
