"""Places in application.json: converts them to paths (founders[0].uscc) and finds their values."""

import re
from collections.abc import Sequence
from typing import Any

from sjs_forms.base.findings.finding_places import AnswerPlace

_STEP = re.compile(r"\[(\d{1,6})\]|([^.\[\]]+)")
_PATH = re.compile(r"[^.\[\]]+(\[\d{1,6}\]|\.[^.\[\]]+)*")

Place = Sequence[str | int]
"""Keys and list indices from the top of application.json."""


def where(place: Place) -> str:
    """Return a place as a path: founders[0].uscc."""
    return str(AnswerPlace(tuple(place)))


def place_of(path: str) -> tuple[str | int, ...]:
    """Return the place of a path as `where` writes it. Raises ValueError for any other text."""
    if not _PATH.fullmatch(path):
        raise ValueError(path)
    return tuple(int(index) if index else key for index, key in _STEP.findall(path))


def written_at(written: Any, place: Place, absent: Any = None) -> Any:
    """Return the value at a place of parsed JSON, or `absent` if there is none.

    `answer_values.value_at` does the same for the answers of an `Application`.
    """
    for step in place:
        try:
            written = written[step]
        except (KeyError, IndexError, TypeError):
            return absent
    return written
