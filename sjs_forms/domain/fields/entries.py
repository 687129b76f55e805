"""What a person wrote, what was understood of it, and why something was not.

A doubt is a value: it names neither place nor source, so that JSON, roster and Word each tell it
with their own.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

Value = str | int | float | bool | None | list[str]
"""An answer as application.json holds it."""

BLANKS = " \t\r\n\v\f\u3000\ufeff\u00a0\u200b"
"""What is no writing at the edges of a text."""

_HYPHENS = re.compile(r"[\u2010-\u2015\u2212]")
_LONGEST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person wrote, as its source holds it.

    Cells of a workbook turn what is typed into numbers, dates and booleans: `epoch` is the day
    from which theirs are counted, None for what comes from no cell; `digits` is how many digits a
    cell's format always shows, 0 where it does not say.
    """

    value: object
    epoch: date | None = None
    digits: int = 0

    @property
    def is_cell(self) -> bool:
        """Whether it comes from a workbook."""
        return self.epoch is not None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why something is not understood, or what is to be looked at although it is.

    `message` goes on from the label of the answer; `remedy` is a sentence of its own.
    """

    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class EntryReading:
    """An answer, or a group of them, as application.json has it; None for a blank.

    `refused` says why something stands there that is no such answer; `note` what was corrected or
    completed in an answer that is there.
    """

    value: Any = None
    refused: Doubt | None = None
    note: Doubt | None = None


NOTHING = EntryReading()
"""Nothing is written."""


def refusal(code: str, message: str, remedy: str) -> EntryReading:
    """What is understood of a writing that is no such answer."""
    return EntryReading(refused=Doubt(code, message, remedy))


def shown(value: object) -> str:
    """A writing as a message quotes it."""
    if isinstance(value, datetime):
        value = value.date() if value.time() == time() else value
    if isinstance(value, bool | list | dict | None):
        try:
            value = json.dumps(value, ensure_ascii=False, default=str)
        except RecursionError:
            return "层层嵌套的内容"
    try:
        text = " ".join(str(value).strip(BLANKS).split())
    except ValueError:  # an integer with more digits than Python prints
        return "过长的数字"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def plain_hyphens(text: str) -> str:
    """Text with every dash that people use for a hyphen as a hyphen."""
    return _HYPHENS.sub("-", text)
