"""Measures the likeness of the texts of a scanned and a generated page, and their differences.
Pure.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

MIN = 20
"""Minimum characters for a text to be used; fewer are a scanner's stamp, or noise."""
_MAX = 20_000
_CLEAN = 0.98
"""A text that matches ours to this share is no OCR result: every difference counts."""
_LONG = 6
"""Characters of a difference that no misreading explains."""
_MISREAD = 0.3
"""A passage with more likeness than this to ours is ours, misread."""


def plain(text: str) -> str:
    """Return a text normalised for comparison: without spaces and character variants."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text[:_MAX])
        if unicodedata.category(character)[0] not in "ZC"
    )


def readable(text: str) -> bool:
    """Return whether a plain text is usable: long enough, and mostly letters and digits."""
    return len(text) >= MIN and sum(map(str.isalnum, text)) > len(text) / 2


def text_likeness(one: str, other: str) -> float:
    """Return the share of neighbouring character pairs that both plain texts have, 0 to 1."""
    first, second = pairs_of(one), pairs_of(other)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def pairs_of(text: str) -> Counter[str]:
    """Return the pairs of neighbouring characters in a text, counted."""
    return Counter(text[at : at + 2] for at in range(len(text) - 1))


def changes(ours: str, scanned: str) -> tuple[str, ...]:
    """Return where a scan differs from the plain text of our page: our text, with some context.

    Additions in a scan (handwriting, a seal) are ignored. In an OCR text only long differences
    count, because short ones are misreadings.
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
