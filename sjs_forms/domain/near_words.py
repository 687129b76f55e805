"""What was most likely meant by a word that is not known."""

import difflib
from collections.abc import Sequence


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word closest to one that was mistyped, or None where none is near."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.6)), None)
