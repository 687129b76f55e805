"""The appearance streams of annotations and form fields, placed on the page.

Appearances that a file leaves to the viewer are not handled here; see `viewer_appearances`.
"""

from dataclasses import dataclass
from typing import Any

from pikepdf import Dictionary, Name, Stream

from sjs_forms.pdf.matrices import IDENTITY, Box, Matrix, moved, multiplied, upright
from sjs_forms.pdf.objects import (
    dictionary,
    entry,
    inherited,
    items,
    name_of,
    number,
    numbers,
    stream,
)

HIDDEN, NO_ROTATE, NO_VIEW = 2, 16, 32
WRITTEN_HERE = "/SjsLent"
"""Marks an annotation with text that this program wrote, so that it does not count as a seal."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """An appearance stream, and the matrix (in page units) that places it."""

    form: Stream
    matrix: Matrix


def flags(annotation: Any) -> int:
    """Return the annotation's /F."""
    return int(number(entry(annotation, "/F")) or 0)


def is_shown(annotation: Any) -> bool:
    """Return whether a viewer shows it: it is neither hidden nor a pop-up."""
    if flags(annotation) & (HIDDEN | NO_VIEW):
        return False
    return name_of(entry(annotation, "/Subtype")) != "/Popup"


def is_signature(annotation: Any) -> bool:
    """Return whether it is a signed signature field."""
    return (
        name_of(entry(annotation, "/Subtype")) == "/Widget"
        and name_of(inherited(annotation, "/FT")) == "/Sig"
        and dictionary(inherited(annotation, "/V")) is not None
    )


def seals(annotation: Any) -> bool:
    """Return whether a viewer shows it as a signature or stamp."""
    if not is_shown(annotation) or upright(numbers(entry(annotation, "/Rect"))) is None:
        return False
    if name_of(entry(annotation, "/Subtype")) == "/Stamp":
        return normal_appearance(annotation) is not None and WRITTEN_HERE not in annotation
    return is_signature(annotation)


def normal_appearance(annotation: Any) -> Stream | None:
    """Return the normal appearance in the annotation's current state."""
    normal = entry(entry(annotation, "/AP"), "/N")
    if stream(normal) is not None or dictionary(normal) is None:
        return stream(normal)
    state = name_of(entry(annotation, "/AS"))
    if not state:
        value = name_of(inherited(annotation, "/V"))
        state = value if value and entry(normal, value) is not None else "/Off"
    return stream(entry(normal, state))


def has_appearance(annotation: Any) -> bool:
    """Return whether the file defines the appearance, even an empty one."""
    return entry(entry(annotation, "/AP"), "/N") is not None


def is_drawable(form: Stream | None) -> bool:
    """Return whether a viewer can place the appearance: its box is not empty."""
    return form is not None and upright(numbers(form.get("/BBox"))) is not None


def placed(annotation: Any, rotation: int) -> Stamped | None:
    """Return the placed appearance. `rotation` is the page's, in clockwise degrees."""
    form = normal_appearance(annotation)
    rect = upright(numbers(entry(annotation, "/Rect")))
    if form is None or rect is None:
        return None
    own = _matrix(form)
    box = upright(numbers(form.get("/BBox")))
    if box is None:
        return None
    matrix = _onto(moved(own, box), rect)
    if matrix is None:
        return None
    if flags(annotation) & NO_ROTATE and rotation:
        matrix = multiplied(matrix, _turned_about(rect[0], rect[3], rotation))
    return Stamped(form, matrix)


def made_drawable(form: Stream, resources: Any) -> None:
    """Make an appearance stream a valid form XObject for every viewer."""
    form.Type = Name.XObject
    form.Subtype = Name.Form
    if form.get("/Resources") is None:
        form.Resources = resources if dictionary(resources) is not None else Dictionary()


def _matrix(form: Stream) -> Matrix:
    found = numbers(form.get("/Matrix"))
    if found is None or len(found) != 6:
        return IDENTITY
    return (found[0], found[1], found[2], found[3], found[4], found[5])


def _onto(box: Box, rect: Box) -> Matrix | None:
    """Return the matrix that scales and shifts `box` onto `rect`."""
    across, up = box[2] - box[0], box[3] - box[1]
    if across <= 0 or up <= 0:
        return None
    a = (rect[2] - rect[0]) / across
    d = (rect[3] - rect[1]) / up
    return (a, 0.0, 0.0, d, rect[0] - box[0] * a, rect[1] - box[1] * d)


def _turned_about(x: float, y: float, rotation: int) -> Matrix:
    """Return a rotation of `rotation` degrees anticlockwise about a point."""
    cos, sin = {90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}[rotation]
    turn = (cos, sin, -sin, cos, 0.0, 0.0)
    return multiplied(multiplied((1, 0, 0, 1, -x, -y), turn), (1, 0, 0, 1, x, y))


def listed(page: Any) -> list[Any]:
    """Return the page's annotations that are dictionaries, in drawing order."""
    return [found for found in items(entry(page, "/Annots")) if dictionary(found) is not None]
