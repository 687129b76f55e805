"""Texts of a page as two readers give them, held against each other."""

from collections import Counter

_BETWEEN = " \u3000\u00a0-\u00ad"


def missing(wanted: str, found: str) -> str:
    """The characters of `wanted` that are not in `found`, each as often as it lacks.

    What readers add between lines does not count, nor does the order: on a page that is turned or
    shrunk, lines are parted and put in order otherwise.
    """
    return "".join((_signs(wanted) - _signs(found)).elements())


def _signs(text: str) -> Counter[str]:
    return Counter(sign for sign in text if sign.isprintable() and sign not in _BETWEEN)
