"""Inserts, replaces and removes values in the text of a JSON object; all else is unchanged. Pure.

The text must be JSON with an object at its root. New values are formatted like their neighbours.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sjs_forms.domain.places import Place

_SPACE = re.compile(r"[ \t\r\n]*")
_INDENT = re.compile(r"\n([ \t]+)\S")
_DECODER = json.JSONDecoder()


def put(text: str, place: Place, value: Any) -> str:
    """Return the text with a value at a place, creating the objects and lists that lead there.

    Missing list items before the place become empty objects. Of duplicate keys one is left.
    """
    span = _outermost(text)
    for depth, step in enumerate(place):
        parts = list(_parts(text, span))
        same = [part for part in parts if part.name == step]
        if len(same) > 1:
            return put(_cut(text, span, parts.index(same[0])), place, value)
        if same:
            span = same[0].value
            continue
        made = _leading(place[depth + 1 :], value)
        if _is_holder(text, span, step):
            lacking: list[Any] = [{}] * (step - len(parts)) if isinstance(step, int) else []
            return insert(text, span, len(parts), [*lacking, made], step)
        return _with(text, span, _leading(place[depth:], value))
    return _with(text, span, value)


def insert(
    text: str, span: "Span", at: int, values: Sequence[Any], key: str | int | None = None
) -> str:
    """Return the text with values before part `at` of the list at `span`, or of one under `key`."""
    parts = list(_parts(text, span))
    style = _style_of(text, span, parts)
    shown = [style.part(text, parts, value, key) for value in values]
    if not parts:
        inner = style.opening + style.between.join(shown) + style.closing
        return text[: span.start + 1] + inner + text[span.end - 1 :]
    if at < len(parts):
        new = "".join(each + style.between for each in shown)
        return text[: parts[at].start] + new + text[parts[at].start :]
    new = "".join(style.between + each for each in shown)
    end = parts[-1].value.end
    return text[:end] + new + text[end:]


def without(text: str, place: Place) -> str:
    """Return the text without the value at a place; unchanged if there is none."""
    holder = span_of(text, place[:-1])
    if holder is None:
        return text
    for at, part in enumerate(_parts(text, holder)):
        if part.name == place[-1]:
            return _cut(text, holder, at)
    return text


def moved(text: str, holder: Place, source: int, target: int) -> str:
    """Return the text with a list item at another index; the separators stay."""
    span = span_of(text, holder)
    assert span is not None
    spans = [part.value for part in _parts(text, span)]
    shown = [text[each.start : each.end] for each in spans]
    shown.insert(target, shown.pop(source))
    for each, item in reversed(list(zip(spans, shown, strict=True))):
        text = text[: each.start] + item + text[each.end :]
    return text


def span_of(text: str, place: Place) -> "Span | None":
    """Return the span of the value at a place, or None."""
    span = _outermost(text)
    for step in place:
        same = [part for part in _parts(text, span) if part.name == step]
        if not same:
            return None
        span = same[-1].value
    return span


@dataclass(frozen=True, slots=True)
class Span:
    """A value in a text: from `start` up to `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _JsonPart:
    """A member of an object or an item of a list: its key or index, its span and its value's."""

    name: str | int
    start: int
    value: Span


@dataclass(frozen=True, slots=True)
class _Style:
    """The format of an object or list: what is between its brackets and its parts.

    `step` is one level of indentation, `line_end` the line ending.
    """

    opening: str
    between: str
    closing: str
    step: str
    line_end: str

    def part(
        self, text: str, others: Sequence[_JsonPart], value: Any, key: str | int | None
    ) -> str:
        """Return a new part, on one line or several like the others."""
        shown = self.value(value, self.opening, _is_in_lines(text, others))
        return f"{_dumped(key)}: {shown}" if isinstance(key, str) else shown

    def value(self, value: Any, before: str, in_lines: bool) -> str:
        """Return a value as JSON. `before` ends with the indentation of its first line."""
        if not in_lines or not isinstance(value, (dict, list)):
            return _dumped(value)
        indent = before.rpartition("\n")[2] if "\n" in before else ""
        lines = json.dumps(value, ensure_ascii=False, indent=self.step).split("\n")
        return _writable((self.line_end + indent).join(lines))


def _is_in_lines(text: str, others: Sequence[_JsonPart]) -> bool:
    """Return whether a new part may span lines: others do, or no other is an object or list."""
    structured = [
        text[other.value.start : other.value.end]
        for other in others
        if text[other.value.start] in "{["
    ]
    return not structured or any("\n" in each for each in structured)


def _with(text: str, span: Span, value: Any) -> str:
    """Return the text with another value at a span."""
    line = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    indent = "\n" + line[: len(line) - len(line.lstrip(" \t"))]
    style = _style_of(text, span, ())
    shown = style.value(value, indent, "\n" in text.strip())
    return text[: span.start] + shown + text[span.end :]


def _style_of(text: str, span: Span, parts: Sequence[_JsonPart]) -> _Style:
    line_end = "\r\n" if "\r\n" in text else "\n"
    first = _INDENT.search(text)
    step = first[1] if first else "  "
    if not parts:
        if "\n" not in text.strip():
            return _Style("", ", ", "", step, line_end)
        line = text[text.rfind("\n", 0, span.start) + 1 : span.start]
        outer = line_end + line[: len(line) - len(line.lstrip(" \t"))]
        return _Style(outer + step, "," + outer + step, outer, step, line_end)
    opening = text[span.start + 1 : parts[0].start]
    closing = text[parts[-1].value.end : span.end - 1]
    between = (
        text[parts[0].value.end : parts[1].start] if len(parts) > 1 else "," + (opening or " ")
    )
    return _Style(opening, between, closing, step, line_end)


def _leading(way: Place, value: Any) -> Any:
    """Return a value wrapped in new objects and lists."""
    for step in reversed(way):
        value = [*({} for _ in range(step)), value] if isinstance(step, int) else {step: value}
    return value


def _is_holder(text: str, span: Span, step: str | int) -> bool:
    return text[span.start] == ("[" if isinstance(step, int) else "{")


def _cut(text: str, span: Span, at: int) -> str:
    """Return the text without one part of the object or list at a span."""
    parts = list(_parts(text, span))
    if len(parts) == 1:
        return text[: span.start + 1] + text[span.end - 1 :]
    if at + 1 < len(parts):
        return text[: parts[at].start] + text[parts[at + 1].start :]
    return text[: parts[at - 1].value.end] + text[parts[at].value.end :]


def _parts(text: str, span: Span) -> Iterator[_JsonPart]:
    """Yield the members of an object or the items of a list."""
    opened = text[span.start]
    if opened not in "{[":
        return
    at, number = _after_space(text, span.start + 1), 0
    while text[at] not in "}]":
        start, name = at, number
        if opened == "{":
            name, at = _DECODER.raw_decode(text, at)
            at = _after_space(text, _after_space(text, at) + 1)
        end = _DECODER.raw_decode(text, at)[1]
        yield _JsonPart(name, start, Span(at, end))
        number += 1
        at = _after_space(text, end)
        if text[at] == ",":
            at = _after_space(text, at + 1)


def _outermost(text: str) -> Span:
    start = text.index("{")
    return Span(start, _DECODER.raw_decode(text, start)[1])


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _dumped(value: Any) -> str:
    return _writable(json.dumps(value, ensure_ascii=False))


def _writable(shown: str) -> str:
    """Return JSON that UTF-8 can encode: lone surrogates as escapes."""
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", shown)
