"""Boxes and matrices in points: where a page's coordinates go once it is shown upright.

A matrix is (a, b, c, d, e, f): x' = a·x + c·y + e, y' = b·x + d·y + f.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 with x0 < x1 and y0 < y1."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
A4 = (595.2756, 841.8898)
"""Width and height in points."""

LETTER: Box = (0.0, 0.0, 612.0, 792.0)
"""What viewers assume where a page has no usable box."""

FAR = 1e7
"""Coordinates beyond this (points) are taken for nonsense."""

ORIENTATION_OF = {0: 1, 90: 6, 180: 3, 270: 8}
"""Clockwise degrees as EXIF orientation."""


def times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does `first`, and `then` the other."""
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
    """Where the point goes."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def moved(matrix: Matrix, box: Box) -> Box:
    """The upright box round where `box` goes."""
    corners = [at(matrix, x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs = [x for x, _ in corners]
    ys = [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def common(one: Box, other: Box) -> Box | None:
    """What two boxes share, or None."""
    x0, y0 = max(one[0], other[0]), max(one[1], other[1])
    x1, y1 = min(one[2], other[2]), min(one[3], other[3])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def area(box: Box) -> float:
    """Square points."""
    return (box[2] - box[0]) * (box[3] - box[1])


def upright(numbers: Sequence[float] | None) -> Box | None:
    """Four numbers in any order of corners as a box; None if it has no area or is nonsense."""
    if numbers is None or len(numbers) != 4 or any(abs(value) > FAR for value in numbers):
        return None
    x0, x1 = sorted((numbers[0], numbers[2]))
    y0, y1 = sorted((numbers[1], numbers[3]))
    return (x0, y0, x1, y1) if x1 - x0 > 1e-3 and y1 - y0 > 1e-3 else None


@dataclass(frozen=True, slots=True)
class Baking:
    """How a page's own coordinates become those of the page as shown."""

    box: Box
    matrix: Matrix
    width: float
    height: float
    orientation: int


def baking(box: Box, unit: float, orientation: int) -> Baking:
    """Show `box` (page units of `unit` points) turned as EXIF `orientation` (1 to 8) says.

    1, 6, 3, 8 are turns by 0, 90, 180, 270 degrees clockwise; the others are mirrored.
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
    scaled = times(matrix, (unit, 0.0, 0.0, unit, 0.0, 0.0))
    return Baking(box, scaled, width * unit, height * unit, orientation)


def figure(value: float) -> str:
    """A number as PDF content writes it: no exponent, no needless zeros."""
    text = f"{value:.6f}" if abs(value) >= 1e-3 else f"{value:.15f}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def figures(values: Sequence[float]) -> str:
    """Numbers as PDF content writes them, spaced."""
    return " ".join(figure(value) for value in values)
