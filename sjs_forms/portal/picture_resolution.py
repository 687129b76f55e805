"""Finds which pictures a PDF draws and at what resolution, without decoding them."""

import math
from dataclasses import dataclass

from pikepdf import Pdf, Stream

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.image_places import Drawings
from sjs_forms.pdf.matrices import Matrix
from sjs_forms.pdf.objects import Key, decoded, entry, number, stream

LONGEST = 1_000_000
"""A page with more bytes of content than this is a vector drawing and left unchanged."""


@dataclass(slots=True)
class DrawnPicture:
    """A picture, and its resolution in dots per inch where it is drawn largest."""

    image: Stream
    dpi: float = math.inf


def drawn_pictures(pdf: Pdf) -> list[DrawnPicture]:
    """Return the pictures of a clean PDF whose places are known, in page order.

    A picture also drawn in content that could not be read is left out.
    """
    drawings = Drawings(pdf, LONGEST)
    found: dict[Key, DrawnPicture] = {}
    unsure: set[Key] = set()
    for page in pdf.pages:
        content = stream(entry(page.obj, "/Contents"))
        if content is None:
            continue
        try:
            data = decoded(content, LONGEST)
        except (Damaged, FileRefused):
            data = b" " * (LONGEST + 1)
        drawing = drawings.of(data, entry(page.obj, "/Resources"))
        unsure |= drawing.unsure
        for place in drawing.places:
            drawn = found.setdefault(place.image.objgen, DrawnPicture(place.image))
            drawn.dpi = min(drawn.dpi, _dots_per_inch(place.image, place.matrix))
    return [drawn for key, drawn in found.items() if key not in unsure]


def _dots_per_inch(image: Stream, matrix: Matrix) -> float:
    """Return the resolution of a picture drawn in the unit square under `matrix`: the lower one."""
    a, b, c, d, _, _ = matrix
    across, down = number(image.get("/Width")) or 0.0, number(image.get("/Height")) or 0.0
    wide, high = math.hypot(a, b) / 72, math.hypot(c, d) / 72
    if not wide or not high:
        return math.inf
    return min(across / wide, down / high)
