"""Affine maps between pages, and their fit to matched points. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Affine = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f): (x, y) maps to (a·x + b·y + c, d·x + e·y + f), in Pillow's order."""

_FEWEST = 6
"""Minimum number of points for a fit."""
_NEAR = 1.0
"""Distance from the fit, in points, at which a match is always accepted."""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A point on one page, its match on another, and the confidence of the match."""

    at: Point
    found: Point
    weight: float


def fitted(found: Sequence[FoundPlace], page: Point) -> Affine | None:
    """Return the map fitted to the matches, outliers excluded.

    `page` is its width and height. Returns None if there are too few matches for a map that
    scanning could produce.
    """
    kept = list(found)
    for _ in range(3):
        if len(kept) < _FEWEST:
            return None
        best = _least_squares(kept, page)
        if best is None:
            return None
        off = [math.dist(applied(best, item.at), item.found) for item in kept]
        bound = max(_NEAR, 2.0 * sorted(off)[len(off) // 2])
        near = [item for item, far in zip(kept, off, strict=True) if far <= bound]
        if len(near) == len(kept):
            break
        kept = near
    return best


def _least_squares(found: Sequence[FoundPlace], page: Point) -> Affine | None:
    middle, half = page[0] / 2, page[1] / 2
    rows = [(item.at[0] - middle, item.at[1] - half, 1.0) for item in found]
    weights = [item.weight for item in found]
    normal = [
        [sum(w * r[i] * r[j] for r, w in zip(rows, weights, strict=True)) for j in range(3)]
        for i in range(3)
    ]
    coefficients = []
    for axis in (0, 1):
        right = [
            sum(
                w * r[i] * item.found[axis] for r, w, item in zip(rows, weights, found, strict=True)
            )
            for i in range(3)
        ]
        solved = _solved(normal, right)
        if solved is None:
            return None
        a, b, c = solved
        coefficients += [a, b, c - a * middle - b * half]
    a, b, c, d, e, f = coefficients
    # Paper does not shear. A fit with shear comes from too few blocks.
    if not (0.9 < a < 1.1 and 0.9 < e < 1.1 and abs(b) < 0.06 and abs(d) < 0.06):
        return None
    return (a, b, c, d, e, f)


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float] | None:
    """Solve three equations by Cramer's rule."""
    determinant = _determinant(matrix)
    if abs(determinant) < 1e-6:
        return None
    return [
        _determinant([[right[i] if j == k else matrix[i][j] for j in range(3)] for i in range(3)])
        / determinant
        for k in range(3)
    ]


def _determinant(m: Sequence[Sequence[float]]) -> float:
    return (
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    )


def applied(affine: Affine, at: Point) -> Point:
    """Return the mapped point."""
    a, b, c, d, e, f = affine
    return a * at[0] + b * at[1] + c, d * at[0] + e * at[1] + f


def after(outer: Affine, inner: Affine) -> Affine:
    """Return the map that applies `inner`, then `outer`."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return (
        a * p + b * s, a * q + b * t, a * r + b * u + c,
        d * p + e * s, d * q + e * t, d * r + e * u + f,
    )  # fmt: skip
