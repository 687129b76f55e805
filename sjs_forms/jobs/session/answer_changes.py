"""Several answers changed at once: what a step does to the text of application.json."""

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
    """An answer as it was typed at a path, and what its writer had seen there (as JSON has it)."""

    path: str
    typed: str | Sequence[str]
    seen: Any


class AnswersDiffer(SjsFormsError):
    """Others changed the same answers; `now` has what these are now, by path."""

    exit_code = ExitCode.OUTPUT

    def __init__(self, now: Mapping[str, Any]) -> None:
        super().__init__("这一项刚刚在别处改过。", "请看过现在的内容，再选用哪一个。")
        self.now = now


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with all edits made. Raises AnswersDiffer, BadPlace.

    An answer that already is what was typed differs from nobody's.
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
    """The text of an object made to say what `written` does; keys that say the same stay."""
    now = json.loads(text)
    for key in [key for key in now if key not in written]:
        text = without(text, (key,))
    for key, value in written.items():
        if key not in now or now[key] != value:
            text = put(text, (key,), value)
    return text


def _same(one: Any, other: Any) -> bool:
    """Whether two values mean the same; so do all blanks."""
    return one == other or (one in _BLANKS and other in _BLANKS)


_BLANKS: tuple[Any, ...] = (None, "", [])
