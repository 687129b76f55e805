"""Merges edits of answers into application.json, if several windows edit it at the same time.

Each edit states the answer that its writer had seen. It is refused if another writer has changed
that answer since, unless both wrote the same.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sjs_forms.base.errors import ExitCode, SjsFormsError
from sjs_forms.domain.json_text.answer_edits import BadPlace, set_answer
from sjs_forms.domain.json_text.json_edits import put, without
from sjs_forms.domain.places import place_of, written_at


@dataclass(frozen=True, slots=True)
class Edit:
    """An answer as typed at a path, and the value in JSON that its writer had seen there."""

    path: str
    typed: str | Sequence[str]
    seen: Any


class AnswersDiffer(SjsFormsError):
    """Raised if others changed the same answers. `now` has their current values by path."""

    exit_code = ExitCode.OUTPUT

    def __init__(self, now: Mapping[str, Any]) -> None:
        super().__init__("这一项刚刚在别处改过。", "请看过现在的内容，再选用哪一个。")
        self.now = now


def edited(text: str, edits: Sequence[Edit]) -> str:
    """Return the JSON text with all edits made. Raises AnswersDiffer or BadPlace.

    An answer that is already as typed is no conflict.
    """
    written = json.loads(text)
    made, differing = text, {}
    for each in edits:
        try:
            place = place_of(each.path)
        except ValueError:
            raise BadPlace((each.path,)) from None
        made = set_answer(made, place, each.typed)
        now = written_at(written, place)
        wanted = written_at(json.loads(made), place)
        if not _same(now, each.seen) and not _same(now, wanted):
            differing[each.path] = now
    if differing:
        raise AnswersDiffer(differing)
    return made


def replaced(text: str, written: Mapping[str, Any]) -> str:
    """Return the text of an object with the values of `written`; equal values keep their text."""
    now = json.loads(text)
    for key in [key for key in now if key not in written]:
        text = without(text, (key,))
    for key, value in written.items():
        if key not in now or now[key] != value:
            text = put(text, (key,), value)
    return text


def _same(one: Any, other: Any) -> bool:
    """Return whether two values mean the same; all blanks do."""
    return one == other or (one in _BLANKS and other in _BLANKS)


_BLANKS: tuple[Any, ...] = (None, "", [])
