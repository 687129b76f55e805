"""Reads the characters and glyphs of a text object, and their positions (11.2, 11.3, 11.4)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sjs_forms.intake.ofd.bounds import MAX_DELTAS
from sjs_forms.intake.ofd.structure.xml_nodes import first_number, number, numbers

_TOKEN = re.compile(r"[gG]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_MAX_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Sign:
    """One glyph to be shown: its text, and its number in the font if stated."""

    text: str
    glyph: int | None = None


@dataclass(frozen=True, slots=True)
class TextRun:
    """One text code: its signs, its start (None: not stated), its offsets."""

    signs: tuple[Sign, ...]
    x: float | None
    y: float | None
    deltas_x: tuple[float, ...]
    deltas_y: tuple[float, ...]

    def offsets(self) -> list[tuple[float, float]] | None:
        """Return the offset from each sign to the next; if there are too few, the last is repeated.

        Returns None if none are stated, so that the font's own advances are used.
        """
        if not (self.deltas_x or self.deltas_y):
            return None
        count = len(self.signs)
        return list(
            zip(_stretched(self.deltas_x, count), _stretched(self.deltas_y, count), strict=True)
        )


def _stretched(deltas: tuple[float, ...], count: int) -> tuple[float, ...]:
    last = deltas[-1:] or (0.0,)
    return (*deltas[:count], *(last * max(0, count - len(deltas))))


def runs_of(node: Any) -> Iterator[TextRun]:
    """Yield the text codes of a text object, with the glyph numbers of each."""
    waiting: list[Any] = []
    before = 0
    for child in node.iterchildren("CGTransform", "TextCode"):
        if child.tag == "CGTransform":
            waiting.append(child)
            continue
        text = _text(child)
        groups = _groups(waiting or _transforms_after(child), before)
        before += len(text)
        waiting = [each for each in waiting if _position(each) >= before]
        yield TextRun(
            tuple(_signs(text, groups)),
            first_number(child.get("X")),
            first_number(child.get("Y")),
            deltas_of(child.get("DeltaX")),
            deltas_of(child.get("DeltaY")),
        )


def _transforms_after(code: Any) -> list[Any]:
    """Return the transforms that some writers put after the object's only text code."""
    if len(code.getparent().findall("TextCode")) > 1:
        return []
    return list(code.itersiblings("CGTransform"))


def _text(code: Any) -> str:
    """Return the text without the line breaks and indentation of a formatted file."""
    text = "".join(code.itertext())[:_MAX_CHARACTERS]
    if "\n" in text or "\r" in text:
        text = "".join(line.strip("\t\r ") for line in text.splitlines())
    return text.replace("\t", " ")


def _position(node: Any) -> int:
    return int(number(node.get("CodePosition"), 0))


def _groups(transforms: Sequence[Any], before: int) -> Mapping[int, tuple[int, list[int]]]:
    """Map positions in a text code to a number of characters and the glyphs that show them.

    Writers count positions from the start of the text code, or of the object, which is `before`
    characters earlier.
    """
    first = min((_position(node) for node in transforms), default=0)
    offset = before if first >= before else 0
    found: dict[int, tuple[int, list[int]]] = {}
    for node in transforms:
        glyphs = [int(value) for value in numbers(node.findtext("Glyphs"))]
        count = max(1, int(number(node.get("CodeCount"), 1)))
        stated = int(number(node.get("GlyphCount"), len(glyphs)))
        if glyphs:
            found.setdefault(_position(node) - offset, (count, glyphs[: max(1, stated)]))
    return found


def _signs(text: str, starts: Mapping[int, tuple[int, list[int]]]) -> Iterator[Sign]:
    """Yield glyphs: those stated for a group of characters, else one per character."""
    index = 0
    while index < len(text):
        if index in starts:
            count, glyphs = starts[index]
            yield from _group(text[index : index + count], glyphs)
            index += count
        else:
            yield Sign(text[index])
            index += 1


def _group(text: str, glyphs: Sequence[int]) -> Iterator[Sign]:
    """Yield the glyphs of a group, with a character each. The last has the remaining text.

    If there are more glyphs than characters, the others have no text.
    """
    for index, glyph in enumerate(glyphs):
        last = index == len(glyphs) - 1
        yield Sign(text[index:] if last else text[index : index + 1], glyph)


def deltas_of(text: str | None) -> tuple[float, ...]:
    """Return offsets; `g n v` stands for n times v."""
    found: list[float] = []
    tokens = _TOKEN.findall(text or "")
    at = 0
    while at < len(tokens) and len(found) < MAX_DELTAS:
        if tokens[at] in "gG":
            count, value = (*numbers(" ".join(tokens[at + 1 : at + 3])), 0.0, 0.0)[:2]
            found += [value] * min(max(int(count), 0), MAX_DELTAS - len(found))
            at += 3
        else:
            found += numbers(tokens[at])
            at += 1
    return tuple(found)
