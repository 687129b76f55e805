"""Check boxes and radio buttons (PDF 32000-1, 12.7.4.2): their state and appearance.

A file may state only that a box is ticked and with which sign, and leave drawing to the viewer.
"""

import math
from collections.abc import Sequence
from typing import Any

from pikepdf import Dictionary, Name, Pdf

from sjs_forms.intake.annotations import appearances
from sjs_forms.intake.annotations.field_text import pen_of
from sjs_forms.intake.annotations.path_drawing import (
    Point,
    appearance,
    border_width,
    circle,
    colour,
    path,
)
from sjs_forms.pdf.matrices import format_numbers, upright
from sjs_forms.pdf.objects import (
    dictionary,
    entry,
    inherited,
    items,
    key_of,
    keys_of,
    name_of,
    number,
    numbers,
    stream,
    text_of,
)

_OFF = "/Off"
_RADIO, _PUSH = 1 << 15, 1 << 16
_CROSSES, _DISCS, _DIAMONDS, _SQUARES, _STARS = "5678", "l", "u", "n", "HIJK"
"""ZapfDingbats characters that /CA uses for the sign; any other is a check mark."""

_CHECK = (((-0.28, 0.02), (-0.08, -0.24), (0.3, 0.28)),)
_CROSS = (((-0.26, -0.26), (0.26, 0.26)), ((-0.26, 0.26), (0.26, -0.26)))
_SQUARE = ((-0.25, -0.25), (0.25, -0.25), (0.25, 0.25), (-0.25, 0.25))
_DIAMOND = ((0.0, -0.33), (0.33, 0.0), (0.0, 0.33), (-0.33, 0.0))
_STAR = tuple(
    (radius * math.cos(angle), radius * math.sin(angle))
    for radius, angle in ((0.14 if n % 2 else 0.36, math.pi * (0.5 + n / 5)) for n in range(10))
)
"""Signs as lines and corners, relative to the centre and in units of the box size."""


def is_tickable(annotation: Any) -> bool:
    """Return whether it is a check box or radio button, not a push button."""
    return (
        name_of(entry(annotation, "/Subtype")) == "/Widget"
        and name_of(inherited(annotation, "/FT")) == "/Btn"
        and not _flags(annotation) & _PUSH
    )


def show_state(pdf: Pdf, widget: Any, renewed: bool) -> bool:
    """Make a box show its state. Returns whether the file states it unambiguously.

    `renewed` means that appearances must be regenerated from values (/NeedAppearances).
    """
    normal = entry(entry(widget, "/AP"), "/N")
    if appearances.is_drawable(stream(normal)):
        return True
    states = set(keys_of(normal)) - {_OFF} if dictionary(normal) is not None else set()
    if not states:
        ticked = _is_ticked(widget)
        if ticked or not appearances.is_drawable(appearances.normal_appearance(widget)):
            _draw(pdf, widget, bool(ticked))
        return ticked is not None
    sure = _chosen(widget, states, renewed)
    state = name_of(entry(widget, "/AS")) or _OFF
    left_out = state in normal or (renewed and state == _OFF)
    if left_out and not appearances.is_drawable(appearances.normal_appearance(widget)):
        _draw(pdf, widget, state != _OFF)
    return sure


def _chosen(widget: Any, states: set[str], renewed: bool) -> bool:
    """Select the right appearance state. Returns whether state and value agree."""
    state, value = name_of(entry(widget, "/AS")), _value(widget)
    if value in states and (renewed or not state):
        widget["/AS"] = Name(value)
        return True
    overlooked = value in states and state == _OFF
    return state in ("", _OFF, *states) and not overlooked


def _is_ticked(widget: Any) -> bool | None:
    """Return the state of a box without an appearance for it, or None if the file does not state
    it.
    """
    state, value = name_of(entry(widget, "/AS")), _value(widget)
    if state:
        return state != _OFF
    if value in ("", _OFF):
        return False
    kids = items(entry(entry(widget, "/Parent"), "/Kids"))
    if not _flags(widget) & _RADIO or len(kids) < 2:
        return True
    own = key_of(widget)
    at = next((at for at, kid in enumerate(kids) if own and key_of(kid) == own), None)
    words = [f"/{text_of(option)}" for option in items(inherited(widget, "/Opt"))]
    names = [f"/{number_}" for number_ in range(len(kids))]
    if at is None or value not in (*names, *words):
        return None
    return value in (names[at], *words[at : at + 1])


def _value(widget: Any) -> str:
    """Return the field's value as a state name."""
    value = inherited(widget, "/V")
    return name_of(value) or (f"/{said}" if (said := text_of(value)) else "")


def _flags(widget: Any) -> int:
    return int(number(inherited(widget, "/Ff")) or 0)


def _draw(pdf: Pdf, widget: Any, ticked: bool) -> None:
    """Draw the box's background and border and, if it is ticked, its sign."""
    box = upright(numbers(entry(widget, "/Rect")))
    if box is None:
        return
    width, height = box[2] - box[0], box[3] - box[1]
    default = _DISCS if _flags(widget) & _RADIO else "4"
    sign = text_of(entry(entry(widget, "/MK"), "/CA")) or default
    steps = [_ground(widget, width, height, sign in _DISCS)]
    if ticked:
        pen = pen_of(text_of(inherited(widget, "/DA")) or "")
        steps.append(
            f"q {pen[0]} {pen[1]} {_tick(sign, width / 2, height / 2, min(width, height))} Q"
        )
    form = appearance(pdf, " ".join(steps), (0, 0, width, height))
    widget["/AP"] = Dictionary(N=pdf.make_indirect(form))


def _ground(widget: Any, width: float, height: float, is_round: bool) -> str:
    look, thick = entry(widget, "/MK"), border_width(widget, 1.0)
    fill, stroke = colour(entry(look, "/BG"), False), colour(entry(look, "/BC"), True)
    if not thick:
        stroke = ""
    painted = {(True, True): "B", (True, False): "f", (False, True): "S"}
    paint = painted.get((bool(fill), bool(stroke)))
    if paint is None:
        return ""
    outline = format_numbers((thick / 2, thick / 2, width - thick, height - thick)) + " re"
    if is_round:
        outline = circle(width / 2, height / 2, (min(width, height) - thick) / 2)
    return f"q {fill} {stroke} {format_numbers((thick,))} w {outline} {paint} Q"


def _tick(sign: str, x: float, y: float, size: float) -> str:
    """Return content that draws the sign centred on a point, for a box of that size."""

    def at(points: Sequence[Point]) -> list[Point]:
        return [(x + across * size, y + up * size) for across, up in points]

    if sign in _DISCS:
        return f"{circle(x, y, size * 0.25)} f"
    for signs, corners in ((_SQUARES, _SQUARE), (_DIAMONDS, _DIAMOND), (_STARS, _STAR)):
        if sign in signs:
            return f"{path(at(corners), closed=True)} f"
    strokes = _CROSS if sign in _CROSSES else _CHECK
    lines = " ".join(path(at(stroke), closed=False) for stroke in strokes)
    return f"{format_numbers((size * 0.1,))} w 1 J 1 j {lines} S"
