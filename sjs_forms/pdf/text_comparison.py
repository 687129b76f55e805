"""Compares the texts that two readers extract from a page."""

from collections import Counter
from typing import Any

from sjs_forms.pdf.objects import dictionary, entry, name_of, names_of, stream

_WITHOUT_TEXT = frozenset({"/ColorSpace", "/ProcSet", "/Properties", "/XObject"})
"""Resource categories that cannot bring a font; patterns and graphics states can."""
_DEEPEST = 4
"""Depth of form XObjects to which their resources are examined."""
_BETWEEN = " \u3000\u00a0-\u00ad"


def missing(wanted: str, found: str) -> str:
    """Return the characters of `wanted` that `found` lacks, with multiplicity.

    Whitespace that readers insert between lines is ignored, and so is the order: on a rotated or
    scaled page, readers split and order lines differently.
    """
    return "".join((_signs(wanted) - _signs(found)).elements())


def may_bear_text(page: Any, depth: int = 0) -> bool:
    """Return whether a pikepdf page or form XObject may show text.

    Text needs a font (PDF 32000-1, 9.3.1); a scan's resources are pictures only.
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
