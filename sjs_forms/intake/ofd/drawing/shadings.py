"""Converts gradients (8.3.4) to shading patterns of PDF, or to their mean colour."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf

from sjs_forms.intake.ofd.drawing.styles import Colour, colour_of
from sjs_forms.intake.ofd.structure.document_resources import Resources
from sjs_forms.intake.ofd.structure.xml_nodes import number, numbers
from sjs_forms.pdf.matrices import IDENTITY, Matrix, multiplied

_MAX_STOPS = 256
_MAX_REPEATS = 100
_BEFORE, _BEHIND = 1, 2
"""Bits of Extend: the gradient extends before its start, and after its end."""

Stop = tuple[float, Colour]


@dataclass(frozen=True, slots=True)
class Gradient:
    """A gradient: its pattern for PDF, and the mean opacity of its colours."""

    pattern: Any
    alpha: float


def gradient_of(node: Any, resources: Resources, pdf: Pdf, matrix: Matrix) -> Gradient | None:
    """Return an axial or radial gradient. `matrix` maps its space to that of the content."""
    stops = _stops(node, resources)
    start, end = _point(node.get("StartPoint")), _point(node.get("EndPoint"))
    if not stops or start is None or end is None:
        return None
    if node.tag == "AxialShd":
        kind, coordinates, length = 2, [*start, *end], math.dist(start, end)
    else:
        first, last = number(node.get("StartRadius"), 0.0), number(node.get("EndRadius"), 0.0)
        start_circle, end_circle = [*start, max(0.0, first)], [*end, max(0.0, last)]
        kind, coordinates = 3, [*start_circle, *end_circle]
        length = max(math.dist(start, end), abs(last - first))
        matrix = multiplied(_ellipse(node, start), matrix)
    if length < 1e-6:
        return None
    extend = int(number(node.get("Extend"), 0))
    shading = Dictionary(
        ShadingType=kind,
        ColorSpace=Name.DeviceRGB,
        Coords=Array([round(value, 5) for value in coordinates]),
        Function=_function(pdf, _repeated(node, stops, length)),
        Extend=Array([bool(extend & side) for side in (_BEFORE, _BEHIND)]),
    )
    pattern = Dictionary(
        Type=Name.Pattern,
        PatternType=2,
        Matrix=Array([round(value, 6) for value in matrix]),
        Shading=pdf.make_indirect(shading),
    )
    alpha = sum(colour.alpha for _, colour in stops) / len(stops)
    return Gradient(pdf.make_indirect(pattern), alpha)


def flat_colour(node: Any, resources: Resources) -> Colour:
    """Return the mean of the colours that a gradient names."""
    found = [colour_of(each, resources) for each in node.iter("Color", "BackColor")][:_MAX_STOPS]
    if not found:
        return Colour((0.5,))
    mean = [sum(colour.rgb()[band] for colour in found) / len(found) for band in range(3)]
    return Colour(tuple(mean), sum(colour.alpha for colour in found) / len(found))


def _stops(node: Any, resources: Resources) -> list[Stop]:
    """Return positions from 0 to 1 and colours; those without a position are spread evenly."""
    found = [
        (each.get("Position"), colour)
        for each in node.findall("Segment")[:_MAX_STOPS]
        if (colour := each.find("Color")) is not None
    ]
    last = max(1, len(found) - 1)
    stops = [
        (min(1.0, max(0.0, number(position, index / last))), colour_of(colour, resources))
        for index, (position, colour) in enumerate(found)
    ]
    stops.sort(key=lambda stop: stop[0])
    if stops and stops[0][0] > 0:
        stops.insert(0, (0.0, stops[0][1]))
    if stops and stops[-1][0] < 1:
        stops.append((1.0, stops[-1][1]))
    return stops


def _repeated(node: Any, stops: list[Stop], length: float) -> list[Stop]:
    """Return the stops along the whole axis: repeated or reflected in units of MapUnit."""
    kind = (node.get("MapType") or "Direct").strip().lower()
    unit = number(node.get("MapUnit"), length)
    if kind not in ("repeat", "reflect") or not length / _MAX_REPEATS <= unit < length:
        return stops
    count = math.ceil(length / unit - 1e-9)
    along: list[Stop] = []
    for index in range(count):
        turned = kind == "reflect" and index % 2
        unit_stops = [(1 - at, colour) for at, colour in reversed(stops)] if turned else stops
        along += [((index + at) * unit / length, colour) for at, colour in unit_stops]
    return _cut(along)


def _cut(stops: list[Stop]) -> list[Stop]:
    """Return the stops up to position 1, with the colour that the gradient has there."""
    kept = [stop for stop in stops if stop[0] <= 1]
    behind = next((stop for stop in stops if stop[0] > 1), None)
    if behind is None or not kept:
        return kept
    (at, colour), (next_at, next_colour) = kept[-1], behind
    share = (1 - at) / (next_at - at)
    mixed = tuple(
        one + (other - one) * share
        for one, other in zip(colour.rgb(), next_colour.rgb(), strict=True)
    )
    return [*kept, (1.0, Colour(mixed, colour.alpha))]


def _function(pdf: Pdf, stops: Sequence[Stop]) -> Any:
    """Return a function of the stops from 0 to 1 (PDF 32000-1, 7.10.4)."""
    pieces, bounds = [], []
    for (at, one), (next_at, other) in pairwise(stops):
        if next_at - at < 1e-6:
            continue
        pieces.append(
            Dictionary(
                FunctionType=2,
                Domain=Array([0, 1]),
                C0=Array([round(value, 5) for value in one.rgb()]),
                C1=Array([round(value, 5) for value in other.rgb()]),
                N=1,
            )
        )
        bounds.append(round(next_at, 6))
    if len(pieces) == 1:
        return pieces[0]
    return pdf.make_indirect(
        Dictionary(
            FunctionType=3,
            Domain=Array([0, 1]),
            Functions=Array(pieces),
            Bounds=Array(bounds[:-1]),
            Encode=Array([0, 1] * len(pieces)),
        )
    )


def _ellipse(node: Any, centre: tuple[float, float]) -> Matrix:
    """Return the matrix that maps circles to the ellipses given by Eccentricity and Angle."""
    eccentricity = min(max(number(node.get("Eccentricity"), 0.0), 0.0), 0.9999)
    angle = math.radians(number(node.get("Angle"), 0.0) % 360)
    if eccentricity == 0:
        return IDENTITY
    flat = math.sqrt(1 - eccentricity**2)
    cos, sin = math.cos(angle), math.sin(angle)
    back: Matrix = (cos, -sin, sin, cos, 0, 0)
    there: Matrix = (cos, sin, -sin, cos, 0, 0)
    shape = multiplied(multiplied(back, (1, 0, 0, flat, 0, 0)), there)
    x, y = centre
    return multiplied(multiplied((1, 0, 0, 1, -x, -y), shape), (1, 0, 0, 1, x, y))


def _point(text: str | None) -> tuple[float, float] | None:
    found = numbers(text)
    return (found[0], found[1]) if len(found) >= 2 else None
