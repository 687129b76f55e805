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
from sjs_forms.domain.places import Place, place_of, written_at


@dataclass(frozen=True, slots=True)
class SeenRow:
    """The repeating row of an answer as its writer had seen it, and the number of such rows."""

    rows: int
    row: Any


@dataclass(frozen=True, slots=True)
class Edit:
    """An answer as typed at a path, and the value in JSON that its writer had seen there.

    `within` is the row that an answer such as `founders[1].uscc` belongs to: its number may mean
    another row by now.
    """

    path: str
    typed: str | Sequence[str]
    seen: Any
    within: SeenRow | None = None


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
        is_moved = each.within is not None and _is_another_row(written, place, each.within)
        if (is_moved or not _same(now, each.seen)) and not _same(now, wanted):
            differing[each.path] = now
    if differing:
        raise AnswersDiffer(differing)
    return made


def _is_another_row(written: Any, place: Place, seen: SeenRow) -> bool:
    """Return whether rows came or went, and the number of this one means another row now."""
    at = max((at for at, step in enumerate(place) if isinstance(step, int)), default=None)
    if at is None:
        return False
    rows, row = written_at(written, place[:at]), written_at(written, place[: at + 1])
    return len(rows or ()) != seen.rows and not _same(row, seen.row)


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
