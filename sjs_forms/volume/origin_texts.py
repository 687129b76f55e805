"""The text of the pages that a volume's sides came from, to be held against what the sides bear."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from sjs_forms.pdf.text_comparison import may_bear_text, missing
from sjs_forms.volume.side_origins import Origin


class OriginTexts:
    """The text of the pages that sides came from, by PDFium.

    Of the PDFs on disk one is open at a time. The few in memory are our own, and sides come back
    to them: they stay open, for opening one anew costs more than its text.
    """

    def __init__(self, origins: Mapping[int, Origin]) -> None:
        self._origins = origins
        self._own: dict[bytes, Any] = {}
        self._open: tuple[Path, _OnDisk] | None = None

    def of(self, side: int) -> str | None:
        """What stands on the page that a side came from; None where nobody knows that."""
        origin = self._origins.get(side)
        if origin is None:
            return None
        data = origin.data
        if isinstance(data, bytes):
            if data not in self._own:
                self._own[data] = pypdfium2.PdfDocument(data)
            return _text(self._own[data], origin.page)
        if self._open is None or self._open[0] != data:
            self._close_file()
            self._open = data, _OnDisk(data)
        return self._open[1].text(origin.page)

    def fault(self, side: int, found: str) -> str | None:
        """What is wrong with a side on which there is the text `found`."""
        wanted = self.of(side)
        if wanted is None or not missing(wanted, found):
            return None
        origin = self._origins[side]
        return f"第 {side} 页的文字与“{origin.name}”第 {origin.page + 1} 页的不同"

    def close(self) -> None:
        """Let go of the PDFs that are open."""
        for document in self._own.values():
            document.close()
        self._own.clear()
        self._close_file()

    def _close_file(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None


class _OnDisk:
    """A clean PDF read page by page, of which PDFium loads no scan: it would keep its picture."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._objects = pikepdf.open(path)
        self._document: Any = None

    def text(self, page: int) -> str:
        """What stands on a page, counted from 0."""
        if not may_bear_text(self._objects.pages[page].obj):
            return ""
        if self._document is None:
            self._document = pypdfium2.PdfDocument(self._path)
        return _text(self._document, page)

    def close(self) -> None:
        """Let go of the file."""
        self._objects.close()
        if self._document is not None:
            self._document.close()


def _text(document: Any, page: int) -> str:
    with closing(document[page]) as loaded, closing(loaded.get_textpage()) as text:
        return str(text.get_text_range())
