"""Draws marks without an appearance that PDFium leaves out.

These are stamps, carets, file attachments and redactions. Their design is left to viewers (PDF
32000-1, 12.5.6); here it is simple and in the right place.
"""

import re
from collections.abc import Callable
from typing import Any

from pikepdf import Array, Pdf, Stream

from sjs_forms.intake.annotations import appearances
from sjs_forms.intake.annotations.path_drawing import appearance, border_width, colour, path
from sjs_forms.intake.annotations.text_setting import ASCENT, DESCENT, TextSetter
from sjs_forms.pdf.matrices import format_numbers, upright
from sjs_forms.pdf.objects import entry, name_of, numbers

_PRINT = 4
"""The Print flag, without which a link's border is for the screen only (12.5.3)."""

_RED, _GREEN, _BLUE = (0.75, 0.1, 0.1), (0.1, 0.5, 0.15), (0.15, 0.25, 0.6)
_STAMPS = {
    "Accepted": _GREEN,
    "Approved": _GREEN,
    "AsIs": _RED,
    "Completed": _GREEN,
    "Confidential": _RED,
    "Departmental": _BLUE,
    "Draft": _RED,
    "Experimental": _BLUE,
    "Expired": _RED,
    "Final": _GREEN,
    "ForComment": _BLUE,
    "ForPublicRelease": _GREEN,
    "InformationOnly": _BLUE,
    "InitialHere": _RED,
    "NotApproved": _RED,
    "NotForPublicRelease": _RED,
    "PreliminaryResults": _BLUE,
    "Received": _BLUE,
    "Rejected": _RED,
    "Reviewed": _BLUE,
    "Revised": _BLUE,
    "SignHere": _RED,
    "Sold": _BLUE,
    "TopSecret": _RED,
    "Void": _RED,
    "Witness": _RED,
}
"""Texts of named stamps: those of table 181, and Acrobat's additional ones."""
_MAKERS = re.compile(r"/(?:SB|SH|#?D)?(?P<name>\w+)")
_WORDS = re.compile(r"[A-Z][a-z]+")


def stamp_words(annotation: Any) -> str:
    """Return the text of a named stamp, or "" if unknown."""
    name = _stamp_name(annotation)
    return " ".join(_WORDS.findall(name)).upper() if name else ""


def _stamp_name(annotation: Any) -> str:
    if name_of(entry(annotation, "/Subtype")) != "/Stamp":
        return ""
    written = name_of(entry(annotation, "/Name"))
    shorter = match["name"] if (match := _MAKERS.fullmatch(written)) else ""
    return next((name for name in (written[1:], shorter) if name in _STAMPS), "")


def stamp(pdf: Pdf, annotation: Any, typesetter: TextSetter) -> Stream | None:
    """Draw the stamp's text in a frame as wide as its area."""
    box = upright(numbers(entry(annotation, "/Rect")))
    name, words = _stamp_name(annotation), stamp_words(annotation)
    wide = typesetter.width(words)
    if box is None or not wide:
        return None
    width, height = box[2] - box[0], box[3] - box[1]
    ink = entry(annotation, "/C")
    pens = [colour(ink, stroke) or colour(Array(_STAMPS[name]), stroke) for stroke in (True, False)]
    size = min(height * 0.6, (width * 0.86) / wide)
    thick = max(0.5, size * 0.1)
    frame_height = min(height, size * 1.7)
    frame = (thick, (height - frame_height) / 2 + thick)
    frame_size = (width - 2 * thick, frame_height - 2 * thick)
    left = (width - wide * size) / 2
    up = (height - size * (ASCENT + DESCENT)) / 2 + size * DESCENT
    content = (
        f"{' '.join(pens)} {format_numbers((thick,))} w 1 j "
        f"{format_numbers((*frame, *frame_size))} re S "
        f"BT {format_numbers((1, 0, 0, 1, left, up))} Tm {typesetter.shown(words, size)} ET"
    )
    return appearance(pdf, content, (0, 0, width, height), typesetter.resources)


def _caret(annotation: Any, width: float, height: float) -> str:
    """Draw the sign for an insertion or a new paragraph (12.5.6.11)."""
    ink = colour(entry(annotation, "/C"), False) or "0 0 1 rg"
    if name_of(entry(annotation, "/Sy")) == "/P":
        thick = width * 0.12
        stroke = colour(entry(annotation, "/C"), True) or "0 0 1 RG"
        stems = [path([(width * x, 0), (width * x, height)], closed=False) for x in (0.6, 0.85)]
        bowl = format_numbers((width * 0.1, height * 0.5, width * 0.5, height * 0.5))
        return f"{ink} {stroke} {format_numbers((thick,))} w {' '.join(stems)} S {bowl} re f"
    middle = width / 2
    curves = (
        (middle * 0.7, 0, middle, height * 0.4, middle, height),
        (middle, height * 0.4, width - middle * 0.7, 0, width, 0),
    )
    return f"{ink} 0 0 m {' '.join(f'{format_numbers(curve)} c' for curve in curves)} h f"


def _file(annotation: Any, width: float, height: float) -> str:
    """Draw a sheet with a folded corner for an attached file (12.5.6.15)."""
    fill = colour(entry(annotation, "/C"), False) or "1 1 1 rg"
    fold, thick = min(width, height) * 0.3, min(width, height) * 0.06
    edge = [
        (thick, thick),
        (width - thick, thick),
        (width - thick, height - fold),
        (width - fold, height - thick),
        (thick, height - thick),
    ]
    corner = [edge[2], (width - fold, height - fold), edge[3]]
    rules = [
        path([(width * 0.25, height * up), (width * 0.75, height * up)], closed=False)
        for up in (0.25, 0.42, 0.59)
    ]
    return (
        f"{fill} 0 G {format_numbers((thick,))} w 1 j {path(edge, closed=True)} B "
        f"{path(corner, closed=False)} S {' '.join(rules)} S"
    )


def _redaction(annotation: Any, width: float, height: float) -> str:
    """Draw a frame around an area marked for redaction but not redacted (12.5.6.23)."""
    del annotation
    return f"1 0 0 RG 1 w {format_numbers((0.5, 0.5, width - 1, height - 1))} re S"


def _border(annotation: Any, width: float, height: float) -> str:
    """Draw a link's border if it is printed."""
    thick = border_width(annotation, 0.0)
    if not thick or not appearances.flags(annotation) & _PRINT:
        return ""
    ink = colour(entry(annotation, "/C"), True) or "0 G"
    inner = format_numbers((thick / 2, thick / 2, width - thick, height - thick))
    return f"{ink} {format_numbers((thick,))} w {inner} re S"


_DRAWN: dict[str, Callable[[Any, float, float], str]] = {
    "/Caret": _caret,
    "/FileAttachment": _file,
    "/Link": _border,
    "/Redact": _redaction,
}
KINDS = frozenset(_DRAWN)
"""Annotation subtypes that `drawn` handles."""


def drawn(pdf: Pdf, annotation: Any) -> Stream | None:
    """Return the appearance of a mark of KINDS with its box at 0 0, or None if it is invisible."""
    box = upright(numbers(entry(annotation, "/Rect")))
    if box is None:
        return None
    width, height = box[2] - box[0], box[3] - box[1]
    content = _DRAWN[name_of(entry(annotation, "/Subtype"))](annotation, width, height)
    return appearance(pdf, content, (0, 0, width, height)) if content else None
