"""The text of a page in one piece, from which the place of each part is found again."""

import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, islice

from sjs_forms.base.usual_characters import usual_characters
from sjs_forms.reading.facts import Fact, FactKind, FactSource
from sjs_forms.reading.pages.page_words import Box, ReadPage, Word
from sjs_forms.reading.pages.text_lines import lines

_DOTS = str.maketrans(dict.fromkeys("•‧・∙⋅", "·"))
_BELOW = 1.6
"""Distance of a line's middle from that of the one before, in its heights, within a paragraph."""
_ON_LINE, _AS_LEVEL = 0.8, 0.35
"""Distance of the middles of two words on one line, in heights of the lower one; and by how much
one may be further from a label's level than the nearest.
"""
_SPACING = 4.0
"""Widest gap between the letters of a label, in heights."""
_SPACED = re.compile(r"[\u4e00-\u9fff]{2}")
_MOST_TEXT, _MOST_LABELS = 20_000, 50
"""Characters of a page that are searched, and labels of one kind."""
_APART = 0.45
"""Share of the page's width that may lie between a label and its value."""


def plain(text: str) -> str:
    """Return text without spaces, full-width letters, digits and brackets as half-width.

    Underlines are left out too: they are the blanks of a form that was filled in. Radicals become
    ideographs (see `usual_characters`), and the dots between parts of a name one dot.
    """
    plain = unicodedata.normalize("NFKC", usual_characters(text)).translate(_DOTS)
    return "".join(plain.replace("_", "").split())


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a page's text, where it stands, and what follows it."""

    text: str
    box: Box
    after: str = ""


@dataclass(frozen=True, slots=True)
class PlainWord:
    """A word's plain text, its place on the page, and that place if lines were level."""

    text: str
    word: Word
    level: Word


@dataclass(frozen=True)
class PageText:
    """The words of a page, and its text without spaces in the order in which it is read."""

    reading: ReadPage

    @property
    def source(self) -> FactSource:
        """Where the text comes from."""
        return "text" if self.reading.source == "text" else "ocr"

    @cached_property
    def words(self) -> tuple[PlainWord, ...]:
        """The words as they are read; letters set apart (名　　称) are one word."""
        slope = math.tan(math.radians(self.reading.quality.skew))
        placed = [
            PlainWord(text, word, _levelled(word, slope))
            for word in self.reading.words
            if (text := plain(word.text))
        ]
        if slope:
            placed = [one for line in lines(placed, lambda each: each.level) for one in line]
        found: list[PlainWord] = []
        for one in placed:
            if found and _are_letters(found[-1], one):
                found[-1] = _joined(found[-1], one)
            else:
                found.append(one)
        return tuple(found)

    @cached_property
    def text(self) -> str:
        """All words, one after the other; of a page with very much text, its beginning."""
        return "".join(one.text for one in self.words)[:_MOST_TEXT]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(one.text) for one in self.words)]

    def part(self, start: int, end: int) -> Found:
        """Return the part of the text between two places."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, max(start, end - 1)) - 1
        touched = [one.word for one in self.words[first : last + 1]]
        return Found(self.text[start:end], _around(touched), self.text[end : end + 30])

    def matches(self, pattern: re.Pattern[str], group: int | str = 1) -> Iterator[Found]:
        """Yield the group of each match in the text."""
        for match in pattern.finditer(self.text):
            if match[group]:
                yield self.part(*match.span(group))

    def word_matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Found]]:
        """Yield each match that lies within one word, and its first group."""
        for one in self.words:
            for match in pattern.finditer(one.text):
                yield match, Found(match[1], one.word.box, one.text[match.end(1) :])

    def within_words(self, pattern: re.Pattern[str]) -> Iterator[Found]:
        """Yield the first group of each match that lies within one word."""
        return (found for _, found in self.word_matches(pattern))

    def labelled(self, label: re.Pattern[str]) -> Iterator[Found]:
        """Yield what stands after a label: in the same word, else in the next one on its line.

        `label` must match from a word's start; what it leaves of the word is the value.
        """
        for one, match in islice(self._labels(label), _MOST_LABELS):
            rest = one.text[match.end() :].lstrip(":")
            if rest:
                yield Found(rest, one.word.box, self._below(one))
            elif (right := self._right_of(one)) is not None:
                yield Found(right.text, right.word.box, self._below(right))

    def _labels(self, label: re.Pattern[str]) -> Iterator[tuple[PlainWord, re.Match[str]]]:
        return ((one, match) for one in self.words if (match := label.match(one.text)))

    def below(self, label: re.Pattern[str]) -> Iterator[Found]:
        """Yield what stands under a label that has nothing beside it, as where one signs."""
        for one, match in islice(self._labels(label), _MOST_LABELS):
            if one.text[match.end() :].strip(":"):
                continue
            beside, below = self._right_of(one), self._below(one)
            if below and (beside is None or beside.text.endswith(":")):
                yield Found(below, one.word.box)

    def _right_of(self, one: PlainWord) -> PlainWord | None:
        """Return the next word on the same line."""
        beside = [
            other
            for other in self.words
            if other.level.left >= one.level.right - 1
            and other.level.left - one.level.right < _APART * self.reading.width
            and _on_one_line(one, other)
        ]
        nearest = min((_apart(one, other) for other in beside), default=0.0)
        furthest = nearest + _AS_LEVEL * one.level.height
        best = [other for other in beside if _apart(one, other) <= furthest]
        return min(best, key=lambda other: other.level.left, default=None)

    def _below(self, one: PlainWord) -> str:
        """Return the text below a word that may go on with it: in the same column."""
        level, high = one.level, one.level.height
        below = [
            other
            for other in self.words
            if 0.5 * high < other.level.middle - level.middle < _BELOW * high + 4
            and other.level.left < level.right
            and other.level.right > level.left - 6 * high
        ]
        nearest = min(below, key=lambda other: abs(other.level.left - level.left), default=None)
        return nearest.text if nearest else ""

    def fact(self, kind: FactKind, found: Found, verified: bool = False) -> Fact:
        """Return what was found as a fact of this page."""
        proven = verified or self.source == "text"
        return Fact(kind, found.text, self.reading.page, found.box, self.source, proven)


def _levelled(word: Word, slope: float) -> Word:
    """Return a word's place on a page whose lines go down by `slope` to the right, set level.

    The box of a sloping line is higher than the line.
    """
    down = slope * (word.left + word.right) / 2
    spare = min(abs(slope) * (word.right - word.left), 0.6 * word.height) / 2
    return replace(word, top=word.top - down + spare, bottom=word.bottom - down - spare)


def _around(words: Sequence[Word]) -> Box:
    return (
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
    )


def _apart(one: PlainWord, other: PlainWord) -> float:
    return abs(one.level.middle - other.level.middle)


def _on_one_line(one: PlainWord, other: PlainWord) -> bool:
    """Return whether two words may stand on one line, which on a photograph slopes a little."""
    return _apart(one, other) < _ON_LINE * min(one.level.height, other.level.height)


def _are_letters(one: PlainWord, other: PlainWord) -> bool:
    """Return whether two single characters are letters of one word that was set apart."""
    return (
        len(one.text) == len(other.text) == 1
        and _SPACED.fullmatch(one.text + other.text) is not None
        and 0 <= other.level.left - one.level.right < _SPACING * one.level.height
        and _on_one_line(one, other)
    )


def _joined(one: PlainWord, other: PlainWord) -> PlainWord:
    text = one.text + other.text
    word = Word(text, *_around([one.word, other.word]))
    return PlainWord(text, word, Word(text, *_around([one.level, other.level])))
