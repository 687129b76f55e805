"""Finds colours and drawing parameters of objects (8.2, 8.3), their own or inherited."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sjs_forms.intake.ofd.structure.document_resources import ColourSpace, Resources
from sjs_forms.intake.ofd.structure.xml_nodes import number, numbers
from sjs_forms.pdf.matrices import format_numbers

_MAX_CHAIN = 20
_HEX = re.compile(r"#\s*([0-9a-fA-F]+)")
_COUNTS = {"GRAY": 1, "RGB": 3, "CMYK": 4}
_OPERATORS = {1: ("g", "G"), 3: ("rg", "RG"), 4: ("k", "K")}
_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}
_LINE_WIDTH, _MITER = 0.353, 3.528
_SHADINGS = ("Pattern", "AxialShd", "RadialShd", "GouraudShd", "LaGourandShd", "LaGouraudShd")


@dataclass(frozen=True, slots=True)
class Colour:
    """Components from 0 to 1 (grey, RGB or CMYK), and the opacity."""

    components: tuple[float, ...] = (0.0,)
    alpha: float = 1.0

    def operator(self, *, stroking: bool) -> str:
        """Return the operator that sets the colour."""
        return f"{format_numbers(self.components)} {_OPERATORS[len(self.components)][stroking]}"

    def rgb(self) -> tuple[float, float, float]:
        """Return it in RGB."""
        if len(self.components) == 1:
            return (self.components[0],) * 3
        if len(self.components) == 3:
            red, green, blue = self.components
            return red, green, blue
        cyan, magenta, yellow, black = self.components
        red, green, blue = (1 - min(1.0, ink + black) for ink in (cyan, magenta, yellow))
        return red, green, blue


BLACK = Colour()


def colour_of(node: Any, resources: Resources) -> Colour:
    """Return the plain colour that an element states; black if it states none."""
    alpha = min(max(number(node.get("Alpha"), 255), 0), 255) / 255
    name = (node.get("ColorSpace") or resources.default_space).strip()
    space = resources.colour_spaces.get(name, ColourSpace())
    text = node.get("Value")
    if node.get("Index") is not None and space.palette and text is None:
        index = int(number(node.get("Index"), 0))
        text = space.palette[index] if 0 <= index < len(space.palette) else None
    values = _components(text)
    if not values:
        return Colour(alpha=alpha)
    count = _COUNTS.get(space.kind, 3)
    if len(values) < count:
        count = max(each for each in (1, 3, 4) if each <= len(values))
    elif name not in resources.colour_spaces and len(values) == 4:
        count = 4
    most = (1 << min(max(space.bits, 1), 16)) - 1
    return Colour(tuple(min(max(value / most, 0.0), 1.0) for value in values[:count]), alpha)


def _components(text: str | None) -> list[float]:
    if text and "#" in text:
        found = _HEX.findall(text)
        if len(found) == 1 and len(found[0]) == 6:  # as in HTML
            found = [found[0][:2], found[0][2:4], found[0][4:]]
        return [float(int(value[:4], 16)) for value in found]
    return numbers(text)


def shading_in(node: Any) -> Any | None:
    """Return the pattern or gradient within a colour element, or None for a plain colour."""
    return next((child for name in _SHADINGS if (child := node.find(name)) is not None), None)


class Style:
    """The properties of one object: its own, those of its drawing parameters, or inherited ones.

    `inherited` are IDs of drawing parameters that its composite objects and its layer state, the
    innermost first.
    """

    def __init__(self, node: Any, inherited: Sequence[str], resources: Resources) -> None:
        self._sources = [node, *_chain(node.get("DrawParam"), resources)]
        for name in inherited:
            self._sources += _chain(name, resources)

    def colour_node(self, name: str) -> Any | None:
        """Return the element FillColor or StrokeColor that applies, or None."""
        found = (source.find(name) for source in self._sources)
        return next((each for each in found if each is not None), None)

    def _stated(self, name: str) -> str | None:
        found = (source.get(name) for source in self._sources)
        return next((each for each in found if each is not None), None)

    @property
    def line_width(self) -> float:
        """The width of lines in millimetres of the object's own space."""
        return max(0.0, number(self._stated("LineWidth"), _LINE_WIDTH))

    def line_operators(self) -> str:
        """Return the operators that set width, ends, joins and dashes of lines."""
        cap = _CAPS.get((self._stated("Cap") or "").strip().lower(), 0)
        join = _JOINS.get((self._stated("Join") or "").strip().lower(), 0)
        miter = max(1.0, number(self._stated("MiterLimit"), _MITER))
        dashes = dash_array(numbers(self._stated("DashPattern")))
        phase = max(0.0, number(self._stated("DashOffset"), 0.0)) if dashes else 0.0
        return (
            f"{format_numbers([self.line_width])} w {cap} J {join} j {format_numbers([miter])} M"
            f" [{format_numbers(dashes)}] {format_numbers([phase])} d"
        )


def dash_array(stated: Sequence[float]) -> list[float]:
    """Return dashes that PDF accepts: none negative, and not all zero."""
    dashes = [max(0.0, value) for value in stated[:32]]
    return dashes if math.fsum(dashes) > 1e-3 else []


def _chain(name: str | None, resources: Resources) -> Iterator[Any]:
    """Yield drawing parameters, then those that each is relative to."""
    for _ in range(_MAX_CHAIN):
        node = resources.parameters.get((name or "").strip())
        if node is None:
            return
        yield node
        name = node.get("Relative")
