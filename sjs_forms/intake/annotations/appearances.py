"""What annotations and form fields show, as appearance streams placed on the page.

Deliberately not here: appearances that a file leaves to its viewer; see `viewer_appearances`.
"""

from dataclasses import dataclass
from typing import Any

from pikepdf import Dictionary, Name, Stream

from sjs_forms.pdf.matrices import IDENTITY, Box, Matrix, moved, times, upright
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

INVISIBLE_IF_UNKNOWN, HIDDEN, NO_ROTATE, NO_VIEW = 1, 2, 16, 32
LENT = "/SjsLent"
"""Marks an annotation whose words were written here: no seal of anybody's."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """An appearance stream and the matrix (page units) that puts it where it belongs."""

    form: Stream
    matrix: Matrix


def flags(annotation: Any) -> int:
    """The annotation's /F."""
    return int(number(entry(annotation, "/F")) or 0)


def is_shown(annotation: Any) -> bool:
    """Whether a viewer shows it: not hidden, and no pop-up, which opens only when asked."""
    if flags(annotation) & (HIDDEN | NO_VIEW):
        return False
    return name_of(entry(annotation, "/Subtype")) != "/Popup"


def is_signature(annotation: Any) -> bool:
    """Whether it is a signature field that has been signed."""
    return (
        name_of(entry(annotation, "/Subtype")) == "/Widget"
        and name_of(inherited(annotation, "/FT")) == "/Sig"
        and dictionary(inherited(annotation, "/V")) is not None
    )


def seals(annotation: Any) -> bool:
    """Whether a viewer shows it as a signature or stamp."""
    if not is_shown(annotation) or upright(numbers(entry(annotation, "/Rect"))) is None:
        return False
    if name_of(entry(annotation, "/Subtype")) == "/Stamp":
        return normal_appearance(annotation) is not None and LENT not in annotation
    return is_signature(annotation)


def normal_appearance(annotation: Any) -> Stream | None:
    """The stream a viewer draws for the annotation at rest, in its present state."""
    normal = entry(entry(annotation, "/AP"), "/N")
    if stream(normal) is not None or dictionary(normal) is None:
        return stream(normal)
    state = name_of(entry(annotation, "/AS"))
    if not state:
        value = name_of(inherited(annotation, "/V"))
        state = value if value and entry(normal, value) is not None else "/Off"
    return stream(entry(normal, state))


def has_appearance(annotation: Any) -> bool:
    """Whether the file itself says how the annotation looks, if only as nothing."""
    return entry(entry(annotation, "/AP"), "/N") is not None


def is_drawable(form: Stream | None) -> bool:
    """Whether a viewer can place the appearance: it has a box of some size."""
    return form is not None and upright(numbers(form.get("/BBox"))) is not None


def placed(annotation: Any, rotation: int) -> Stamped | None:
    """The appearance where it stands; `rotation` is the page's, clockwise degrees."""
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
        matrix = times(matrix, _turned_about(rect[0], rect[3], rotation))
    return Stamped(form, matrix)


def made_drawable(form: Stream, resources: Any) -> None:
    """See that an appearance stream is a form XObject in every viewer's eyes."""
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
    """The matrix that scales and shifts `box` onto `rect`."""
    across, up = box[2] - box[0], box[3] - box[1]
    if across <= 0 or up <= 0:
        return None
    a = (rect[2] - rect[0]) / across
    d = (rect[3] - rect[1]) / up
    return (a, 0.0, 0.0, d, rect[0] - box[0] * a, rect[1] - box[1] * d)


def _turned_about(x: float, y: float, rotation: int) -> Matrix:
    """Anticlockwise by `rotation` degrees about a point, so that it ends upright."""
    cos, sin = {90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}[rotation]
    turn = (cos, sin, -sin, cos, 0.0, 0.0)
    return times(times((1, 0, 0, 1, -x, -y), turn), (1, 0, 0, 1, x, y))


def listed(page: Any) -> list[Any]:
    """The page's annotations that are dictionaries, in drawing order."""
    return [found for found in items(entry(page, "/Annots")) if dictionary(found) is not None]
