"""The `attachments` list of an application.json changed in its text; all else stays as written."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_SPACE = re.compile(r"[ \t\r\n]*")
_KEY = "attachments"


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int


def listed(text: str, entry: Mapping[str, str], at: int, without: Collection[int] = ()) -> str:
    """The JSON text with `entry` put before item `at` of its list, and the items `without` gone.

    `at` counts the items as they are. The text must be an application's, which has the list.
    """
    array = dict(_members(text))[_KEY]
    items = list(_items(text, array))
    written = [text[item.start : item.end] for item in items]
    style = _style(text, array, items)
    kept = [
        part
        for index in range(len(items) + 1)
        for part in (
            *([style.entry(entry, written)] if index == at else []),
            *(written[index : index + 1] if index not in without else []),
        )
    ]
    changed = "[" + style.opening + style.between.join(kept) + style.closing + "]"
    return text[: array.start] + changed + text[array.end :]


@dataclass(frozen=True, slots=True)
class _Style:
    """How a list is set out: what stands between its brackets and items; a step of indenting."""

    opening: str
    between: str
    closing: str
    step: str
    line_end: str

    def entry(self, entry: Mapping[str, str], others: Collection[str]) -> str:
        """A new item, on one line or several as the others are."""
        if others and not any("\n" in other for other in others):
            return json.dumps(entry, ensure_ascii=False)
        indent = self.opening.rpartition("\n")[2]
        lines = json.dumps(entry, ensure_ascii=False, indent=self.step).split("\n")
        return (self.line_end + indent).join(lines)


def _style(text: str, array: _Span, items: list[_Span]) -> _Style:
    line_end = "\r\n" if "\r\n" in text else "\n"
    first = re.search(r"\n([ \t]+)\S", text)
    step = first[1] if first else "  "
    if not items:
        inner, outer = line_end + 2 * step, line_end + step
        return _Style(inner, "," + inner, outer, step, line_end)
    opening = text[array.start + 1 : items[0].start]
    closing = text[items[-1].end : array.end - 1]
    between = text[items[0].end : items[1].start] if len(items) > 1 else "," + (opening or " ")
    return _Style(opening, between, closing, step, line_end)


def _members(text: str) -> Iterator[tuple[str, _Span]]:
    """The keys of the outermost object, and where their values stand."""
    at = _after_space(text, text.index("{") + 1)
    while text[at] != "}":
        key, end = _decoded(text, at)
        start = _after_space(text, _after_space(text, end) + 1)
        _, end = _decoded(text, start)
        yield key, _Span(start, end)
        at = _after_comma(text, end)


def _items(text: str, array: _Span) -> Iterator[_Span]:
    at = _after_space(text, array.start + 1)
    while text[at] != "]":
        _, end = _decoded(text, at)
        yield _Span(at, end)
        at = _after_comma(text, end)


def _decoded(text: str, at: int) -> tuple[Any, int]:
    return json.JSONDecoder().raw_decode(text, at)


def _after_comma(text: str, at: int) -> int:
    at = _after_space(text, at)
    return _after_space(text, at + 1) if text[at] == "," else at


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
