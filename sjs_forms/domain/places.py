"""A place in application.json: as a path, founders[0].uscc, and what JSON has there."""

import re
from collections.abc import Sequence
from typing import Any

from sjs_forms.base.findings.finding_places import AnswerPlace

_STEP = re.compile(r"\[(\d{1,6})\]|([^.\[\]]+)")
_PATH = re.compile(r"[^.\[\]]+(\[\d{1,6}\]|\.[^.\[\]]+)*")

Place = Sequence[str | int]
"""Keys and list indices from the top of application.json."""


def where(place: Place) -> str:
    """A place as a path: founders[0].uscc."""
    return str(AnswerPlace(tuple(place)))


def place_of(path: str) -> tuple[str | int, ...]:
    """The place that `where` writes so. Raises ValueError where the text is no such path."""
    if not _PATH.fullmatch(path):
        raise ValueError(path)
    return tuple(int(index) if index else key for index, key in _STEP.findall(path))


def written_at(written: Any, place: Place, absent: Any = None) -> Any:
    """Return what JSON has at a place, or `absent` if there is nothing.

    `answer_values.value_at` does the same for the answers of an `Application`.
    """
    for step in place:
        try:
            written = written[step]
        except (KeyError, IndexError, TypeError):
            return absent
    return written
