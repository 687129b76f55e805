"""Finds labels and other headers of two questions that a roster could not tell apart."""

import re
from collections.abc import Iterator

from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.plain_names import plain_name

Confused = tuple[Field, str, str]
"""A question, the key of its table that is at fault, and what is wrong."""


def confused_labels(asked: NoticeFields) -> Iterator[Confused]:
    """Yield each question with a label like another's, or an alias that names another."""
    labels: dict[str, Field] = {}
    for answer in asked.answers():
        other = labels.setdefault(_key(answer.label), answer)
        if other.place == answer.place:
            continue
        here, there = _written(answer.place), _written(other.place)
        if other.label == answer.label:
            yield answer, "label", f"“{here}”与“{there}”的 label 都是“{answer.label}”"
        else:
            said = f"的 label“{answer.label}”与“{there}”的“{other.label}”只差标点、空格或全角半角"
            yield answer, "label", f"“{here}”{said}"
    aliases: dict[str, Field] = {}
    for answer in asked.answers():
        for alias in answer.aliases:
            other = labels.get(_key(alias)) or aliases.setdefault(_key(alias), answer)
            if other.place != answer.place:
                said = f"“{_written(answer.place)}”与“{_written(other.place)}”都叫“{alias}”"
                yield answer, "aliases", said


def _key(text: str) -> str:
    """Return a header much as rosters compare it: without punctuation and spaces."""
    return re.sub(r"[^\w]", "", plain_name(text)) or text


def _written(place: Place) -> str:
    return ".".join(map(str, place))
