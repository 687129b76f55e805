"""Compares the answers of application.json with those of Word forms, and merges them."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sjs_forms.domain.application import CATEGORY_KINDS, Application
from sjs_forms.domain.labels import label_of, where
from sjs_forms.typesetting.form_context import (
    answer_line,
    area,
    day,
    other_qualification,
    paragraphs,
)
from sjs_forms.word_import.slot_answers import CATEGORY, OTHER, QUALIFIED, SLOTS, Where
from sjs_forms.word_import.transcript import Transcript


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """An answer that differs: as application.json would be printed, and as in Word."""

    place: Where
    ours: str
    theirs: str

    @property
    def label(self) -> str:
        """The form's own label."""
        return label_of(self.place)

    def as_dict(self) -> dict[str, str]:
        """Return the difference as JSON."""
        return {
            "where": where(self.place),
            "label": self.label,
            "json": self.ours,
            "word": self.theirs,
        }


def differences(
    application: Application, transcript: Transcript, choices: Mapping[str, str]
) -> tuple[AnswerDifference, ...]:
    """Yield every answer that differs from what the application would print.

    `choices` are the form's words for tick boxes by their path in the context.
    """
    return tuple(_differences(application, transcript, choices))


def _differences(
    application: Application, transcript: Transcript, choices: Mapping[str, str]
) -> Iterator[AnswerDifference]:
    answered = merged({}, transcript.values)
    theirs = Application.model_validate(answered)
    for place in dict.fromkeys(field.place for field in SLOTS.values()):
        ours = printed(application, place, choices)
        if place in transcript.failed:
            yield AnswerDifference(place, ours, " ".join(transcript.failed[place].split()))
        elif place in transcript.values:
            said = printed(theirs, place, choices)
            if said.split() != ours.split():
                yield AnswerDifference(place, ours, said)


def printed(application: Application, place: Where, choices: Mapping[str, str]) -> str:
    """Return an answer as the forms print it, "" for a blank."""
    platform = application.platform
    if place == CATEGORY:
        kind = platform.category.kind
        path = f"category.{kind}.tick" if kind in CATEGORY_KINDS else ""
        parts = [choices.get(path, ""), day(platform.category.date, "") if path else ""]
        return "，".join(part for part in parts if part)
    if place == QUALIFIED:
        chosen = (
            path for path in choices if path.removeprefix("qualifications.") in _set(platform)
        )
        return "、".join(choices[path] for path in chosen)
    if place == OTHER:
        return other_qualification(platform.other_qualification)
    value: Any = application
    for step in place:
        if isinstance(step, int):
            if step >= len(value):
                return ""
            value = value[step]
        else:
            value = getattr(value, step)
    kind_here = next(field.kind for field in SLOTS.values() if field.place == place)
    match kind_here:
        case "day":
            return day(value, "")
        case "area":
            return area(value)
        case "paragraphs":
            return "\n".join(paragraphs(value))
        case _:
            return answer_line(str(place[-1]), value)


def _set(platform: Any) -> frozenset[str]:
    return frozenset(platform.qualifications)


def merged(raw: Mapping[str, Any], values: Mapping[Where, Any]) -> dict[str, Any]:
    """Merge answers into the JSON of an application. Blanks change nothing; all else stays."""
    made: dict[str, Any] = copy.deepcopy(dict(raw))
    for place, value in values.items():
        if value is None or value == []:
            continue
        holder: Any = made
        for step, following in pairwise(place):
            holder = _below(holder, step, following)
        last = place[-1]
        holder[last] = value
    return made


def _below(holder: Any, step: str | int, following: str | int) -> Any:
    """Return the object or list at a step, created if missing."""
    if isinstance(holder, list):
        while isinstance(step, int) and len(holder) <= step:
            holder.append({})
        if not holder[step]:  # type: ignore[index]  # a list's steps are numbers
            holder[step] = {}  # type: ignore[index]
        return holder[step]  # type: ignore[index]
    if not holder.get(step):
        holder[step] = [] if isinstance(following, int) else {}
    return holder[step]
