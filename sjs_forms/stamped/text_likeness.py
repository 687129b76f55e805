"""How alike the text of a scanned page and of a generated one is, and where they differ. Pure."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

LEAST = 20
"""Characters from which on a text says anything; fewer are a scanner's own line, or dirt."""
_MOST = 20_000
_CLEAN = 0.98
"""A text of which so much is ours was not read off a picture: each difference is one."""
_LONG = 6
"""Characters of a difference that no misreading explains."""
_MISREAD = 0.3
"""A passage more like ours is ours, misread."""


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


def changes(ours: str, scanned: str) -> tuple[str, ...]:
    """Where a scan says other than the plain text of our page: ours, with a little around it.

    What a scan has more (handwriting, a seal) is none. In a text that was read off a picture only
    long differences count: short ones are misread.
    """
    return tuple(dict.fromkeys(_changes(ours, scanned)))


def _changes(ours: str, scanned: str) -> Iterator[str]:
    matcher = SequenceMatcher(None, ours, scanned, autojunk=False)
    alike = sum(block.size for block in matcher.get_matching_blocks())
    clean = alike >= _CLEAN * min(len(ours), len(scanned))
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind not in ("replace", "delete"):
            continue
        before, now = ours[start:end], scanned[first:last]
        misread = len(before) < _LONG or not now or text_likeness(before, now) > _MISREAD
        if (clean or not misread) and any(map(str.isalnum, before)):
            yield ours[max(0, start - 4) : end + 4]
