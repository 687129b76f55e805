"""The text of the source pages of a volume's sides, for comparison with the sides."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from sjs_forms.pdf.text_comparison import may_bear_text, missing
from sjs_forms.volume.side_origins import Origin


class OriginTexts:
    """Reads the text of the source pages of sides with PDFium.

    Of the PDFs on disk one is open at a time. The few in memory are our own and stay open: sides
    return to them, and reopening one costs more than reading its text.
    """

    def __init__(self, origins: Mapping[int, Origin]) -> None:
        self._origins = origins
        self._own: dict[bytes, Any] = {}
        self._open: tuple[Path, _OnDisk] | None = None

    def of(self, side: int) -> str | None:
        """Return the text of a side's source page, or None if that is unknown."""
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
        """Return what is wrong with a side that has the text `found`, or None."""
        wanted = self.of(side)
        if wanted is None or not missing(wanted, found):
            return None
        origin = self._origins[side]
        return f"第 {side} 页的文字与“{origin.name}”第 {origin.page + 1} 页的不同"

    def close(self) -> None:
        """Close the open PDFs."""
        for document in self._own.values():
            document.close()
        self._own.clear()
        self._close_file()

    def _close_file(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None


class _OnDisk:
    """Reads a clean PDF page by page. Scans are not loaded: PDFium would keep their pictures."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._objects = pikepdf.open(path)
        self._document: Any = None

    def text(self, page: int) -> str:
        """Return the text of a page, counted from 0."""
        if not may_bear_text(self._objects.pages[page].obj):
            return ""
        if self._document is None:
            self._document = pypdfium2.PdfDocument(self._path)
        return _text(self._document, page)

    def close(self) -> None:
        """Close the file."""
        self._objects.close()
        if self._document is not None:
            self._document.close()


def _text(document: Any, page: int) -> str:
    with closing(document[page]) as loaded, closing(loaded.get_textpage()) as text:
        return str(text.get_text_range())
