"""Assigns the text between two pieces of the form's wording to the answers there.

If the document keeps the form's cells, cells are counted. Otherwise the answer is what follows its
label in the same cell or, if nothing does, in the next. Text in no answer is returned as left over,
never dropped.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sjs_forms.word_import.form_pattern import (
    Element,
    Kind,
    Mark,
    Slot,
    Wording,
    is_tick,
    normalised,
    segments_of,
)
from sjs_forms.word_import.tick_boxes import leading_marks, trailing_marks
from sjs_forms.word_import.word_blocks import Block, Spot

_MOBILE = re.compile(r"(?:\+?86[- ]?)?1\d{10}")
_PHONE = re.compile(r"[\d+()（）\-—－转]{5,}")
_NUMBERS_APART = re.compile(r"\s*[/;；、，,\s]\s*")
_DATE = re.compile(r"\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?")


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a slot: its lines, its place, and whether that differs from the form."""

    lines: tuple[str, ...]
    spot: Spot
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Leftover:
    """Text in no answer. `after` is the form's wording before it, "" for none.

    It spans `count` blocks from `spot` on.
    """

    text: str
    spot: Spot
    after: str = ""
    count: int = 1


@dataclass(slots=True)
class Piece:
    """A block's part of a gap."""

    lines: list[str]
    spot: Spot

    @property
    def blank(self) -> bool:
        """Whether nothing is left of it."""
        return not any(line.strip() for line in self.lines)

    def take(self) -> list[str]:
        """Remove and return the lines that are not blank."""
        taken = [line.strip() for line in self.lines if line.strip()]
        self.lines = []
        return taken


def pieces_between(
    blocks: Sequence[Block], start: tuple[int, int], end: tuple[int, int]
) -> list[Piece]:
    """Return the blocks' parts between two places of a document."""
    pieces = []
    for number in range(start[0], end[0] + 1):
        text = blocks[number].text
        first = start[1] if number == start[0] else 0
        last = end[1] if number == end[0] else len(text)
        pieces.append(Piece(text[first:last].split("\n"), blocks[number].spot))
    return pieces


def assign_gap(
    gap: tuple[Element, ...], pieces: list[Piece], kind_of: Callable[[str], Kind]
) -> tuple[dict[str, Reading], tuple[Leftover, ...]]:
    """Return the answers in a gap by their path in the context, and what is left over.

    `pieces` are without the form's own punctuation; they are consumed.
    """
    segments = segments_of(gap)
    readings: dict[str, Reading] = {}
    slots = [element for element in gap if isinstance(element, Slot)]
    if slots and is_tick(slots[-1].path):
        near = next((piece for piece in reversed(pieces) if not piece.blank), pieces[-1])
        readings[slots.pop().path] = _tick(near)
    if len(slots) == 1:
        readings[slots[0].path] = _only_answer(slots[0], segments, pieces)
    elif slots and all(kind_of(slot.path) == "day" for slot in slots):
        readings.update(_days(slots, gap, pieces))
    elif slots:
        readings.update(_several(slots, segments, pieces))
    left = [piece for piece in pieces if not piece.blank]
    if not left:
        return readings, ()
    spot, count = left[0].spot, len(left)
    text = "\n".join(line for piece in left for line in piece.take())
    return readings, (Leftover(text, spot, count=count),)


def strip_marks(gap: tuple[Element, ...], pieces: list[Piece]) -> None:
    """Remove the form's own punctuation after one piece of wording and before the next."""
    segments = segments_of(gap)
    first, last = pieces[0], pieces[-1]
    if first.lines:
        marks = _marks_before(segments[0])
        written = first.lines[0]
        first.lines[0] = _without_leading(written, marks)
        if marks and first.lines[0] == written:
            first.lines[0] = _without_leading(written, ":")
    if last.lines and not any(_is_written(element) for element in segments[-1]):
        last.lines[-1] = _without_closing(last.lines[-1], _marks_after(segments[-1]))


def _is_written(element: Element) -> bool:
    return isinstance(element, Slot) and not is_tick(element.path)


def _marks_before(segment: list[Element]) -> str:
    """Return the marks before the first slot or line end of a segment."""
    marks = ""
    for element in segment:
        if not isinstance(element, Mark):
            break
        marks += element.text
    return marks


def _marks_after(segment: list[Element]) -> str:
    """Return the marks after the last slot or line end of a segment."""
    return _marks_before([*reversed(segment)])


def _without_leading(text: str, marks: str) -> str:
    for mark in marks:
        shorter = text.lstrip()
        if not shorter or normalised(shorter[0])[0] != mark:
            break
        text = shorter[1:]
    return text


def _without_closing(text: str, marks: str) -> str:
    return _without_leading(text[::-1], marks[::-1])[::-1]


def _tick(piece: Piece) -> Reading:
    """Return the tick box directly before the wording that follows."""
    if not piece.lines:
        return Reading((), piece.spot)
    rest, marks = trailing_marks(piece.lines[-1])
    if marks:
        piece.lines[-1] = rest.rstrip()
        stripped = [line for line in piece.lines if line.strip()]
        piece.lines = stripped
    return Reading((marks,) if marks else (), piece.spot)


def after_tick(piece: Piece) -> Reading:
    """Return the tick box directly after some wording, on forms whose boxes follow the choices."""
    marks, rest = leading_marks(piece.lines[0]) if piece.lines else ("", "")
    if marks:
        piece.lines[0] = rest
    return Reading((marks,) if marks else (), piece.spot)


def _only_answer(slot: Slot, segments: list[list[Element]], pieces: list[Piece]) -> Reading:
    """Return the only answer of a gap: from its block on the form, else from beside its label."""
    at = next(n for n, segment in enumerate(segments) if slot in segment)
    chosen = _choose(pieces, at)
    if chosen is None:
        return Reading((), pieces[min(at, len(pieces) - 1)].spot)
    piece = pieces[chosen]
    if chosen == 0 and at > 0:
        piece.lines[0] = _without_leading(piece.lines[0], ":")
    closing = _marks_before(segments[at][segments[at].index(slot) + 1 :])
    written = max((n for n, line in enumerate(piece.lines) if line.strip()), default=0)
    piece.lines[written] = _without_closing(piece.lines[written], closing)
    unsure = chosen != at and (
        sum(not other.blank for other in pieces) > 1
        or (at == 0 and piece.spot.row != pieces[0].spot.row)
        or not piece.spot.row
    )
    lines = piece.take()
    if slot.many and not piece.spot.row:
        for further in pieces[chosen + 1 :]:
            if further.spot.row:
                break
            lines += further.take()
    return Reading(tuple(lines), piece.spot, unsure)


def _choose(pieces: list[Piece], at: int) -> int | None:
    """Return the index of the piece with the answer that the form has in its `at`-th block."""
    if at < len(pieces) and not pieces[at].blank and _is_near(pieces, at, at):
        return at
    near = (n for n in range(len(pieces)) if not pieces[n].blank and _is_near(pieces, n, at))
    return next(near, None)


def _is_near(pieces: list[Piece], number: int, at: int) -> bool:
    """Return whether a piece is beside its label, or below it if the form has another
    block there.
    """
    label, here = pieces[0].spot, pieces[number].spot
    if not label.row:
        return number <= max(at, 1)
    if here.table != label.table or not here.row:
        return not here.row and at > 0 and number <= at
    return here.row - label.row <= (1 if at else 0)


def _days(slots: list[Slot], gap: tuple[Element, ...], pieces: list[Piece]) -> dict[str, Reading]:
    """Return several dates of one gap, each separate if the form's marks separate them."""
    spot = next((piece.spot for piece in pieces if not piece.blank), pieces[0].spot)
    text = " ".join(line for piece in pieces for line in piece.take())
    between = [
        element.text
        for index, element in enumerate(gap)
        if isinstance(element, Mark)
        and any(isinstance(e, Slot) for e in gap[:index])
        and any(isinstance(e, Slot) for e in gap[index:])
    ]
    parts = _parted(text, len(slots), between)
    return {
        slot.path: Reading((part.strip(),) if part.strip() else (), spot, unsure)
        for slot, (part, unsure) in zip(slots, parts, strict=True)
    }


def _parted(text: str, count: int, between: list[str]) -> list[tuple[str, bool]]:
    core, origins = normalised(text)
    for mark in dict.fromkeys([*between, "--", "至", "到", "~"]):
        if core.count(mark) == count - 1:
            cuts, at = [], 0
            for _ in range(count - 1):
                at = core.index(mark, at)
                cuts.append((origins[at], origins[at + len(mark) - 1] + 1))
                at += len(mark)
            ends = [0, *[end for _, end in cuts]], [*[start for start, _ in cuts], len(text)]
            return [(text[a:b], False) for a, b in zip(*ends, strict=True)]
    dates = _DATE.findall(text)
    if len(dates) == count:
        return [(date, False) for date in dates]
    return [(text, True), *[("", True)] * (count - 1)]


def _several(
    slots: list[Slot], segments: list[list[Element]], pieces: list[Piece]
) -> dict[str, Reading]:
    """Return several answers of one gap, each in a cell of its own; else all go to the first."""
    places = [next(n for n, segment in enumerate(segments) if slot in segment) for slot in slots]
    if len(pieces) == len(segments) and len(set(places)) == len(places):
        return {
            slot.path: Reading(tuple(pieces[at].take()), pieces[at].spot)
            for slot, at in zip(slots, places, strict=True)
        }
    written = [piece for piece in pieces if not piece.blank]
    if written and len(written) == len(slots):
        return {
            slot.path: Reading(tuple(piece.take()), piece.spot)
            for slot, piece in zip(slots, written, strict=True)
        }
    spot = written[0].spot if written else pieces[0].spot
    first = written[0].take() if written else []
    if first:
        first[0] = _without_leading(first[0], ":")
    numbers = _NUMBERS_APART.split(" ".join(first)) if first else []
    sorted_out = _numbers(slots, numbers)
    if sorted_out is not None:
        return {path: Reading((number,), spot) for path, number in sorted_out.items()} | {
            slot.path: Reading((), spot) for slot in slots if slot.path not in sorted_out
        }
    blank: tuple[str, ...] = ()
    return {
        slot.path: Reading(tuple(first) if slot is slots[0] else blank, spot, bool(first))
        for slot in slots
    }


def _numbers(slots: list[Slot], numbers: list[str]) -> dict[str, str] | None:
    """Split a mobile and a landline number written in one cell, by their format."""
    mobile = [number for number in numbers if _MOBILE.fullmatch(number)]
    other = [number for number in numbers if number not in mobile]
    if len(mobile) > 1 or len(other) > 1 or not all(map(_PHONE.fullmatch, numbers)):
        return None
    paths = [slot.path for slot in slots]
    ends = [path.rpartition(".")[2] for path in paths]
    if ends != ["mobile", "landline"]:
        return None
    made = zip(paths, (mobile, other), strict=True)
    return {path: found[0] for path, found in made if found}


def split_labels(wording: Wording, pieces: list[Piece]) -> dict[str, Reading]:
    """Return the answers of a label such as 手机/座机 whose halves each precede their answer.

    Removes them from the pieces. Empty unless all halves are there.
    """
    halves = wording.core.split("/")
    if len(halves) != len(wording.slots) or len(halves) < 2:
        return {}
    places: list[int] = []
    for half in halves:
        after = places[-1] + 1 if places else 0
        labelled = (n for n in range(after, len(pieces)) if _is_label(pieces[n], half))
        at = next(labelled, None)
        if at is None:
            return {}
        places.append(at)
    readings = {}
    for slot, half, at in zip(wording.slots, halves, places, strict=True):
        label = pieces[at].take()
        inline = label[0][len(half) :].lstrip("：: ") if len(label) == 1 else ""
        following = pieces[at + 1] if at + 1 < len(pieces) and at + 1 not in places else None
        lines = [inline] if inline else following.take() if following else []
        readings[slot.path] = Reading(tuple(lines), pieces[at].spot)
    return readings


def _is_label(piece: Piece, label: str) -> bool:
    text = normalised("".join(piece.lines))[0]
    return text in (label, f"{label}:") or text.startswith(f"{label}:")
