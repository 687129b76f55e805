"""What a laid-out form must keep to: A4 upright, and nothing off the page."""

from collections.abc import Iterator
from typing import Any

from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH
from sjs_forms.typesetting.lines.line_breaks import without_marks
from sjs_forms.typesetting.lines.page_boxes import page_boxes

_POINTS = 0.75
"""Points of a CSS pixel."""
_MM = 25.4 / 96
"""Millimetres of a CSS pixel."""
_TOLERANCE = 1.5


def other_size(document: Any) -> str:
    """Return the size of the first page that is not A4 upright, such as 297×210; "" for none."""
    for page in document.pages:
        sizes = ((page.width, A4_WIDTH), (page.height, A4_HEIGHT))
        if any(abs(given * _POINTS - wanted) > _TOLERANCE for given, wanted in sizes):
            return f"{page.width * _MM:.0f}×{page.height * _MM:.0f}"
    return ""


def off_the_page(document: Any) -> Iterator[str]:
    """Yield each text that lies on or beyond an edge of its page, which the printer cuts off."""
    for page in page_boxes(document):
        width, height = page.margin_width(), page.margin_height()
        for box in page.descendants():
            if type(box).__name__ != "TextBox" or not without_marks(box.text).strip():
                continue
            across = -_TOLERANCE <= box.position_x <= width + _TOLERANCE - box.width
            down = -_TOLERANCE <= box.position_y <= height + _TOLERANCE - box.height
            if not (across and down):
                yield without_marks(box.text).strip()
