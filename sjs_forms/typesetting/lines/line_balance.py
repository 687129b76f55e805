"""Balances the lines of titles and short answers: as few as possible, broken between words.

WeasyPrint supports neither `text-wrap: balance` nor `word-break: keep-all`. Pure; widths in em.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from math import ceil, inf

from sjs_forms.typesetting.lines.chinese_words import words
from sjs_forms.typesetting.lines.line_breaks import NEVER_FIRST, NEVER_LAST
from sjs_forms.typesetting.lines.text_widths import Typeface, width

MAX_BALANCED = 12
"""A text of more lines than this is not a title; its lines are filled one after the other."""
_SEARCHED = 6
"""How many characters before the end of a line a long word may be broken instead."""
_AIR = 0.01
"""Tolerance in em, because layout rounds to other units."""
_STOPS = frozenset("、，；：。！？）》〉】〕”’")
_OPENING, _CLOSING = frozenset("（(《〈【〔[“‘"), frozenset("）)》〉】〕]”’")
_LINKS = frozenset(("和", "与", "及", "或", "并", "至", "以及"))
_PLAIN, _AFTER_LINK, _WITHIN = 24.0, 48.0, 24.0
"""Cost of a line end that is not after punctuation: between words, after 和 and similar words, and
in addition within brackets. In squared em, as raggedness: to end at punctuation, a line may be
about 5 em off.
"""


@lru_cache(maxsize=1024)
def balanced_lines(
    text: str,
    face: Typeface,
    measure: float,
    last: float = inf,
    first: float = inf,
    cut: Callable[[str], Sequence[str]] = words,
) -> tuple[str, ...]:
    """Return the text in lines no wider than `measure`, without spaces at their ends.

    The last line is no wider than `last`. The first is no wider than `first`, because something
    precedes it, and empty if no word fits. A word longer than a line is broken. `cut` splits text
    into words.
    """
    text = text.strip()
    bounds = _Bounds(max(min(first, measure) - _AIR, 0), measure - _AIR, min(last, measure) - _AIR)
    if not text or width(text, face) <= min(bounds.first, bounds.last):
        return (text,)
    parts = tuple(_parts(cut(text), face, bounds))
    return tuple("".join(parts[i:j]).strip() for i, j in _Setting(parts, face, bounds).lines())


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Maximum widths of the first, the inner and the last lines."""

    first: float
    inner: float
    last: float


def _parts(words: Sequence[str], face: Typeface, bounds: _Bounds) -> Iterator[str]:
    """Yield the words; those wider than a line in pieces."""
    *others, final = words
    for word in others:
        yield from _pieces(word, face, bounds.inner)
    yield from _pieces(final, face, bounds.last)


def _pieces(word: str, face: Typeface, measure: float) -> Iterator[str]:
    """Yield the word, in pieces if it is wider than a line.

    Pieces of Chinese have about the same length. Latin fills its lines, as in Word.
    """
    whole = width(word.rstrip(), face)
    if whole <= measure:
        yield word
        return
    most = measure if word.isascii() else min(measure, whole / ceil(whole / measure) + 1)
    begin, filled = 0, 0.0
    for at, character in enumerate(word):
        filled += width(character, face)
        if filled > most and at > begin:
            end = _legal_end(word, begin, at)
            yield word[begin:end]
            begin, filled = end, width(word[end : at + 1], face)
    yield word[begin:]


def _legal_end(word: str, begin: int, end: int) -> int:
    """Return the last legal line end up to `end`, if one is near."""
    for place in range(end, max(begin, end - _SEARCHED), -1):
        if word[place] not in NEVER_FIRST and word[place - 1] not in NEVER_LAST:
            return place
    return end


class _Setting:
    """Arranges parts in lines. A line is a pair of indices: its begin and its end."""

    def __init__(self, parts: tuple[str, ...], face: Typeface, bounds: _Bounds) -> None:
        self._parts, self._bounds = parts, bounds
        self._ends = [0.0, *accumulate(width(part, face) for part in parts)]
        bare = (width(part.rstrip(), face) for part in parts)
        self._bare_ends = [0.0, *(a + b for a, b in zip(self._ends, bare, strict=False))]

    def lines(self) -> list[tuple[int, int]]:
        """Return as few lines as the bounds allow, balanced unless they are many."""
        count = min(self._needed[end] + 1 for end in self._possible(0, True))
        if self._width(0, len(self._parts)) <= min(self._bounds.first, self._bounds.last):
            count = 1
        return self._even(count) if count <= MAX_BALANCED else self._filled(count)

    def _width(self, begin: int, end: int) -> float:
        return self._bare_ends[end] - self._ends[begin] if end > begin else 0.0

    def _possible(self, begin: int, is_first: bool) -> Iterator[int]:
        """Yield the possible ends of a line that is not the last, the nearest first."""
        bound = self._bounds.first if is_first else self._bounds.inner
        for end in range(begin if is_first else begin + 1, len(self._parts)):
            if self._width(begin, end) > bound:
                return
            yield end

    @cached_property
    def _needed(self) -> list[float]:
        """The minimum number of lines for the parts from each index on."""
        needed = [inf] * (len(self._parts) + 1)
        for begin in range(len(self._parts) - 1, -1, -1):
            if self._width(begin, len(self._parts)) <= self._bounds.last:
                needed[begin] = 1
            else:
                ends = self._possible(begin, False)
                needed[begin] = 1 + min((needed[end] for end in ends), default=inf)
        return needed

    def _filled(self, count: float) -> list[tuple[int, int]]:
        """Fill each line as far as the number of lines allows."""
        found: list[tuple[int, int]] = []
        begin = 0
        while count > 1:
            ends = self._possible(begin, not found)
            end = max(end for end in ends if self._needed[end] <= count - 1)
            found.append((begin, end))
            begin, count = end, count - 1
        return [*found, (begin, len(self._parts))]

    def _even(self, count: float) -> list[tuple[int, int]]:
        """Return the lines that differ least in length and end at the best places."""
        before = self._bounds.inner - self._bounds.first
        target = (before + self._width(0, len(self._parts))) / count
        # For each index reached by `number` lines: the cost, and the lines.
        reached: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
        for number in range(1, int(count)):
            onwards: dict[int, tuple[float, list[tuple[int, int]]]] = {}
            for begin, (cost, lines) in reached.items():
                for end in self._possible(begin, number == 1):
                    if self._needed[end] > count - number:
                        continue
                    wide = self._width(begin, end) + (before if number == 1 else 0.0)
                    whole = cost + (wide - target) ** 2 + self._end_costs[end]
                    if end not in onwards or whole < onwards[end][0]:
                        onwards[end] = (whole, [*lines, (begin, end)])
            reached = onwards
        _, (_, lines) = min(
            (cost + (self._width(begin, len(self._parts)) - target) ** 2, (begin, lines))
            for begin, (cost, lines) in reached.items()
        )
        return [*lines, (lines[-1][1] if lines else 0, len(self._parts))]

    @cached_property
    def _end_costs(self) -> list[float]:
        """The cost of ending a line before each part."""
        costs, depth = [0.0], 0
        for part in self._parts:
            depth += sum((c in _OPENING) - (c in _CLOSING) for c in part)
            bare = part.rstrip()
            cost = _AFTER_LINK if bare in _LINKS else 0.0 if bare[-1:] in _STOPS else _PLAIN
            costs.append(cost + (_WITHIN if depth > 0 else 0.0))
        return costs
