"""The text of a page in one piece, from which the place of each part is found again."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from sjs_forms.reading.facts import Box, Fact, FactKind, FactSource
from sjs_forms.reading.page_words import PageReading, Word

_BELOW = 1.6
"""Distance of a line's middle from that of the one before, in its heights, within a paragraph."""
_ON_LINE, _AS_LEVEL = 0.8, 0.35
"""Distance of the middles of two words on one line, in heights of the lower one; and by how much
one may be further from a label's level than the nearest.
"""
_SPACING = 4.0
"""Widest gap between the letters of a label, in heights."""
_SPACED = re.compile(r"[\u4e00-\u9fff]{2}")
_APART = 0.45
"""Share of the page's width that may lie between a label and its value."""


def plain(text: str) -> str:
    """Return text without spaces, full-width letters, digits and brackets as half-width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a page's text, where it stands, and what follows it."""

    text: str
    box: Box
    after: str = ""


@dataclass(frozen=True)
class PageText:
    """The words of a page, and its text without spaces in the order in which it is read."""

    reading: PageReading

    @property
    def source(self) -> FactSource:
        """Where the text comes from."""
        return "text" if self.reading.source == "text" else "ocr"

    @cached_property
    def words(self) -> tuple[tuple[str, Word], ...]:
        """The words with their plain text; letters set apart (名　　称) are one word."""
        found: list[tuple[str, Word]] = []
        for word in self.reading.words:
            text = plain(word.text)
            if text and found and _is_letter(found[-1], (text, word)):
                before, first = found[-1]
                found[-1] = before + text, _joined(first, word)
            elif text:
                found.append((text, word))
        return tuple(found)

    @cached_property
    def text(self) -> str:
        """All words, one after the other."""
        return "".join(text for text, _ in self.words)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(text) for text, _ in self.words)]

    def part(self, start: int, end: int) -> Found:
        """Return the part of the text between two places."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, max(start, end - 1)) - 1
        touched = [word for _, word in self.words[first : last + 1]]
        return Found(self.text[start:end], _around(touched), self.text[end : end + 30])

    def matches(self, pattern: re.Pattern[str], group: int | str = 1) -> Iterator[Found]:
        """Yield the group of each match in the text."""
        for match in pattern.finditer(self.text):
            if match[group]:
                yield self.part(*match.span(group))

    def within_words(self, pattern: re.Pattern[str]) -> Iterator[Found]:
        """Yield the first group of each match that lies within one word."""
        for text, word in self.words:
            for match in pattern.finditer(text):
                yield Found(match[1], _around([word]), text[match.end(1) :])

    def labelled(self, label: re.Pattern[str]) -> Iterator[Found]:
        """Yield what stands after a label: in the same word, else in the next one on its line.

        `label` must match from a word's start; what it leaves of the word is the value.
        """
        for at, (text, word) in enumerate(self.words):
            match = label.match(text)
            if match is None:
                continue
            rest = text[match.end() :].lstrip(":")
            if rest:
                yield Found(rest, _around([word]), self._continued(word))
            elif (right := self._right_of(at)) is not None:
                yield Found(plain(right.text), _around([right]), self._continued(right))

    def below(self, label: re.Pattern[str]) -> Iterator[Found]:
        """Yield what stands under a label that has nothing beside it, as where one signs."""
        for at, (text, word) in enumerate(self.words):
            if (match := label.match(text)) and not text[match.end() :].strip(":"):
                beside = self._right_of(at)
                if (beside is None or beside.text.endswith((":", "："))) and self._continued(word):
                    yield Found(self._continued(word), _around([word]))

    def _right_of(self, at: int) -> Word | None:
        word = self.words[at][1]
        beside = [
            other
            for _, other in self.words
            if other.left >= word.right - 1
            and other.left - word.right < _APART * self.reading.width
            and _same_line(word, other)
        ]
        level = min((_apart(word, other) for other in beside), default=0.0)
        high = word.bottom - word.top
        best = [other for other in beside if _apart(word, other) <= level + _AS_LEVEL * high]
        return min(best, key=lambda other: other.left, default=None)

    def _continued(self, word: Word) -> str:
        """Return the text below a word that may go on with it: in the same column."""
        high = word.bottom - word.top
        below = [
            (text, other)
            for text, other in self.words
            if 0.5 * high < _middle(other) - _middle(word) < _BELOW * high + 4
            and other.left < word.right
            and other.right > word.left - 6 * high
        ]
        nearest = min(below, key=lambda one: abs(one[1].left - word.left), default=None)
        return nearest[0] if nearest else ""

    def fact(self, kind: FactKind, found: Found, verified: bool = False) -> Fact:
        """Return what was found as a fact of this page."""
        proven = verified or self.source == "text"
        return Fact(
            kind, found.text, self.reading.page, found.box, self.source, proven, found.after
        )


def _around(words: Sequence[Word]) -> Box:
    return (
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
    )


def _middle(word: Word) -> float:
    return (word.top + word.bottom) / 2


def _apart(one: Word, other: Word) -> float:
    return abs(_middle(one) - _middle(other))


def _same_line(one: Word, other: Word) -> bool:
    """Return whether two words may stand on one line, which on a photograph slopes a little."""
    high = min(one.bottom - one.top, other.bottom - other.top)
    return _apart(one, other) < _ON_LINE * high


def _is_letter(before: tuple[str, Word], after: tuple[str, Word]) -> bool:
    """Return whether two single characters are letters of one word that was set apart."""
    (one, first), (other, second) = before, after
    high = first.bottom - first.top
    return (
        len(one) == len(other) == 1
        and _SPACED.fullmatch(one + other) is not None
        and 0 <= second.left - first.right < _SPACING * high
        and _same_line(first, second)
    )


def _joined(first: Word, then: Word) -> Word:
    return Word(first.text + then.text, *_around([first, then]))
