"""Justifies Chinese text: WeasyPrint stretches spaces only, and Chinese has none.

After layout, every line of `text-align: left` that is not the last of its paragraph and is slightly
short gets the remaining width distributed between its characters. Text that stays ragged has
`text-align: start`.
"""

from collections.abc import Iterator
from typing import Any

from sjs_forms.typesetting.lines.line_breaks import without_marks
from sjs_forms.typesetting.lines.page_boxes import page_boxes

MAX_PER_CHARACTER = 0.1
"""Limit on the added width in em; a line that would need more is not justified."""


def justify(document: Any) -> None:
    """Justify all left-aligned lines of the laid-out document."""
    for page in page_boxes(document):
        for block in _blocks(page):
            for line in block.children:
                if line.resume_at is not None and line.style["text_align_all"] == "left":
                    _spread(line, block.content_box_x() + block.width)


def _blocks(box: Any) -> Iterator[Any]:
    children = getattr(box, "children", ())
    if children and all(type(child).__name__ == "LineBox" for child in children):
        yield box
    for child in children:
        yield from _blocks(child)


def _texts(box: Any) -> Iterator[Any]:
    for child in box.children:
        if type(child).__name__ == "TextBox":
            yield child
        elif type(child).__name__ == "InlineBox":
            yield from _texts(child)
        else:
            raise LookupError


def _spread(line: Any, right: float) -> None:
    try:
        texts = [text for text in _texts(line) if text.text]
    except LookupError:
        return
    lengths = [len(without_marks(text.text)) for text in texts]
    gaps = sum(lengths) - 1
    if gaps < 1:
        return
    last = texts[-1]
    each = (right - last.position_x - last.width) / gaps
    if not 0 < each <= MAX_PER_CHARACTER * line.style["font_size"]:
        return
    shift = -each / 2  # Pango puts half of the space on either side
    for text, length in zip(texts, lengths, strict=True):
        text.position_x += shift
        text.style = text.style.copy()
        text.style["letter_spacing"] = each
        text.pango_layout.text = without_marks(
            text.pango_layout.text
        )  # a line end otherwise gets a width too
        text.width += each * length
        shift += each * length
