"""How alike the text of a scanned page and of a generated one is, and where they differ. Pure."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

LEAST = 20
"""Characters from which on a text says anything; fewer are a scanner's own line, or dirt."""
_MOST = 20_000
_CLEAN = 0.98
"""A text this like ours was not read by a machine off a picture: each difference is one."""
_LONG = 6
"""Characters of a difference that no misreading explains."""


@dataclass(frozen=True, slots=True)
class Change:
    """Where a scan's text is another than ours."""

    ours: str
    scanned: str


def plain(text: str) -> str:
    """A text without spaces and variants of form, as two texts are compared."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text[:_MOST])
        if unicodedata.category(character)[0] not in "ZC"
    )


def readable(text: str) -> bool:
    """Whether a plain text says anything: enough of it, most of it letters and digits."""
    return len(text) >= LEAST and sum(map(str.isalnum, text)) > len(text) / 2


def text_likeness(one: str, other: str) -> float:
    """Share of the pairs of neighbouring characters that both plain texts have, 0 to 1."""
    first, second = _pairs(one), _pairs(other)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def _pairs(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(len(text) - 1))


def changes(ours: str, scanned: str) -> tuple[Change, ...]:
    """Where a scan shows another answer than the form now has; misreadings are passed over.

    What a scan has more (handwriting, a seal) is none; nor is what it has less at its end.
    """
    return tuple(_changes(ours, scanned))


def _changes(ours: str, scanned: str) -> Iterator[Change]:
    matcher = SequenceMatcher(None, ours, scanned, autojunk=False)
    blocks = matcher.get_matching_blocks()
    clean = sum(block.size for block in blocks) >= _CLEAN * len(ours)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind not in ("replace", "delete"):
            continue
        before, now = ours[a:b], scanned[c:d]
        if not clean and (len(before) < _LONG or text_likeness(before, now) > 0.3):
            continue
        if any(map(str.isalnum, before + now)):
            left, right = max(0, a - 4), min(len(ours), b + 4)
            yield Change(ours[left:right], ours[left:a] + now + ours[b:right])
