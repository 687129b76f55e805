"""What a person wrote (`Entry`), the parsed answer (`EntryReading`), and doubts about it.

A doubt names neither place nor source, so that JSON, roster and Word each report it with theirs.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sjs_forms.base.findings.remedies import Written

Value = str | int | float | bool | None | list[str]
"""An answer as application.json holds it."""

BLANKS = " \t\r\n\v\f\u3000\ufeff\u00a0\u200b"
"""Characters that are removed at both ends of a text."""

_HYPHENS = re.compile(r"[\u2010-\u2015\u2212]")
_LONGEST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person wrote, as its source stores it.

    A workbook converts typed text to numbers, dates and booleans. `epoch` is the day from which its
    dates are counted, None if the entry is not from a cell. `digits` is the number of digits that
    the cell's format always shows, 0 if unknown.
    """

    value: object
    epoch: date | None = None
    digits: int = 0

    @property
    def is_cell(self) -> bool:
        """Whether it is from a workbook."""
        return self.epoch is not None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why an entry is not understood, or what must be checked although it is.

    `message` follows the label of the answer; `remedy` is a sentence of its own; `written` says how
    application.json writes such an answer, if that is the mistake.
    """

    code: str
    message: str
    remedy: str
    written: Written = ""


@dataclass(frozen=True, slots=True)
class EntryReading:
    """The parsed answer, or group of answers, as application.json stores it; None for a blank.

    `refused` says why the entry is not such an answer; `note` says what was corrected or completed
    in the answer.
    """

    value: Any = None
    refused: Doubt | None = None
    note: Doubt | None = None


NOTHING = EntryReading()
"""The reading of a blank."""


def refusal(code: str, message: str, remedy: str, written: Written = "") -> EntryReading:
    """Return the reading of an entry that is not such an answer."""
    return EntryReading(refused=Doubt(code, message, remedy, written))


def shown(value: object) -> str:
    """Return an entry as a message quotes it."""
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
    """Return the text with a hyphen for every dash that people use as one."""
    return _HYPHENS.sub("-", text)
