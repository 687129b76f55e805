"""The text of a Word file as a reader of the page sees it."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx import Document

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_VISIBLE = {f"{_WORD}t": None, f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n"}


def text_of_word(data: bytes) -> list[str]:
    """The visible text, paragraph by paragraph, without empty ones.

    Reading order: tables row by row, each cell once however many columns or rows it spans.
    """
    body = Document(BytesIO(data)).element.body
    paragraphs = ("".join(_text(paragraph)) for paragraph in body.iter(f"{_WORD}p"))
    return [text for text in paragraphs if text.strip()]


def _text(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter(*_VISIBLE):
        if next(element.iterancestors(f"{_WORD}p")) is not paragraph:
            continue  # of a text box inside this paragraph, which comes by itself
        if next(element.iterancestors(_FALLBACK), None) is not None:
            continue  # the same once more, for old readers
        parent = element.getparent()
        if parent.tag != f"{_WORD}r":
            continue  # a tab stop of the paragraph's settings, not a tab
        stands_for = _VISIBLE[element.tag]
        yield (element.text or "") if stands_for is None else stands_for
