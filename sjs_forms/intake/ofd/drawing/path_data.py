"""Abbreviated path data (9.1), and its operators in PDF."""

import math
import re
from dataclasses import dataclass, field

from sjs_forms.intake.ofd.bounds import Budget
from sjs_forms.pdf.matrices import FAR, IDENTITY, Box, Matrix, at, format_numbers

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_COUNTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_CLOSES = {"Z": "C"}
"""The operator of SVG with which some writers close subpaths."""

_Point = tuple[float, float]


@dataclass(slots=True)
class PathData:
    """A path: operators of PDF (m, l, c, h), each with its points."""

    segments: list[tuple[str, tuple[_Point, ...]]] = field(default_factory=list)
    _at: _Point = (0.0, 0.0)
    _start: _Point = (0.0, 0.0)
    _open: bool = False

    def move(self, to: _Point) -> None:
        """Begin a subpath."""
        self._at = self._start = to
        self._open = False

    def line(self, to: _Point) -> None:
        """Add a line."""
        self._begin()
        self._add("l", to)

    def curve(self, first: _Point, second: _Point, to: _Point) -> None:
        """Add a cubic curve."""
        self._begin()
        self._add("c", first, second, to)

    def quadratic(self, control: _Point, to: _Point) -> None:
        """Add a quadratic curve."""
        (x0, y0), (x1, y1), (x2, y2) = self._at, control, to
        first = (x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3)
        self.curve(first, (x2 + (x1 - x2) * 2 / 3, y2 + (y1 - y2) * 2 / 3), to)

    def arc(self, radii: _Point, turn: float, flags: tuple[bool, bool], to: _Point) -> None:
        """Add an elliptical arc: half axes, rotation in degrees, (large, clockwise), end."""
        for first, second, end in _arc_curves(self._at, radii, turn, flags, to):
            self.curve(first, second, end)
        if not self._open or self._at != to:
            self.line(to)

    def close(self) -> None:
        """Close the subpath."""
        if self._open:
            self.segments.append(("h", ()))
        self._at, self._open = self._start, False

    def _begin(self) -> None:
        if not self._open:
            self.segments.append(("m", (self._at,)))
            self._open = True

    def _add(self, operator: str, *points: _Point) -> None:
        self.segments.append((operator, points))
        self._at = points[-1]

    def operators(self, through: Matrix = IDENTITY) -> list[str]:
        """Return the operators that draw it, all points transformed."""
        made = []
        for operator, points in self.segments:
            values = [value for x, y in points for value in at(through, x, y)]
            made.append(f"{format_numbers(values)} {operator}" if values else operator)
        return made

    def box(self, through: Matrix) -> Box | None:
        """Return the box of its points, transformed."""
        moved = [at(through, x, y) for _, points in self.segments for x, y in points]
        if not moved:
            return None
        xs, ys = [x for x, _ in moved], [y for _, y in moved]
        return min(xs), min(ys), max(xs), max(ys)


def path_of(text: str, budget: Budget) -> PathData:
    """Return the path of abbreviated data; malformed parts are skipped. Raises FileRefused."""
    tokens = _TOKEN.findall(text)
    budget.tokens(len(tokens))
    path, operator, values = PathData(), "", list[float]()
    for token in tokens:
        if not token[0].isalpha():
            values.append(max(-FAR, min(float(token), FAR)))
        else:
            _finish(path, operator, values)
            operator, values = _CLOSES.get(token.upper(), token.upper()), []
        if operator != "C" and len(values) == _COUNTS.get(operator, 0) > 0:
            _draw(path, operator, values)
            operator = "L" if operator in ("M", "S") else operator  # further pairs are lines
            values = []
    _finish(path, operator, values)
    return path


def _finish(path: PathData, operator: str, values: list[float]) -> None:
    if operator == "C" and not values:
        path.close()


def _draw(path: PathData, operator: str, values: list[float]) -> None:
    points = list(zip(values[::2], values[1::2], strict=False))
    if operator in ("S", "M"):
        path.move(points[0])
    elif operator == "L":
        path.line(points[0])
    elif operator == "Q":
        path.quadratic(points[0], points[1])
    elif operator == "B":
        path.curve(points[0], points[1], points[2])
    elif operator == "A":
        rx, ry, turn, large, clockwise, x, y = values
        path.arc((rx, ry), turn, (large != 0, clockwise != 0), (x, y))


def _arc_curves(
    start: _Point, radii: _Point, turn: float, flags: tuple[bool, bool], end: _Point
) -> list[tuple[_Point, _Point, _Point]]:
    """Return cubic curves for an arc, as SVG 1.1 (F.6.5) computes its centre."""
    rx, ry = abs(radii[0]), abs(radii[1])
    if start == end or rx < 1e-9 or ry < 1e-9:
        return []
    angle = math.radians(turn % 360)
    cos, sin = math.cos(angle), math.sin(angle)
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x1, y1 = cos * dx + sin * dy, cos * dy - sin * dx
    wanting = (x1 / rx) ** 2 + (y1 / ry) ** 2
    if wanting > 1:
        rx, ry = rx * math.sqrt(wanting), ry * math.sqrt(wanting)
        wanting = 1.0
    root = math.sqrt(max(0.0, 1 / wanting - 1)) if wanting else 0.0
    if flags[0] == flags[1]:
        root = -root
    cx1, cy1 = root * rx * y1 / ry, -root * ry * x1 / rx
    centre = (
        cos * cx1 - sin * cy1 + (start[0] + end[0]) / 2,
        sin * cx1 + cos * cy1 + (start[1] + end[1]) / 2,
    )
    first = math.atan2((y1 - cy1) / ry, (x1 - cx1) / rx)
    sweep = math.atan2((-y1 - cy1) / ry, (-x1 - cx1) / rx) - first
    sweep %= 2 * math.pi
    if not flags[1]:
        sweep -= 2 * math.pi
    parts = max(1, math.ceil(abs(sweep) / (math.pi / 2) - 1e-9))
    step = sweep / parts
    reach = 4 / 3 * math.tan(step / 4)

    def placed(x: float, y: float) -> _Point:
        return (
            centre[0] + cos * x * rx - sin * y * ry,
            centre[1] + sin * x * rx + cos * y * ry,
        )

    curves = []
    for part in range(parts):
        a, b = first + part * step, first + (part + 1) * step
        curves.append(
            (
                placed(math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a)),
                placed(math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b)),
                end if part == parts - 1 else placed(math.cos(b), math.sin(b)),
            )
        )
    return curves
