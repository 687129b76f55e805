"""Finds the known word that was most likely meant by an unknown one."""

import difflib
from collections.abc import Sequence


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the known word closest to a mistyped one, or None if none is close."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.6)), None)
