"""Finds a form's wording in a document, even if the document has moved it.

Every piece of wording has candidates, each scored by how much it looks like a label rather than a
word in an answer. Of all chains of candidates in the form's order the best is chosen; a chain that
keeps the form's own cells and lines scores higher, so in one of our forms no text of an answer is
taken for a label. Wording out of order is searched afterwards.
"""

import bisect
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sjs_forms.word_import.form_pattern import (
    After,
    Before,
    Break,
    Element,
    Pattern,
    Slot,
    Wording,
    normalised,
    segments_of,
    squeezed,
)
from sjs_forms.word_import.tick_boxes import only_marks, trailing_marks
from sjs_forms.word_import.word_blocks import Block

_WHOLE, _VARIANT, _AS_EXPECTED, _SAME_STRUCTURE, _HINTED = 20, 12, 6, 8, 1
_MAX_CANDIDATES = 48
"""Limit per piece of wording; an answer may repeat a label any number of times."""
_NEAR = 120
"""Characters before and after wording, on its line, that are examined."""
_LONG = 12
"""Wording of at least this many characters counts as the form's at any position."""
_SET_APART = re.compile(r"(\t|\s{2,}|\u3000)\s*$")
_ENOUGH = 0.5
"""Share of a form's wording that must be found for a document to be that form."""

Place = tuple[int, int]
"""A block's index and an offset in its text."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundWording:
    """A piece of wording found in a document. `wording` is its index in the pattern.

    `start` and `end` are offsets in the text of the block. `as_expected` means that it is placed as
    on the form: alone in its cell, or first on its line.
    """

    wording: int
    block: int
    start: int
    end: int
    score: int
    as_expected: bool

    @property
    def begins(self) -> Place:
        """Where it begins."""
        return self.block, self.start

    @property
    def ends(self) -> Place:
        """Where the text after it begins."""
        return self.block, self.end


@dataclass(frozen=True, slots=True)
class Text:
    """A block's text, raw and normalised.

    `first` and `last` are the offsets of its first letter or digit and its last visible character.
    """

    raw: str
    core: str
    origins: tuple[int, ...]
    first: int
    last: int


def texts_of(blocks: tuple[Block, ...]) -> tuple[Text, ...]:
    """Return the texts of all blocks, computed once for all alignments."""
    made = []
    for block in blocks:
        raw = block.text
        core, origins = normalised(raw)
        first = next((n for n, character in enumerate(raw) if character.isalnum()), len(raw))
        made.append(Text(raw, core, tuple(origins), first, len(raw.rstrip()) - 1))
    return tuple(made)


def align(
    pattern: Pattern, texts: tuple[Text, ...], hints: Mapping[str, str]
) -> tuple[FoundWording, ...]:
    """Return the form's wording found in the document, in its order; none in another document.

    `hints` are known answers by their path in the context: if wording could end an answer at
    several places, the place that gives the known answer is preferred.
    """
    candidates = [_candidates(index, w, texts) for index, w in enumerate(pattern.wordings)]
    if sum(map(bool, candidates)) < _ENOUGH * len(candidates):
        return ()
    chain = _best_chain(pattern, candidates, texts, hints)
    return _with_displaced(chain, candidates)


def is_form(pattern: Pattern, found: tuple[FoundWording, ...]) -> bool:
    """Return whether enough of a form's wording was found for the document to be this form."""
    return len(found) >= _ENOUGH * len(pattern.wordings)


def _candidates(index: int, wording: Wording, texts: tuple[Text, ...]) -> list[FoundWording]:
    made: list[FoundWording] = []
    for number, text in enumerate(texts):
        taken: list[tuple[int, int]] = []
        for core in (wording.core, *wording.variants):
            for at in _occurrences(text.core, core):
                start, end = text.origins[at], text.origins[at + len(core) - 1] + 1
                if any(first <= start < last for first, last in taken):
                    continue
                taken.append((start, end))
                found = _judged(index, wording, text, number, (start, end))
                made += [found] if found else []
    if len(made) > _MAX_CANDIDATES:
        best = sorted(made, key=lambda found: -found.score)
        equal = [found for found in best if found.score == best[0].score]
        half = _MAX_CANDIDATES // 2
        kept = {*best[:half], *equal[:half], *equal[-half:]}
        made = [found for found in made if found in kept]
    return made


def _occurrences(text: str, core: str) -> list[int]:
    """Return where some wording occurs; if very often, only the first and last occurrences."""
    found = []
    at = text.find(core)
    while at >= 0:
        found.append(at)
        at = text.find(core, at + 1)
    if len(found) > 2 * _MAX_CANDIDATES:
        return found[:_MAX_CANDIDATES] + found[-_MAX_CANDIDATES:]
    return found


def _judged(
    index: int, wording: Wording, text: Text, block: int, span: tuple[int, int]
) -> FoundWording | None:
    """Return the occurrence with its score, or None if it is only a word in a sentence."""
    start, end = span
    before, after = _stands_before(text, start), _stands_after(text, end)
    if not _may_begin(wording, text.raw, start, before):
        return None
    if not _may_end(wording, text.raw, end, after):
        return None
    is_whole = squeezed(text.raw[start:end]) == wording.core
    good_before = wording.before == "middle" or before == wording.before
    good_after = wording.after == "middle" or after == wording.after or after == "block"
    score = (_WHOLE if is_whole else _VARIANT) + _AS_EXPECTED * (good_before + good_after)
    set_apart = bool(_SET_APART.search(text.raw[max(0, start - _NEAR) : start]))
    return FoundWording(
        index, block, start, end, score, before != "middle" or good_before or set_apart
    )


def _stands_before(text: Text, start: int) -> Before:
    begin = text.raw.rfind("\n", 0, start) + 1
    if start - begin > _NEAR:
        return "middle"
    line = text.raw[begin:start]
    if not any(map(str.isalnum, line)):
        if any(only_marks(character) for character in line if not character.isspace()):
            return "tick"
        return "line" if text.first < start else "block"
    return "tick" if only_marks(line) else "middle"


def _stands_after(text: Text, end: int) -> After:
    stop = text.raw.find("\n", end)
    line = text.raw[end : stop if stop >= 0 else None]
    if len(line) > _NEAR:
        return "middle"
    if any(map(str.isalnum, line)) or any(only_marks(c) for c in line if not c.isspace()):
        return "middle"
    return "line" if 0 <= stop < text.last else "block"


def _may_begin(wording: Wording, raw: str, start: int, before: Before) -> bool:
    if before != "middle" or len(wording.core) >= _LONG:
        return True
    if wording.before in ("block", "line"):
        return bool(_SET_APART.search(raw[max(0, start - _NEAR) : start]))
    if wording.before == "middle" or not raw[start - 1].isalnum():
        return True
    line = raw[max(raw.rfind("\n", 0, start) + 1, start - _NEAR) : start]
    return bool(trailing_marks(line)[1])


def _may_end(wording: Wording, raw: str, end: int, after: After) -> bool:
    if after != "middle" or len(wording.core) >= _LONG or wording.free:
        return True
    return not raw[end].isalnum()


def _best_chain(
    pattern: Pattern,
    candidates: list[list[FoundWording]],
    texts: tuple[Text, ...],
    hints: Mapping[str, str],
) -> list[FoundWording]:
    """Return the chain of candidates, at most one per wording, with the highest score."""
    total: dict[FoundWording, int] = {}
    came: dict[FoundWording, FoundWording | None] = {}
    leaders = _BestChains()
    for index, ours in enumerate(candidates):
        earlier = candidates[index - 1] if index else []
        wording = pattern.wordings[index - 1] if index else None
        for found in ours:
            previous = leaders.before(found)
            best = total[previous] if previous else 0
            if not index and found.block == 0:
                best += _SAME_STRUCTURE
            for near in earlier:
                if wording and near.ends <= found.begins:
                    joined = total[near] + _bonus(wording, near, found, texts, hints)
                    if joined > best:
                        previous, best = near, joined
            total[found] = best + found.score
            if index == len(candidates) - 1:
                total[found] += _ending(pattern.wordings[-1], found, texts)
            came[found] = previous
        for found in ours:
            leaders.add(found, total)
    return _traced(total, came)


class _BestChains:
    """The best chain that ends at or before each place where a candidate ends."""

    def __init__(self) -> None:
        self._ends: list[Place] = []
        self._found: list[FoundWording] = []

    def before(self, found: FoundWording) -> FoundWording | None:
        """Return the end of the best chain that ends before this candidate begins."""
        at = bisect.bisect_right(self._ends, found.begins)
        return self._found[at - 1] if at else None

    def add(self, found: FoundWording, total: Mapping[FoundWording, int]) -> None:
        """Add a candidate whose total score is known."""
        at = bisect.bisect_right(self._ends, found.ends)
        if at and total[self._found[at - 1]] >= total[found]:
            return
        behind = at
        while behind < len(self._found) and total[self._found[behind]] <= total[found]:
            behind += 1
        self._ends[at:behind] = [found.ends]
        self._found[at:behind] = [found]


def _traced(
    total: Mapping[FoundWording, int], came: Mapping[FoundWording, FoundWording | None]
) -> list[FoundWording]:
    chain: list[FoundWording] = []
    last = max(total, key=lambda found: total[found], default=None)
    while last is not None:
        chain.append(last)
        last = came[last]
    return chain[::-1]


def _bonus(
    wording: Wording,
    before: FoundWording,
    after: FoundWording,
    texts: tuple[Text, ...],
    hints: Mapping[str, str],
) -> int:
    """Return the bonus for two neighbours placed as on the form."""
    if not _as_on_form(wording.gap, before.ends, after.begins, texts):
        return 0
    hinted = 0
    if before.block == after.block and len(wording.slots) == 1:
        hint = hints.get(wording.slots[0].path)
        if hint is not None:
            between = squeezed(texts[before.block].raw[before.end : after.start])
            hinted = _HINTED * (between == _marked(wording.gap, hint))
    return _SAME_STRUCTURE + hinted


def _marked(gap: tuple[Element, ...], answer: str) -> str:
    """Return the gap with the answer in it, normalised."""
    text = ""
    for element in gap:
        text += answer if isinstance(element, Slot) else getattr(element, "text", "")
    return squeezed(text)


def _ending(wording: Wording, found: FoundWording, texts: tuple[Text, ...]) -> int:
    last = len(texts) - 1
    end = (last, len(texts[last].raw))
    return _SAME_STRUCTURE if _as_on_form(wording.gap, found.ends, end, texts) else 0


def _as_on_form(
    gap: tuple[Element, ...], start: Place, end: Place, texts: tuple[Text, ...]
) -> bool:
    """Return whether a stretch of the document has the blocks and lines of a gap of the form."""
    segments = segments_of(gap)
    if end[0] - start[0] != len(segments) - 1:
        return False
    if start[0] == end[0]:
        pieces = [(segments[0], texts[start[0]].raw[start[1] : end[1]])]
    else:
        pieces = [
            (segments[0], texts[start[0]].raw[start[1] :]),
            (segments[-1], texts[end[0]].raw[: end[1]]),
        ]
    return all(_same_lines(segment, piece) for segment, piece in pieces)


def _same_lines(segment: list[Element], piece: str) -> bool:
    if any(isinstance(element, Slot) and element.many for element in segment):
        return True
    expected = sum(isinstance(element, Break) for element in segment)
    return piece.count("\n") == expected


def _with_displaced(
    chain: list[FoundWording], candidates: list[list[FoundWording]]
) -> tuple[FoundWording, ...]:
    """Return the chain with wording that is out of the form's order but alone in its cell."""
    placed = sorted(chain, key=lambda found: found.begins)
    known = {found.wording for found in chain}
    for index, ours in enumerate(candidates):
        if index in known:
            continue
        free = [found for found in ours if found.as_expected and _is_free(found, placed)]
        best = max((found.score for found in free), default=0)
        best_ones = [found for found in free if found.score == best]
        if len(best_ones) == 1 and best >= _WHOLE + _AS_EXPECTED:
            bisect.insort(placed, best_ones[0], key=lambda found: found.begins)
    return tuple(placed)


def _is_free(found: FoundWording, placed: list[FoundWording]) -> bool:
    at = bisect.bisect_left(placed, found.begins, key=lambda other: other.begins)
    before = placed[at - 1] if at else None
    after = placed[at] if at < len(placed) else None
    return (before is None or before.ends <= found.begins) and (
        after is None or found.ends <= after.begins
    )
