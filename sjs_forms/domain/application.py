"""The applicant's answers as frozen models, made from the questions of a notice.

Models check only the type of what was written. Every leaf may be None, because `null`, `""` and a
missing key mean the same: the blank stays on the form. `checks` decides what is required or
plausible.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictStr,
    create_model,
)
from pydantic_core import PydanticCustomError

from sjs_forms.base.usual_characters import usual_characters
from sjs_forms.domain.fields.choice import ChoiceKind
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.day import DayKind
from sjs_forms.domain.fields.field import Place
from sjs_forms.domain.fields.kind import Kind
from sjs_forms.domain.fields.line import LINE_LIMIT, WrittenKind
from sjs_forms.domain.fields.number import NumberKind
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.programme import Programme

_TURNS = (0, 90, 180, 270)


def _blank_is_none(value: object) -> object:
    if isinstance(value, str):
        return value.strip(" \t\r\n\u3000\ufeff") or None
    return value


def _usual(value: str | None) -> str | None:
    return None if value is None else usual_characters(value)


def _iso_date(value: object) -> object:
    value = _blank_is_none(value)
    if value is None or (isinstance(value, date) and type(value) is date):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("iso_date", "not a date")
    try:
        if len(value) != len("2025-03-01"):
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("iso_date", "not a date") from None


def _number(value: object) -> object:
    value = _blank_is_none(value)
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise PydanticCustomError("number", "not a number")
    return value


def _turn(value: object) -> object:
    value = _blank_is_none(value)
    if value is not None and (isinstance(value, bool) or value not in _TURNS):
        raise PydanticCustomError("turn", "not a quarter-turn")
    return value


def _flag(value: object) -> object:
    value = _blank_is_none(value)
    if value is not None and not isinstance(value, bool):
        raise PydanticCustomError("flag", "neither true nor false")
    return value


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _none_is_empty(value: object) -> object:
    return {} if value is None or value == "" else value


def _none_is_nothing(value: object) -> object:
    return [] if value is None or value == "" else value


Line = Annotated[
    Annotated[StrictStr, Field(max_length=LINE_LIMIT)] | None, BeforeValidator(_blank_is_none)
]
"""One line of text on the form."""
Day = Annotated[date | None, BeforeValidator(_iso_date)]


class Model(BaseModel):
    """Base of the answers: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Attachment(Model):
    """One file of the volume; `pages` like "1-3,7", `rotate` degrees clockwise.

    `straighten` replaces photographs of papers by clean pages, before they are turned.
    """

    material: Line = None
    file: Line = None
    title: Annotated[Line, AfterValidator(_usual)] = None
    pages: Line = None
    rotate: Annotated[Literal[0, 90, 180, 270] | None, BeforeValidator(_turn)] = None
    straighten: Annotated[bool | None, BeforeValidator(_flag)] = None
    password: Annotated[StrictStr | None, BeforeValidator(_empty_is_none)] = Field(
        None, max_length=LINE_LIMIT
    )


def only_changes_found(attachments: Sequence[Attachment] | None) -> bool:
    """Return whether a list names no material, so that it only changes files that were found."""
    return bool(attachments) and all(one.file and not one.material for one in attachments or ())


class Application(Model):
    """All answers of one application.json. `application_model` makes a subclass for a notice."""

    programme_id: ClassVar[str]
    """The id of the notice that it answers."""
    questions: ClassVar[NoticeFields]
    """The questions of that notice."""

    if TYPE_CHECKING:
        programme: str | None = None
        attachments: tuple[Attachment, ...] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the answers only; the class is made again from the notice's questions."""
        return _restored, (self.programme_id, self.model_dump())


def _restored(programme_id: str, answers: Mapping[str, Any]) -> Application:
    return application_model(load_programme(programme_id)).model_validate(answers)


def application_model(programme: Programme) -> type[Application]:
    """Return the model of the answers to a notice's questions, one for each notice."""
    return _made(programme.id, programme.fields)


@lru_cache(maxsize=16)
def _made(programme_id: str, fields: NoticeFields) -> type[Application]:
    members = {
        "programme": (Line, None),
        **_members(fields, ()),
        "attachments": (
            Annotated[tuple[Attachment, ...] | None, BeforeValidator(_empty_is_none)],
            None,
        ),
    }
    made: type[Application] = create_model("Application", __base__=Application, **members)
    made.programme_id, made.questions = programme_id, fields
    return made


def _members(fields: NoticeFields, holder: Place) -> dict[str, Any]:
    """Return the members of the model at a place, each as an annotation and a default."""
    members: dict[str, Any] = {}
    for key in fields.known_keys(holder):
        place = (*holder, key)
        answer = fields.answer_at(place)
        question = fields.question_at(place)
        if place in (("programme",), ("attachments",)):
            continue
        if answer:
            is_list = isinstance(answer.kind, ChoicesKind)
            members[key] = (_annotation(answer.kind), () if is_list else None)
        elif question and isinstance(question.kind, RowsKind) and question.place == place:
            members[key] = (_rows(fields, place, question.kind), ())
        else:
            inner = create_model(_name(place), __base__=Model, **_members(fields, place))
            members[key] = (Annotated[inner, BeforeValidator(_none_is_empty)], inner())
    return members


def _rows(fields: NoticeFields, place: Place, kind: RowsKind) -> Any:
    row = create_model(_name(place), __base__=Model, **_members(fields, (*place, 0)))
    listed = Annotated[tuple[row, ...], Field(max_length=kind.most)]
    return Annotated[listed, BeforeValidator(_none_is_nothing)]


def _annotation(kind: Kind) -> Any:
    if isinstance(kind, DayKind):
        return Day
    if isinstance(kind, NumberKind):
        bounds = Field(gt=kind.above, le=kind.most, allow_inf_nan=False)
        return Annotated[Annotated[float, bounds] | None, BeforeValidator(_number)]
    if isinstance(kind, ChoiceKind):
        ids = tuple(choice.id for choice in kind.choices)
        return Annotated[Literal[ids] | None, BeforeValidator(_blank_is_none)]
    if isinstance(kind, ChoicesKind):
        ids = tuple(choice.id for choice in kind.choices)
        listed = Annotated[tuple[Literal[ids], ...], Field(max_length=len(ids))]  # type: ignore[valid-type]
        return Annotated[listed, BeforeValidator(_none_is_nothing)]
    limit = kind.limit if isinstance(kind, WrittenKind) else LINE_LIMIT
    text = Annotated[StrictStr, Field(max_length=limit)]
    return Annotated[text | None, BeforeValidator(_blank_is_none)]


def _name(place: Place) -> str:
    return "".join(str(step).title().replace("_", "") for step in place)
