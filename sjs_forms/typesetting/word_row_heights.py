"""Sets the heights of a Word table's rows so that its pages end where those of the PDF do.

Unlike the PDF, Word cannot keep Chinese words whole. If that takes the PDF another line in a cell,
the row in Word gets the same height.
"""

from collections.abc import Iterator
from typing import Any

from sjs_forms.typesetting.lines.chinese_words import words_in_word
from sjs_forms.typesetting.lines.line_balance import balanced_lines

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TWIPS = 20
_RULE = 0.75
"""Thickness of the rule below a row, in points."""


def raise_row_heights(document: Any) -> None:
    """Raise the minimum height of every row that stays on one page to that in the PDF.

    `document` is a python-docx one. Rows of running text are unchanged: there words are split in
    both.
    """
    styles = _Styles(document.styles.element)
    for table in document.element.body.iter(f"{_W}tbl"):
        margins = table.find(f"{_W}tblPr/{_W}tblCellMar")
        if margins is None:
            continue
        above_below = _points(margins, "top") + _points(margins, "bottom")
        beside = _points(margins, "left") + _points(margins, "right")
        for row in table.iter(f"{_W}tr"):
            height = row.find(f"{_W}trPr/{_W}trHeight")
            if height is None or row.find(f"{_W}trPr/{_W}cantSplit") is None:
                continue
            needed = max(_cells(row, beside, styles), default=0.0) + above_below + _RULE
            if needed * _TWIPS > int(height.get(f"{_W}val")):
                height.set(f"{_W}val", str(round(needed * _TWIPS)))


class _Styles(dict[str | None, tuple[float, float]]):
    """Size and line height, in points, of each paragraph style by its id.

    Zero for running text, and for a style that does not set them.
    """

    def __init__(self, element: Any) -> None:
        self._element = element

    def __missing__(self, style_id: str | None) -> tuple[float, float]:
        style: Any = self._element.get_by_id(style_id) if style_id else None
        size: Any = getattr(getattr(style, "rPr", None), "sz_val", None)
        line: Any = getattr(getattr(style, "pPr", None), "spacing_line", None)
        self[style_id] = found = (0.0, 0.0)
        if size and line and style.pPr.first_line_indent is None:
            self[style_id] = found = (float(size.pt), float(line.pt))
        return found


def _cells(row: Any, beside: float, styles: _Styles) -> Iterator[float]:
    """Yield the height of each cell's text in the PDF, in points."""
    for cell in row.iter(f"{_W}tc"):
        properties = cell.find(f"{_W}tcPr")
        if properties is None or properties.find(f"{_W}tcW") is None:
            continue
        measure = _points(properties, "tcW") - beside
        yield sum(_height(each, measure, styles) for each in cell.iterchildren(f"{_W}p"))


def _height(paragraph: Any, measure: float, styles: _Styles) -> float:
    size, line = styles[paragraph.style]
    if not line:
        return 0.0
    parts = _text(paragraph).split("\n")
    return line * sum(
        len(balanced_lines(part, "Fang", measure / size, cut=words_in_word)) for part in parts
    )


def _text(paragraph: Any) -> str:
    signs = {f"{_W}br": "\n", f"{_W}tab": ""}
    marks = paragraph.iter(f"{_W}t", *signs)
    return "".join(signs.get(mark.tag, mark.text or "") for mark in marks)


def _points(holder: Any, name: str) -> float:
    return int(holder.find(f"{_W}{name}").get(f"{_W}w")) / _TWIPS
