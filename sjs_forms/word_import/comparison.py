"""Compares the answers of application.json with those of Word forms, and merges them."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sjs_forms.domain.answers.answer_values import value_at
from sjs_forms.domain.application import Application
from sjs_forms.domain.fields.choice_with_date import ChoiceWithDateKind
from sjs_forms.domain.places import where
from sjs_forms.typesetting.form_context import combined_line
from sjs_forms.word_import.form_pattern import Where
from sjs_forms.word_import.slot_answers import slots_of
from sjs_forms.word_import.transcript import Transcript


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """An answer that differs: as application.json would be printed, and as in Word."""

    place: Where
    label: str
    ours: str
    theirs: str

    def as_dict(self) -> dict[str, str]:
        """Return the difference as JSON."""
        return {
            "where": where(self.place),
            "label": self.label,
            "json": self.ours,
            "word": self.theirs,
        }


def differences(application: Application, transcript: Transcript) -> tuple[AnswerDifference, ...]:
    """Yield every answer that differs from what the application would print."""
    return tuple(_differences(application, transcript))


def _differences(application: Application, transcript: Transcript) -> Iterator[AnswerDifference]:
    answered = merged({}, transcript.values)
    theirs = type(application).model_validate(answered)
    label_of = application.questions.label_of
    slots = slots_of(application.questions).values()
    for place in dict.fromkeys(field.place for field in slots):
        ours = printed(application, place)
        if place in transcript.failed:
            said = " ".join(transcript.failed[place].split())
            yield AnswerDifference(place, label_of(place), ours, said)
        elif place in transcript.values:
            in_word = printed(theirs, place)
            if in_word.split() != ours.split():
                yield AnswerDifference(place, label_of(place), ours, in_word)


def printed(application: Application, place: Where) -> str:
    """Return an answer as the forms print it, "" for a blank."""
    fields = application.questions
    combined = fields.combined_at(place)
    if combined:
        return combined_line(fields, application, combined)
    question, value = fields.question_at(place), value_at(application, place)
    if question and isinstance(question.kind, ChoiceWithDateKind):
        kind = question.kind
        if value is None or not value.kind:
            return ""
        parts = (kind.kind.printed(value.kind), kind.date.printed(value.date))
        return "，".join(part for part in parts if part)
    answer = fields.answer_at(place)
    return answer.kind.printed(value) if answer else ""


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
