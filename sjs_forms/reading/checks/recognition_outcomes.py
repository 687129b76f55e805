"""Compares day and authority of an accreditation with what the form says. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import Literal

from sjs_forms.reading.facts import Fact
from sjs_forms.reading.page_text import PageText, plain

Outcome = Literal["same", "differs", "unread"]

_PARTS = re.compile(r"[、,;/]")
_LIKE = 0.75
"""Likeness from which a name that was recognised may be the same, misread."""


def named_on(platform: str, pages: Sequence[PageText]) -> Iterator[Fact]:
    """Yield where a platform is named."""
    pattern = re.compile(f"({re.escape(plain(platform))})")
    for page in pages:
        for found in page.matches(pattern):
            yield page.fact("recognised", found)


def day_outcome(wanted: str, fact: Fact, pages: Sequence[PageText]) -> Outcome:
    """Compare a day (ISO) with that of a paper. One that stands elsewhere on it is unread.

    Recognition mistakes single digits.
    """
    if fact.value == wanted:
        return "same"
    misread = sum(a != b for a, b in zip(fact.value, wanted, strict=False)) == 1
    if (misread and not fact.verified) or _stands_on(wanted, pages):
        return "unread"
    return "differs"


def _stands_on(wanted: str, pages: Sequence[PageText]) -> bool:
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        return True
    pattern = re.compile(
        rf"{day.year}[年\-./]0?{day.month}[月\-./]0?{day.day}(?!\d)|{day.year:04}{day.month:02}{day.day:02}"
    )
    return any(pattern.search(page.text) for page in pages)


def authority_outcome(wanted: str, facts: Sequence[Fact], pages: Sequence[PageText]) -> Outcome:
    """Compare an authority with those of a paper; one that is abbreviated is unread."""
    told = {fact.value for fact in facts}
    parts = [part for part in _PARTS.split(plain(wanted)) if part]
    if not parts:
        return "unread"
    if plain(wanted) in told or all(part in told for part in parts):
        return "same"
    if any(part in page.text for part in parts for page in pages):
        return "unread"
    if any(_may_be(part, fact) for part in parts for fact in facts):
        return "unread"
    return "differs"


def _may_be(part: str, fact: Fact) -> bool:
    """Return whether either name may stand for the other: 北京市科委 for 北京市科学技术委员会."""
    one, other = sorted((part, fact.value), key=len)
    rest = iter(other)
    if all(sign in rest for sign in one):
        return True
    is_like = SequenceMatcher(None, part, fact.value, autojunk=False).ratio() >= _LIKE
    return is_like and not fact.verified
