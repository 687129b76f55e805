"""Which pictures a PDF draws and how finely, found without decoding any of them."""

import math
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Pdf, Stream

from sjs_forms.intake.geometry import IDENTITY, Matrix, times
from sjs_forms.intake.objects import (
    Key,
    decoded,
    entry,
    items,
    key_of,
    name_of,
    names_of,
    number,
    stream,
)
from sjs_forms.intake.unusable import Damaged, Unusable

LONGEST = 1_000_000
"""Bytes of content above which a page is taken for a drawing, and left as it is."""
_ALL = 100_000_000
"""Bytes of content that are followed in one file; a hostile one could go on for ever."""
_A_FORM, _A_PICTURE = 5_000, 500
"""What drawing one counts as, in the same currency."""
_DEEPEST = 12


@dataclass(slots=True)
class Drawn:
    """A picture, and the dots per inch where it is drawn largest."""

    image: Stream
    dpi: float = math.inf


def drawn_pictures(pdf: Pdf) -> list[Drawn]:
    """The pictures of a clean PDF that could be followed, in the order of its pages.

    A picture that is drawn anywhere in content that could not be followed is left out.
    """
    walk = _Walk()
    for page in pdf.pages:
        content = stream(entry(page.obj, "/Contents"))
        if content is not None:
            walk.follow(content, entry(page.obj, "/Resources"), IDENTITY, 0)
    return walk.found()


class _Walk:
    """One way through all content, into forms as often as they are drawn."""

    def __init__(self) -> None:
        self._drawn: dict[Key, Drawn] = {}
        self._barred: set[Key] = set()
        self._left = _ALL

    def found(self) -> list[Drawn]:
        """What was followed wherever it is drawn."""
        return [drawn for key, drawn in self._drawn.items() if key not in self._barred]

    def follow(self, content: Stream, resources: Any, matrix: Matrix, depth: int) -> None:
        """Follow q, Q, cm and Do, unless there is no picture to come to."""
        pictures = _pictures_of(resources)
        if not pictures:
            return
        try:
            self._left -= _A_FORM + len(decoded(content, LONGEST))
            if self._left < 0 or depth > _DEEPEST:
                raise Damaged("too much content")
            steps = pikepdf.parse_content_stream(content, "q Q cm Do")
        except (pikepdf.PdfError, Damaged, Unusable):
            self._barred |= pictures
            return
        holder = entry(resources, "/XObject")
        now, saved = matrix, list[Matrix]()
        for step in steps:
            if self._left < 0:
                self._barred |= pictures
                return
            operator = str(step.operator)
            if operator == "q":
                saved.append(now)
            elif operator == "Q":
                now = saved.pop() if saved else now
            elif operator == "cm":
                now = times(_six(step.operands), now)
            elif step.operands:
                self._draw(holder, name_of(step.operands[0]), now, depth)

    def _draw(self, holder: Any, name: str, now: Matrix, depth: int) -> None:
        target = stream(entry(holder, name)) if name else None
        self._left -= _A_PICTURE
        if target is None:
            return
        kind, key = name_of(target.get("/Subtype")), key_of(target)
        if kind == "/Form":
            own = _six(items(target.get("/Matrix")))
            self.follow(target, target.get("/Resources"), times(own, now), depth + 1)
        elif kind == "/Image" and key is not None:
            drawn = self._drawn.setdefault(key, Drawn(target))
            drawn.dpi = min(drawn.dpi, _dots_per_inch(target, now))


def _pictures_of(resources: Any) -> set[Key]:
    """Every picture that content with these resources may come to draw, through forms too."""
    found: set[Key] = set()
    seen: set[Key] = set()
    waiting = [resources]
    while waiting:
        for _, target in names_of(entry(waiting.pop(), "/XObject")):
            key = key_of(target)
            if stream(target) is None or key is None or key in seen:
                continue
            seen.add(key)
            if name_of(target.get("/Subtype")) == "/Image":
                found.add(key)
            else:
                waiting.append(target.get("/Resources"))
    return found


def _dots_per_inch(image: Stream, matrix: Matrix) -> float:
    """Dots per inch of a picture drawn into the unit square under `matrix`, the coarser way."""
    a, b, c, d, _, _ = matrix
    across, down = number(image.get("/Width")) or 0.0, number(image.get("/Height")) or 0.0
    wide, high = math.hypot(a, b) / 72, math.hypot(c, d) / 72
    if not wide or not high:
        return math.inf
    return min(across / wide, down / high)


def _six(values: Any) -> Matrix:
    found = [number(value) for value in values]
    if len(found) != 6 or None in found:
        return IDENTITY
    a, b, c, d, e, f = (value or 0.0 for value in found)
    return a, b, c, d, e, f
