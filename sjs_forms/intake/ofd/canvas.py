"""Writes the content stream of one page, form or pattern cell, and collects its resources."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream

from sjs_forms.pdf.matrices import (
    IDENTITY,
    Box,
    Matrix,
    format_number,
    format_numbers,
    moved,
    multiplied,
)

POINTS = 72 / 25.4
"""Points per millimetre."""

BLEND_MODES = {
    name.lower(): name
    for name in (
        *("Normal", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge"),
        *("ColorBurn", "HardLight", "SoftLight", "Difference", "Exclusion", "Hue", "Saturation"),
        *("Color", "Luminosity"),
    )
}
"""Blend modes of PDF (PDF 32000-1, 11.3.5) by their names in lower case."""


class Canvas:
    """Operators of one content stream. `matrix` maps the current space to the stream's."""

    def __init__(self, pdf: Pdf, matrix: Matrix = IDENTITY) -> None:
        self.pdf, self.matrix = pdf, matrix
        self.links: list[tuple[Box, str]] = []
        """Boxes that lead to another page, in the stream's space, and that page's ID."""

        self._parts: list[str] = []
        self._resources: dict[str, dict[str, Any]] = {}
        self._names: dict[tuple[str, Any], str] = {}

    def add(self, *operators: str) -> None:
        """Append operators."""
        self._parts += operators

    @contextmanager
    def saved(self, matrix: Matrix = IDENTITY) -> Iterator[None]:
        """Save the graphics state for the body, and apply a matrix in it."""
        before = self.matrix
        self._parts.append("q")
        self.apply(matrix)
        yield
        self._parts.append("Q")
        self.matrix = before

    def apply(self, matrix: Matrix) -> None:
        """Concatenate a matrix."""
        if matrix != IDENTITY:
            self._parts.append(f"{format_numbers(matrix)} cm")
            self.matrix = multiplied(matrix, self.matrix)

    def resource(self, kind: str, value: Any, key: Any) -> str:
        """Return the name of a resource, such as /XObject; values of one `key` are the same."""
        known = self._names.get((kind, key))
        if known is None:
            held = self._resources.setdefault(kind, {})
            known = self._names[kind, key] = f"/{kind[1:3]}{len(held)}"
            held[known] = value
        return known

    def set_state(self, fill: float = 1.0, stroke: float = 1.0, blend: str = "Normal") -> None:
        """Set opacities and the blend mode, if they are not the defaults."""
        if (fill, stroke, blend) == (1.0, 1.0, "Normal"):
            return
        state = Dictionary(Type=Name.ExtGState, ca=fill, CA=stroke, BM=Name(f"/{blend}"))
        key = format_number(fill), format_number(stroke), blend
        self.add(f"{self.resource('/ExtGState', state, key)} gs")

    def draw(self, drawn: Any) -> None:
        """Draw a form or picture in the current space."""
        self.add(f"{self.resource('/XObject', drawn, drawn.objgen)} Do")

    def link(self, box: Box, page: str) -> None:
        """Record a link from a box in the current space to a page."""
        self.links.append((moved(self.matrix, box), page))

    def content(self) -> bytes:
        """Return the content stream."""
        return "\n".join(self._parts).encode("ascii")

    def resources(self) -> Dictionary:
        """Return the resource dictionary."""
        return Dictionary({kind: Dictionary(held) for kind, held in self._resources.items()})

    def as_form(self, box: tuple[float, float, float, float], *, is_group: bool = False) -> Any:
        """Return the content as a form XObject with this bounding box."""
        form = Stream(self.pdf, self.content())
        form.Type, form.Subtype = Name.XObject, Name.Form
        form.BBox = Array([round(edge, 4) for edge in box])
        form.Resources = self.resources()
        if is_group:
            form.Group = Dictionary(Type=Name.Group, S=Name.Transparency)
        return self.pdf.make_indirect(form)
