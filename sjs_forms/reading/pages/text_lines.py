"""Sorts what stands on a page into lines, as it is read."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sjs_forms.reading.pages.page_words import Word

_Item = TypeVar("_Item")

_SAME_LINE = 0.45
"""Distance of the middles of two words on one line, in heights of the lower one."""


def lines(items: Iterable[_Item], word: Callable[[_Item], Word]) -> list[list[_Item]]:
    """Return items by lines from the head of the page, each from left to right.

    `word` returns the place of an item.
    """
    found: list[list[_Item]] = []
    for item in sorted(items, key=lambda one: (word(one).middle, word(one).left)):
        if found and _on_one_line(word(found[-1][-1]), word(item)):
            found[-1].append(item)
        else:
            found.append([item])
    for line in found:
        line.sort(key=lambda one: word(one).left)
    return found


def _on_one_line(first: Word, then: Word) -> bool:
    return abs(first.middle - then.middle) <= _SAME_LINE * min(first.height, then.height)
