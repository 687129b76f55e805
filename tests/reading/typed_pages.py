"""Pages of words for tests of rules: text set on a grid, as a text layer or OCR would give it."""

from collections.abc import Sequence
from typing import Any

from sjs_forms.reading.page_text import PageText
from sjs_forms.reading.pages.page_words import CodeMark, ReadPage, Word

SIZE = 12.0
"""Height of a line, and width of a Chinese character, in points."""
COLUMN = 260.0
"""Where a line's second word begins, where the line has one."""


def typed(*lines: str | tuple[str, ...], page: int = 1, **more: Any) -> PageText:
    """A page with these lines; a tuple is a line of words in columns."""
    words = []
    for row, line in enumerate(lines):
        parts = (line,) if isinstance(line, str) else line
        for at, text in enumerate(parts):
            left, top = 60 + at * COLUMN, 60 + row * 20.0
            words.append(Word(text, left, top, left + SIZE * len(text), top + SIZE))
    reading = ReadPage(page, 600.0, 842.0, tuple(words), **{"source": "text", **more})
    return PageText(reading)


def coded(text: str) -> Sequence[CodeMark]:
    """A QR code on a page."""
    return (CodeMark(text, 10, 10, 60, 60),)
