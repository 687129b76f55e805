"""Finds which pictures a content stream draws, and where, without decoding them.

Forms may share resources, draw each other repeatedly, and contain cycles. Each form is read once;
the places that it draws are cached.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Pdf, Stream

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.matrices import IDENTITY, Matrix, multiplied
from sjs_forms.pdf.objects import (
    Key,
    decoded,
    entry,
    items,
    key_of,
    key_of_xobjects,
    name_of,
    names_of,
    number,
    stream,
)

_ALL = 100_000_000
"""Limit on bytes of content read per document."""
MAX = 2_000
"""Limit on places kept per content stream."""


@dataclass(frozen=True, slots=True)
class Place:
    """A picture and the matrix from its unit square to the content's coordinates."""

    image: Stream
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class Drawing:
    """Places of the pictures that some content draws; `unsure` are pictures with further places."""

    places: tuple[Place, ...] = ()
    unsure: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class _DrawnContent:
    """Parsed content: the pictures and forms that it draws, each with its matrix."""

    steps: tuple[tuple[Stream, Matrix], ...] = ()
    unsure: frozenset[Key] = frozenset()


@dataclass(slots=True)
class Drawings:
    """Reads the content streams of one document.

    `wanted` decides whether a picture counts. Content longer than `longest` bytes is treated as a
    vector drawing and not read.
    """

    pdf: Pdf
    longest: int
    wanted: Callable[[Stream], bool] = lambda _: True
    _forms: dict[Key, Drawing] = field(default_factory=dict)
    _pictured: dict[Key, bool] = field(default_factory=dict)
    _left: int = _ALL

    def of(self, content: bytes, resources: Any) -> Drawing:
        """Return the pictures that a page's content draws with its resources."""
        if not self._has_picture(resources):
            return Drawing()
        read = self._read(content, resources)
        self._add_forms([drawn for drawn, _ in read.steps])
        return self._composed(read)

    def _has_picture(self, resources: Any) -> bool:
        """Return whether any wanted picture is reachable from these resources, or through forms."""
        key = key_of_xobjects(resources)
        if key is not None and key in self._pictured:
            return self._pictured[key]
        found = any(self.wanted(image) for image in _reachable(resources))
        if key is not None:
            self._pictured[key] = found
        return found

    def _add_forms(self, drawn: list[Stream]) -> None:
        """Add to `_forms` all forms among `drawn` and the forms that they draw, innermost first."""
        reads: dict[Key, _DrawnContent] = {}
        waiting = list(drawn)
        while waiting:
            form = waiting[-1]
            key = key_of(form)
            if key is None or key in self._forms or not _is_form(form):
                waiting.pop()
            elif key in reads:
                waiting.pop()
                self._forms[key] = self._composed(reads[key])
            else:
                reads[key] = self._read_form(form)
                waiting += [one for one, _ in reads[key].steps if key_of(one) not in reads]

    def _read_form(self, form: Stream) -> _DrawnContent:
        resources = form.get("/Resources")
        if not names_of(entry(resources, "/XObject")):
            return _DrawnContent()
        try:
            read = self._read(decoded(form, self.longest), resources)
        except (pikepdf.PdfError, Damaged, FileRefused):
            return _DrawnContent(unsure=_keys(resources))
        own = matrix_of(items(form.get("/Matrix")))
        steps = tuple((drawn, multiplied(matrix, own)) for drawn, matrix in read.steps)
        return _DrawnContent(steps, read.unsure)

    def _read(self, content: bytes, resources: Any) -> _DrawnContent:
        """Interpret q, Q, cm and Do (PDF 32000-1, 8.4.2, 8.8)."""
        self._left -= len(content)
        if len(content) > self.longest or self._left < 0:
            return _DrawnContent(unsure=_keys(resources))
        held = entry(resources, "/XObject")
        found = dict[tuple[Key, Matrix], tuple[Stream, Matrix]]()
        now, saved = IDENTITY, list[Matrix]()
        try:
            steps = pikepdf.parse_content_stream(Stream(self.pdf, content), "q Q cm Do")
        except pikepdf.PdfError:
            return _DrawnContent(unsure=_keys(resources))
        for step in steps:
            operator = str(step.operator)
            if operator == "q":
                saved.append(now)
            elif operator == "Q":
                now = saved.pop() if saved else now
            elif operator == "cm":
                now = multiplied(matrix_of(list(step.operands)), now)
            elif operator == "Do" and step.operands:
                drawn = stream(entry(held, name_of(step.operands[0]) or "/"))
                key = key_of(drawn) if drawn is not None else None
                if drawn is not None and key is not None:
                    found[key, now] = drawn, now
        return _DrawnContent(tuple(found.values()))

    def _composed(self, read: _DrawnContent) -> Drawing:
        """Return the places of all pictures. A form that is not yet known is part of a cycle."""
        places = dict[tuple[Key, Matrix], Place]()
        unsure = set(read.unsure)
        for drawn, matrix in read.steps:
            key = key_of(drawn)
            assert key is not None
            if len(places) >= MAX:
                unsure |= _keys_of_one(drawn)
            elif _is_form(drawn):
                inner = self._forms.get(key)
                unsure |= _keys_of_one(drawn) if inner is None else inner.unsure
                for place in () if inner is None else inner.places:
                    there = multiplied(place.matrix, matrix)
                    places[_key(place.image), there] = Place(place.image, there)
            elif name_of(drawn.get("/Subtype")) == "/Image" and self.wanted(drawn):
                places[key, matrix] = Place(drawn, matrix)
        return Drawing(tuple(places.values()), frozenset(unsure))


def _is_form(thing: Stream) -> bool:
    return name_of(thing.get("/Subtype")) == "/Form"


def _key(image: Stream) -> Key:
    return image.objgen


def _reachable(resources: Any) -> list[Stream]:
    """Return every picture reachable from these resources, each once."""
    found: list[Stream] = []
    seen: set[Key] = set()
    waiting = [resources]
    while waiting:
        here = waiting.pop()
        key = key_of_xobjects(here)
        if key is not None and key in seen:
            continue
        if key is not None:
            seen.add(key)
        for _, target in names_of(entry(here, "/XObject")):
            own = key_of(target) if stream(target) is not None else None
            if own is None or own in seen:
                continue
            seen.add(own)
            if name_of(target.get("/Subtype")) == "/Image":
                found.append(target)
            else:
                waiting.append(target.get("/Resources"))
    return found


def _keys(resources: Any) -> frozenset[Key]:
    return frozenset(image.objgen for image in _reachable(resources))


def _keys_of_one(drawn: Stream) -> frozenset[Key]:
    return _keys(drawn.get("/Resources")) if _is_form(drawn) else frozenset((drawn.objgen,))


def matrix_of(values: list[Any]) -> Matrix:
    """Return six numbers as a matrix, or the identity for anything else."""
    found = [number(value) for value in values]
    if len(found) != 6 or None in found:
        return IDENTITY
    a, b, c, d, e, f = (value or 0.0 for value in found)
    return a, b, c, d, e, f
