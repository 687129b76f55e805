"""Finds red seals on a drawn page. That of a grey copy is not seen.

Measured by tests/reading/measure_reading.py: 100 of 100 hard pages with a seal, and 1 of 100 with
other red on them, a paragraph set in red.
"""

from PIL import Image

from sjs_forms.intake.seal_detection import MM, red_seals
from sjs_forms.reading.pages.page_words import SealMark

_PIXELS_PER_POINT = MM * 25.4 / 72
_A4 = (210 * MM, 297 * MM)


def seal_marks(picture: Image.Image, points: tuple[float, float]) -> tuple[SealMark, ...]:
    """Return the red seals on a picture of a page of this size in points, from its head.

    What has the colour but not the shape of one is none: letterheads, frames, photographs.
    """
    wide, high = points
    room = _A4 if wide <= high else _A4[::-1]
    scale = min(_PIXELS_PER_POINT, room[0] / wide, room[1] / high)  # as it is on paper
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    small = picture.convert("RGB").resize(size, Image.Resampling.BOX)
    boxes = sorted(red_seals(small), key=lambda box: (box[1], box[0]))
    return tuple(
        SealMark(left * wide, top * high, right * wide, bottom * high)
        for left, top, right, bottom in boxes
    )
