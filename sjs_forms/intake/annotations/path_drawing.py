"""Content operators for drawing appearances (PDF 32000-1, 8.5)."""

from collections.abc import Sequence
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream

from sjs_forms.pdf.matrices import Box, format_numbers
from sjs_forms.pdf.objects import entry, items, number, numbers

_HANDLE = 0.5523
"""Handle length at which four Bézier curves approximate a circle of radius 1."""

Point = tuple[float, float]


def colour(value: Any, stroke: bool) -> str:
    """Return the operator that sets a colour array, or "" for none."""
    found = numbers(value) or []
    operator = {1: "g", 3: "rg", 4: "k"}.get(len(found), "")
    return f"{format_numbers(found)} {operator.upper() if stroke else operator}" if operator else ""


def path(points: Sequence[Point], *, closed: bool) -> str:
    """Return straight lines from point to point."""
    first, *others = points
    steps = [f"{format_numbers(first)} m", *(f"{format_numbers(point)} l" for point in others)]
    return " ".join(steps) + (" h" if closed else "")


def circle(x: float, y: float, radius: float) -> str:
    """Return a circle around a point."""
    r, k = radius, radius * _HANDLE
    curves = (
        ((x + r, y + k), (x + k, y + r), (x, y + r)),
        ((x - k, y + r), (x - r, y + k), (x - r, y)),
        ((x - r, y - k), (x - k, y - r), (x, y - r)),
        ((x + k, y - r), (x + r, y - k), (x + r, y)),
    )
    steps = [f"{format_numbers((x + r, y))} m"]
    steps += [" ".join(format_numbers(point) for point in curve) + " c" for curve in curves]
    return " ".join(steps) + " h"


def border_width(annotation: Any, default: float) -> float:
    """Return the annotation's border width from /BS or /Border; 0 for none (12.5.4)."""
    width = number(entry(entry(annotation, "/BS"), "/W"))
    if width is None:
        border = numbers(Array(items(entry(annotation, "/Border"))[:3])) or []
        width = border[2] if len(border) == 3 else default
    return max(width, 0.0)


def appearance(pdf: Pdf, content: str, box: Box, resources: Any = None) -> Stream:
    """Return a form XObject that draws `content` within `box`."""
    form = Stream(pdf, content.encode())
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox = Array([round(value, 4) for value in box])
    form.Resources = Dictionary() if resources is None else resources
    return form
