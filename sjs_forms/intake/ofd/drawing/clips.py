"""Clipping regions of objects (8.4), and the clip to an object's own boundary."""

from typing import Any

from sjs_forms.intake.ofd.bounds import Budget
from sjs_forms.intake.ofd.canvas import Canvas
from sjs_forms.intake.ofd.drawing.path_data import path_of
from sjs_forms.intake.ofd.structure.xml_nodes import box, is_true, matrix, text_of
from sjs_forms.pdf.matrices import IDENTITY, Box, Matrix, format_numbers, moved, multiplied

_LEAVES = 0.5
"""Millimetres that a drawing may extend beyond its boundary, which writers round."""

_Rect = tuple[float, float, float, float]


def clip_to_boundary(canvas: Canvas, boundary: _Rect | None, drawn: Box | None) -> None:
    """Clip to a boundary (x, y, width, height), if the drawing extends beyond it noticeably.

    Both are in the current space, which surrounds the object.
    """
    if boundary is None or drawn is None or boundary[2] <= 0 or boundary[3] <= 0:
        return
    x, y, width, height = boundary
    left, top, right, bottom = drawn
    if (
        left < x - _LEAVES
        or top < y - _LEAVES
        or right > x + width + _LEAVES
        or bottom > y + height + _LEAVES
    ):
        canvas.add(f"{format_numbers(boundary)} re W n")


def apply_clips(canvas: Canvas, node: Any, own: Matrix, budget: Budget) -> bool:
    """Clip to the regions that an object states; return whether all are of paths, not of text.

    The current space has its origin at the object's boundary. `own` is the object's CTM, which also
    applies to the regions unless TransFlag is false.
    """
    for clips in node.iterfind("Clips"):
        outer = own if is_true(clips.get("TransFlag"), otherwise=True) else IDENTITY
        for clip in clips.iterfind("Clip"):
            region = _region(clip, outer, budget)
            if region is not None:
                canvas.add(*region)
    return node.find("Clips") is None or node.find("Clips/Clip/Area/Text") is None


def _region(clip: Any, outer: Matrix, budget: Budget) -> list[str] | None:
    """Return the operators for the union of a clip's areas, or None if none has a path."""
    operators: list[str] = []
    rule = "W"
    for area in clip.iterfind("Area"):
        across = multiplied(matrix(area.get("CTM")) or IDENTITY, outer)
        for node in area.iterfind("Path"):
            path = path_of(text_of(node, "AbbreviatedData"), budget)
            boundary = box(node.get("Boundary")) or (0.0, 0.0, 0.0, 0.0)
            placed = multiplied(
                matrix(node.get("CTM")) or IDENTITY, (1, 0, 0, 1, boundary[0], boundary[1])
            )
            operators += path.operators(multiplied(placed, across))
            if (node.get("Rule") or "").strip().lower() == "even-odd":
                rule = "W*"
    return [*operators, f"{rule} n"] if operators else None


def unit_square(through: Matrix) -> Box:
    """Return the box of the unit square, transformed."""
    return moved(through, (0.0, 0.0, 1.0, 1.0))
