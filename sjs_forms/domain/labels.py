"""The form's own words: the label of a place in application.json, and the name of a choice."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel

from sjs_forms.base.finding_places import AnswerPlace
from sjs_forms.domain.application import Application

_STEP = re.compile(r"\[(\d{1,6})\]|([^.\[\]]+)")
_PATH = re.compile(r"[^.\[\]]+(\[\d{1,6}\]|\.[^.\[\]]+)*")

Place = Sequence[str | int]
"""Keys and list indices from the top of application.json."""

CHOICE_WORDS: Mapping[str, str] = {
    "newly_accredited": "新认定",
    "newly_relocated": "新迁入",
    "national_engineering_research_center": "国家工程研究中心",
    "national_key_laboratory": "全国重点实验室",
    "beijing_engineering_research_center": "北京市工程研究中心",
    "beijing_key_laboratory": "北京市重点实验室",
    "national": "国家级",
    "municipal": "市级",
}
"""What the form calls each of the choices that application.json knows by an English word."""


def where(place: Place) -> str:
    """A place as a path: founders[0].uscc."""
    return str(AnswerPlace(tuple(place)))


def place_of(path: str) -> tuple[str | int, ...]:
    """The place that `where` writes so. Raises ValueError where the text is no such path."""
    if not _PATH.fullmatch(path):
        raise ValueError(path)
    return tuple(int(index) if index else key for index, key in _STEP.findall(path))


def label_of(place: Place) -> str:
    """The form's label for a place; for one that is not on the form, its nearest parent's."""
    label, number = "", ""
    model: type[BaseModel] | None = Application
    for step in place:
        if isinstance(step, int):
            number = str(step + 1)
            label = f"{label}{number}"
            continue
        field = model.model_fields.get(step) if model else None
        if field is None:
            break
        label = (field.title or step).replace("{n}", number)
        model = next(_models_in(field.annotation), None)
    return label or "申报内容"


def square_metres(area: float) -> str:
    """An area as a message names it: every digit that was written, and the unit."""
    return f" {format(Decimal(str(area)), 'f').removesuffix('.0')} 平方米"


def known_keys(place: Place) -> tuple[str, ...]:
    """The keys that may stand at a place which holds an object."""
    model: type[BaseModel] | None = Application
    for step in place:
        if isinstance(step, str):
            field = model.model_fields.get(step) if model else None
            model = next(_models_in(field.annotation), None) if field else None
    return tuple(model.model_fields) if model else ()


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
