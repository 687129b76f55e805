"""The pattern of a notice's empty Word form: its wording in order, and the slots between.

Derived from the Word template, so that labels are defined in one place and another notice is only
another folder.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from sjs_forms.word_import.word_blocks import Block, DocumentText

Before = Literal["block", "line", "tick", "middle"]
"""What precedes some wording: nothing in its block, nothing on its line, a tick box, or text."""
After = Literal["block", "line", "middle"]

_TAG = re.compile(r"\{\{\s*([\w.\[\]]+)\s*\}\}")
_LOOP = re.compile(r"\{%p for (\w+) in ([\w.\[\]]+) %\}")
_LOOP_END = "{%p endfor %}"
_ROW_TAG = re.compile(r"\{%tr (if|else|endif)\b[^%]*%\}")
_IN_BRACKETS = re.compile(r"\([^()]*\)?")
_MIN_VARIANT = 3


Where = tuple[str | int, ...]
"""Keys and indices from the top of application.json."""

Kind = Literal["line", "paragraphs", "day", "area", "tick", "other", "derived"]
"""The kind of an answer, as far as its slot is concerned.

`other` means several answers in one line, `derived` a value computed from answers.
"""


@dataclass(frozen=True, slots=True)
class AnswerField:
    """An answer's kind, and its place in application.json."""

    kind: Kind
    place: Where


@dataclass(frozen=True, slots=True)
class TableField:
    """A table of rows: its place in application.json, and the slots that a row may have.

    The paths and places of `slots` begin within the row.
    """

    place: Where
    slots: Mapping[str, AnswerField]


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of an answer: its path in the context. `many` means a list of paragraphs."""

    path: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Punctuation of the form beside a slot, which people omit or write differently."""

    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a line in a block, or of the block."""

    of: Literal["line", "block"]


Element = Slot | Mark | Break


def segments_of(gap: Iterable[Element]) -> list[list[Element]]:
    """Return the elements of a gap, block by block."""
    segments: list[list[Element]] = [[]]
    for element in gap:
        if isinstance(element, Break) and element.of == "block":
            segments.append([])
        else:
            segments[-1].append(element)
    return segments


@dataclass(frozen=True, slots=True)
class Wording:
    """A piece of the form's own wording, and the elements from it to the next piece.

    `core` is searched for: normalised, without punctuation at its ends. `variants` are shorter ways
    to write it. `text` is for messages.
    """

    text: str
    core: str
    variants: tuple[str, ...]
    before: Before
    after: After
    gap: tuple[Element, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots of the gap."""
        return tuple(element for element in self.gap if isinstance(element, Slot))

    @property
    def free(self) -> bool:
        """Whether an answer directly precedes or follows it, with no punctuation between."""
        return bool(self.gap) and isinstance(self.gap[0], Slot)


@dataclass(frozen=True, slots=True)
class RowWording:
    """The form's own words at the start of a cell; `is_whole` if the cell has nothing else."""

    text: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class TablePattern:
    """A table whose row is repeated; `path` is its name in the context.

    `header` is the text of each cell in the row above, as returned by `table_pattern.header_key`.
    `columns` are the cells of the row: the form's own words and slots, whose paths begin within
    the row. `below` is the wording of each further row that the table has on the form.
    """

    path: str
    header: tuple[str, ...]
    columns: tuple[tuple[Slot | str, ...], ...]
    below: tuple[tuple[RowWording, ...], ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One form: its wording in order, and its tables whose row is repeated.

    `choices` is the wording after each tick box.
    """

    form: str
    wordings: tuple[Wording, ...]
    choices: dict[str, str]
    slots: Mapping[str, AnswerField]
    tables: tuple[TablePattern, ...] = ()

    def kind_of(self, path: str) -> Kind:
        """Return the kind of answer in a slot. Raises KeyError for an unknown path."""
        return self.slots[path].kind


class BadTemplate(ValueError):
    """Raised for a Word template that cannot be read back."""


def pattern_of(
    form: str,
    template: DocumentText,
    known: Mapping[str, AnswerField],
    tables: tuple[TablePattern, ...] = (),
) -> Pattern:
    """Return the pattern of a form from its Word template, without the rows of its `tables`.

    `known` are the slots that it may have. Raises BadTemplate.
    """
    stream = _stream(replace(template, blocks=tuple(first_of_each(template.blocks))))
    starts = [index for index, element in enumerate(stream) if isinstance(element, _FixedText)]
    if any(isinstance(element, Slot) for element in stream[: starts[0] if starts else None]):
        raise BadTemplate("第一处填写之前没有任何文字。")
    wordings = []
    choices: dict[str, str] = {}
    for index, following in zip(starts, [*starts[1:], len(stream)], strict=True):
        text = stream[index]
        assert isinstance(text, _FixedText)
        gap = tuple(e for e in stream[index + 1 : following] if not isinstance(e, _FixedText))
        before = _before(stream, index)
        previous = stream[index - 1] if index else None
        if before == "tick" and isinstance(previous, Slot):
            choices[previous.path] = re.split("[，（,(]", text.text)[0]
        wordings.append(
            Wording(text.text, text.core, _variants(text.core), before, _after(gap), gap)
        )
    paths = [slot.path for wording in wordings for slot in wording.slots]
    twice = sorted({path for path in paths if paths.count(path) > 1})
    if twice:
        raise BadTemplate(f"同一项填写出现了两次：{'、'.join(twice)}。")
    return Pattern(form, tuple(wordings), choices, known, tables)


def first_of_each(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks without rows that replace others when an answer is long."""
    kept = True
    for block in blocks:
        tag = _ROW_TAG.fullmatch(block.text.strip())
        if tag:
            kept = tag[1] != "else"
        elif kept:
            yield block


@dataclass(frozen=True, slots=True)
class _FixedText:
    """Fixed text, before it becomes a Wording."""

    text: str
    core: str


def normalised(text: str) -> tuple[str, list[int]]:
    """Return normalised text, and for each of its characters its index in `text`.

    Whitespace and invisible characters are removed; full-width forms become half-width.
    """
    folded: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        simple = _folded(character)
        folded.append(simple)
        origins += [index] * len(simple)
    return "".join(folded), origins


@cache
def _folded(character: str) -> str:
    return "".join(
        _SAME.get(simple, simple)
        for simple in unicodedata.normalize("NFKC", character)
        if not simple.isspace() and unicodedata.category(simple) not in ("Cf", "Cc")
    )


_SAME = {"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "―": "-"}


def squeezed(text: str) -> str:
    """Return normalised text."""
    return normalised(text)[0]


def _stream(template: DocumentText) -> list[Element | _FixedText]:
    """Return the template as one sequence. A block of nothing but wording is one piece."""
    stream: list[Element | _FixedText] = []
    for number, block in enumerate(template.blocks):
        if number:
            stream.append(Break("block"))
        lines = with_loops(block)
        if not any(isinstance(part, Slot) for line in lines for part in line):
            stream += _parts("\n".join(block.lines))
            continue
        for index, line in enumerate(lines):
            if index:
                stream.append(Break("line"))
            for part in line:
                stream += [part] if isinstance(part, Slot) else _parts(part)
    return stream


def with_loops(block: Block) -> list[list[Slot | str]]:
    """Return lines of wording and slots, with each loop over paragraphs as one slot."""
    lines: list[list[Slot | str]] = []
    variable, looping = "", ""
    for line in block.lines:
        loop = _LOOP.search(line)
        if loop:
            variable, looping = loop[1], loop[2]
        elif _LOOP_END in line:
            variable = looping = ""
        else:
            pieces = _TAG.split(line)
            made: list[Slot | str] = []
            for index, piece in enumerate(pieces):
                if index % 2 and looping and piece == variable:
                    made.append(Slot(looping, many=True))
                elif index % 2:
                    made.append(Slot(piece))
                elif piece.strip():
                    made.append(piece)
            lines.append(made)
    return lines


def _parts(text: str) -> list[Element | _FixedText]:
    """Split punctuation off the ends of wording, as marks."""
    core, origins = normalised(text)
    inside = [index for index, character in enumerate(core) if character.isalnum()]
    if not inside:
        return [Mark(core)] if core else []
    first, last = inside[0], inside[-1]
    parts: list[Element | _FixedText] = []
    if first:
        parts.append(Mark(core[:first]))
    shown = " ".join(text[origins[first] : origins[last] + 1].split())
    parts.append(_FixedText(shown, core[first : last + 1]))
    if last + 1 < len(core):
        parts.append(Mark(core[last + 1 :]))
    return parts


def _before(stream: list[Element | _FixedText], index: int) -> Before:
    own_line: list[Element | _FixedText] = []
    for element in reversed(stream[:index]):
        if isinstance(element, Break):
            if not any(isinstance(part, Slot | _FixedText) for part in own_line):
                return "block" if element.of == "block" else "line"
            break
        own_line.append(element)
    else:
        if not any(isinstance(part, Slot | _FixedText) for part in own_line):
            return "block"
    tick = own_line[0] if own_line else None
    return "tick" if isinstance(tick, Slot) and is_tick(tick.path) else "middle"


def _after(gap: tuple[Element, ...]) -> After:
    for element in gap:
        if isinstance(element, Break):
            return element.of
        if isinstance(element, Slot):
            return "middle"
    return "block"


def is_tick(path: str) -> bool:
    """Return whether a path of the context is a tick box."""
    return path.endswith(".tick")


def _variants(core: str) -> tuple[str, ...]:
    bare = _IN_BRACKETS.sub("", core)
    return (bare,) if bare != core and len(bare) >= _MIN_VARIANT else ()
