"""Draws lines and polygons without an appearance, which most viewers draw but PDFium does not."""

import math
from typing import Any

from pikepdf import Dictionary, Name, Pdf, Stream

from sjs_forms.intake.annotations.path_drawing import Point, appearance, colour
from sjs_forms.pdf.matrices import Box, format_numbers
from sjs_forms.pdf.objects import entry, items, name_of, number, numbers

KINDS = {"/Line", "/PolyLine", "/Polygon"}
_MAX_POINTS = 10_000
_ARROWS = {"/ClosedArrow", "/OpenArrow"}


def drawn(pdf: Pdf, annotation: Any) -> Stream | None:
    """Return the appearance of a line or polygon. Its box is the area on the page."""
    kind = name_of(entry(annotation, "/Subtype"))
    given = numbers(entry(annotation, "/L" if kind == "/Line" else "/Vertices")) or []
    points = list(zip(given[::2], given[1::2], strict=False))[:_MAX_POINTS]
    if len(points) < 2:
        return None
    width = number(entry(entry(annotation, "/BS"), "/W"))
    width = 1.0 if width is None else abs(width)
    stroke = colour(entry(annotation, "/C"), True)
    fill = colour(entry(annotation, "/IC"), False) if kind == "/Polygon" else ""
    if not (stroke and width) and not fill:
        return None
    steps = [stroke, fill, f"{format_numbers((width,))} w", "/G gs", _dashes(annotation)]
    steps.append(f"{format_numbers(points[0])} m")
    steps += [f"{format_numbers(point)} l" for point in points[1:]]
    painted = {(True, True): "b", (True, False): "s", (False, True): "f"}
    closed = painted[bool(stroke and width), bool(fill)] if kind == "/Polygon" else "S"
    steps.append(closed)
    if kind != "/Polygon":
        steps += _heads(annotation, points, width)
    opacity = number(entry(annotation, "/CA"))
    opacity = 1.0 if opacity is None else min(max(opacity, 0.0), 1.0)
    look = Dictionary(Type=Name.ExtGState, CA=opacity, ca=opacity)
    return appearance(
        pdf,
        "\n".join(filter(None, steps)),
        _round(points, 10 * width + 2),
        Dictionary(ExtGState=Dictionary(G=look)),
    )


def _dashes(annotation: Any) -> str:
    style = entry(annotation, "/BS")
    if name_of(entry(style, "/S")) != "/D":
        return ""
    lengths = numbers(entry(style, "/D")) or [3.0]
    return f"[{format_numbers([max(length, 0.1) for length in lengths[:8]])}] 0 d"


def _heads(annotation: Any, points: list[Point], width: float) -> list[str]:
    """Return the arrow heads at the ends that have one."""
    ends = [name_of(end) for end in items(entry(annotation, "/LE"))]
    steps = []
    for end, (tip, back) in zip(ends, (points[:2], points[-1:-3:-1]), strict=False):
        if end in _ARROWS:
            angle = math.atan2(back[1] - tip[1], back[0] - tip[0])
            wings = [
                (tip[0] + 9 * width * math.cos(side), tip[1] + 9 * width * math.sin(side))
                for side in (angle + math.pi / 6, angle - math.pi / 6)
            ]
            close = "s" if end == "/ClosedArrow" else "S"
            one, point, other = map(format_numbers, (wings[0], tip, wings[1]))
            steps.append(f"[] 0 d {one} m {point} l {other} l {close}")
    return steps


def _round(points: list[Point], room: float) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) - room, min(ys) - room, max(xs) + room, max(ys) + room
