"""Texts of a page as two readers give them, held against each other."""

from collections import Counter
from typing import Any

from sjs_forms.pdf.objects import dictionary, entry, name_of, names_of, stream

_WITHOUT_TEXT = frozenset({"/ColorSpace", "/ProcSet", "/Properties", "/XObject"})
"""Kinds of resources that bring no font with them; patterns and graphics states may."""
_DEEPEST = 4
"""Levels of form XObjects beyond which nobody looks for what they draw."""
_BETWEEN = " \u3000\u00a0-\u00ad"


def missing(wanted: str, found: str) -> str:
    """The characters of `wanted` that are not in `found`, each as often as it lacks.

    What readers add between lines does not count, nor does the order: on a page that is turned or
    shrunk, lines are parted and put in order otherwise.
    """
    return "".join((_signs(wanted) - _signs(found)).elements())


def may_bear_text(page: Any, depth: int = 0) -> bool:
    """Whether a page, or a form XObject, of pikepdf's may show text.

    Text takes a font (PDF 32000-1, 9.3.1), and a scan's resources are pictures only.
    """
    resources = entry(page, "/Resources")
    if dictionary(resources) is None or depth > _DEEPEST:
        return True
    if any(kind not in _WITHOUT_TEXT for kind, _ in names_of(resources)):
        return True
    for _, drawn in names_of(entry(resources, "/XObject")):
        if stream(drawn) is None:
            return True
        if name_of(drawn.get("/Subtype")) != "/Image" and may_bear_text(drawn, depth + 1):
            return True
    return False


def _signs(text: str) -> Counter[str]:
    return Counter(sign for sign in text if sign.isprintable() and sign not in _BETWEEN)
