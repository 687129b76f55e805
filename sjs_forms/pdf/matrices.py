"""Boxes and matrices in points, and the transformation from a page to the page as shown.

A matrix is (a, b, c, d, e, f): x' = a·x + c·y + e, y' = b·x + d·y + f.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
"""(x0, y0, x1, y1) with x0 < x1 and y0 < y1."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
A4 = (595.2756, 841.8898)
"""Width and height in points."""

LETTER: Box = (0.0, 0.0, 612.0, 792.0)
"""The box that viewers assume for a page without a usable one."""

FAR = 1e7
"""Coordinates beyond this (points) are treated as invalid."""

ORIENTATION_OF = {0: 1, 90: 6, 180: 3, 270: 8}
"""EXIF orientation for each clockwise rotation in degrees."""


def multiplied(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that applies `first`, then `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return the transformed point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def moved(matrix: Matrix, box: Box) -> Box:
    """Return the bounding box of the transformed `box`."""
    corners = [at(matrix, x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs = [x for x, _ in corners]
    ys = [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def intersection(one: Box, other: Box) -> Box | None:
    """Return the intersection of two boxes, or None."""
    x0, y0 = max(one[0], other[0]), max(one[1], other[1])
    x1, y1 = min(one[2], other[2]), min(one[3], other[3])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def area(box: Box) -> float:
    """Return the area in square points."""
    return (box[2] - box[0]) * (box[3] - box[1])


def upright(numbers: Sequence[float] | None) -> Box | None:
    """Return four numbers (corners in any order) as a box; None if it is empty or invalid."""
    if numbers is None or len(numbers) != 4 or any(abs(value) > FAR for value in numbers):
        return None
    x0, x1 = sorted((numbers[0], numbers[2]))
    y0, y1 = sorted((numbers[1], numbers[3]))
    return (x0, y0, x1, y1) if x1 - x0 > 1e-3 and y1 - y0 > 1e-3 else None


@dataclass(frozen=True, slots=True)
class ShownTransform:
    """The transformation from a page's own coordinates to those of the page as shown."""

    box: Box
    matrix: Matrix
    width: float
    height: float
    orientation: int


def shown_transform(box: Box, unit: float, orientation: int) -> ShownTransform:
    """Return the transformation for `box` (in units of `unit` points) at an EXIF `orientation`.

    Orientations 1, 6, 3, 8 are rotations by 0, 90, 180, 270 degrees clockwise; the others are
    mirrored.
    """
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    across, down = (-1.0, x1), (-1.0, y1)  # mirrored axes: factor and offset
    right, up = (1.0, -x0), (1.0, -y0)
    turned = orientation >= 5
    to_x, to_y = {
        1: (right, up),
        2: (across, up),
        3: (across, down),
        4: (right, down),
        5: (down, across),
        6: (up, across),
        7: (up, right),
        8: (down, right),
    }[orientation]
    if turned:
        matrix = (0.0, to_y[0], to_x[0], 0.0, to_x[1], to_y[1])
        width, height = height, width
    else:
        matrix = (to_x[0], 0.0, 0.0, to_y[0], to_x[1], to_y[1])
    scaled = multiplied(matrix, (unit, 0.0, 0.0, unit, 0.0, 0.0))
    return ShownTransform(box, scaled, width * unit, height * unit, orientation)


def format_number(value: float) -> str:
    """Format a number for PDF content: no exponent, no trailing zeros."""
    if value % 1 == 0:
        text = f"{value:.0f}"
    else:
        text = f"{value:.6f}" if abs(value) >= 1e-3 else f"{value:.15f}"
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def format_numbers(values: Sequence[float]) -> str:
    """Format numbers for PDF content, separated by spaces."""
    return " ".join(format_number(value) for value in values)
