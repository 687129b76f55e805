"""Finds where a document uses each font, and the strings shown in it.

Pages, forms, patterns, Type 3 glyphs and appearances are streams with resources. Each is visited
once, however often it is drawn.
"""

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Pdf, Stream

from sjs_forms.intake.fonts.font_dictionary import raw_name
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.objects import (
    decoded,
    dictionary,
    entry,
    inherited,
    items,
    key_of,
    name_of,
    number,
    stream,
)

Key = tuple[Any, ...]
"""Identifies a stream or font: its object number, or the path from an object that has one."""

_OPERATORS = "Tf Tj TJ ' \" Tr q Q gs"
_INVISIBLE = (3, 7)
"""Text rendering modes that paint nothing (PDF 32000-1, 9.3.6): the text under a scan."""

_STRING = re.compile(rb"\(((?:[^()\\]|\\.){0,2000})\)|<([0-9a-fA-F\s]{2,4000})>", re.S)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.S)
_ESCAPED = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
    b"\r\n": b"",
    b"\r": b"",
    b"\n": b"",
}


@dataclass(slots=True)
class DrawingPart:
    """A page or a drawn stream. `above` are those that draw it."""

    content: Any
    resources: Any
    page: int | None = None
    above: set[Key] = field(default_factory=set)
    fonts: dict[bytes, Key] = field(default_factory=dict)
    states: dict[bytes, Key] = field(default_factory=dict)


@dataclass(slots=True)
class ShownStrings:
    """The strings shown in a font, by the part that shows them.

    `seen` are those certainly visible in it; others are hidden, or in an unknown font.
    """

    seen: dict[Key, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    hidden: dict[Key, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    def strings(self) -> set[bytes]:
        """Return all strings."""
        return set().union(*self.seen.values(), *self.hidden.values())


class FontUses:
    """All parts and fonts of a document."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self.parts: dict[Key, DrawingPart] = {}
        self.fonts: dict[Key, Any] = {}
        self._waiting: list[tuple[Key, Any, Any, Key]] = []
        for at, page in enumerate(pdf.pages):
            self._add_page(at, page.obj)
        while self._waiting:
            self._visit(*self._waiting.pop())

    def pages_of(self, keys: Iterable[Key]) -> list[int]:
        """Return the pages, from 0, on which one of these parts is drawn."""
        waiting, known = list(keys), set(keys)
        pages = set()
        while waiting:
            part = self.parts[waiting.pop()]
            if part.page is not None:
                pages.add(part.page)
            waiting += part.above - known
            known |= part.above
        return sorted(pages)

    def _add_page(self, at: int, page: Any) -> None:
        key: Key = ("page", at)
        resources = inherited(page, "/Resources")
        part = self.parts[key] = DrawingPart(page, resources, at)
        self._enter(key, part)
        for place, annotation in enumerate(items(entry(page, "/Annots"))):
            normal = entry(entry(annotation, "/AP"), "/N")
            looks = [normal] if stream(normal) is not None else _values(normal)
            for state, look in enumerate(looks):
                self._wait((key, place, state), look, resources, key)

    def _wait(self, way: Key, content: Any, resources: Any, above: Key) -> None:
        """Queue a drawn stream. Streams are indirect; `way` identifies one in a damaged file."""
        if stream(content) is None:
            return
        key = key_of(content) or way
        if key in self.parts:
            self.parts[key].above.add(above)
        else:
            own = content.get("/Resources")
            self._waiting.append((key, content, own if own is not None else resources, above))

    def _visit(self, key: Key, content: Any, resources: Any, above: Key) -> None:
        if key in self.parts:
            self.parts[key].above.add(above)
            return
        part = self.parts[key] = DrawingPart(content, resources, above={above})
        self._enter(key, part)

    def _enter(self, key: Key, part: DrawingPart) -> None:
        """Record a part's fonts and everything it may draw."""
        resources = part.resources
        owner = _key(resources) or key
        named = entry(resources, "/Font")
        holder = _key(named) or owner
        for name, font in _entries(named):
            part.fonts[name] = self._font((holder, "F", name), font, key, resources)
        for name, drawn in (
            *_entries(entry(resources, "/XObject")),
            *_entries(entry(resources, "/Pattern")),
        ):
            self._wait((owner, "X", name), drawn, resources, key)
        for name, state in _entries(entry(resources, "/ExtGState")):
            way = (owner, "G", name)
            chosen = items(entry(state, "/Font"))
            if chosen and dictionary(chosen[0]) is not None:
                part.states[name] = self._font(way, chosen[0], key, resources)
            self._wait(way, entry(entry(state, "/SMask"), "/G"), resources, key)

    def _font(self, way: Key, font: Any, above: Key, resources: Any) -> Key:
        key: Key = key_of(font) or way
        if key in self.fonts or dictionary(font) is None:
            return key
        self.fonts[key] = font
        if name_of(entry(font, "/Subtype")) == "/Type3":
            own = entry(font, "/Resources")
            for name, glyph in _entries(entry(font, "/CharProcs")):
                self._wait((key, name), glyph, own if own is not None else resources, above)
        return key

    def shown(self, wanted: set[Key], bound: int) -> dict[Key, ShownStrings]:
        """Return the strings shown in each of the `wanted` fonts.

        Raises FileRefused for content of more than `bound` bytes.
        """
        found: dict[Key, ShownStrings] = {key: ShownStrings() for key in wanted}
        for key, part in self.parts.items():
            data = _content(part.content, bound)
            for font, text, visible in _texts(part, Stream(self._pdf, data), data):
                for one in wanted if font is None else {font} & wanted:
                    sure = visible and font is not None
                    (found[one].seen if sure else found[one].hidden)[key].add(text)
        return found


def _content(content: Any, bound: int) -> bytes:
    """Return the operators of a stream, or of a page, which may have several."""
    pieces = []
    parts = entry(content, "/Contents") if stream(content) is None else content
    for part in [parts, *items(parts)]:
        if stream(part) is not None:
            with contextlib.suppress(Damaged):
                pieces.append(decoded(part, bound))
                bound -= len(pieces[-1])
    return b"\n".join(pieces)


def _texts(
    part: DrawingPart, content: Stream, data: bytes
) -> Iterator[tuple[Key | None, bytes, bool]]:
    """Yield each string of a part, its font, and whether it is visible.

    The font is None if it is the caller's, or if the content cannot be parsed.
    """
    try:
        steps = pikepdf.parse_content_stream(content, _OPERATORS)
    except pikepdf.PdfError:
        yield from ((None, _string(found), True) for found in _STRING.finditer(data))
        return
    font: Key | None = None
    mode = 0
    saved: list[tuple[Key | None, int]] = []
    for step in steps:
        operator, operands = str(step.operator), list(step.operands)
        if operator == "q":
            saved.append((font, mode))
        elif operator == "Q":
            font, mode = saved.pop() if saved else (font, mode)
        elif not operands:
            continue
        elif operator == "Tf":
            font = part.fonts.get(raw_name(operands[0]), ())
        elif operator == "gs":
            font = part.states.get(raw_name(operands[0]), font)
        elif operator == "Tr":
            mode = int(number(operands[0]) or 0)
        else:
            for member in items(operands[-1]) or operands[-1:]:
                if isinstance(member, pikepdf.String):
                    yield font, bytes(member), mode not in _INVISIBLE


def _string(found: re.Match[bytes]) -> bytes:
    """Return what looks like a string in content that cannot be parsed."""
    if found.group(1) is not None:
        return _ESCAPE.sub(_unescaped, found.group(1))
    digits = re.sub(rb"\s", b"", found.group(2))
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))


def _unescaped(found: re.Match[bytes]) -> bytes:
    """Return what an escape in a literal string stands for (PDF 32000-1, 7.3.4.2).

    High bits beyond a byte are ignored, as is the backslash before any other character.
    """
    sign: bytes = found.group(1)
    if sign[:1] in b"01234567":
        return bytes([int(sign, 8) & 0xFF])
    return _ESCAPED.get(sign, sign)


def _key(value: Any) -> Key | None:
    return None if dictionary(value) is None else key_of(value)


def _entries(value: Any) -> list[tuple[bytes, Any]]:
    """Return the entries of a dictionary with names as bytes, because they need not be UTF-8."""
    if dictionary(value) is None:
        return []
    return [(key[1:].encode("utf-8", "surrogateescape"), found) for key, found in value.items()]


def _values(value: Any) -> list[Any]:
    return [found for _, found in _entries(value)]
