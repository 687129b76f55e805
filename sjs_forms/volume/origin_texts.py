"""The text of the source pages of a volume's sides, for comparison with the sides."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from sjs_forms.base.errors import Fault
from sjs_forms.base.progress import Progress, quiet
from sjs_forms.pdf.text_comparison import may_bear_text
from sjs_forms.volume.side_origins import Origin


@dataclass(frozen=True, slots=True)
class OriginText:
    """The text of the source page of a side; `page` names that page, in Chinese."""

    page: str
    text: str


def origin_texts(
    origins: Mapping[int, Origin], progress: Progress = quiet
) -> Mapping[int, OriginText]:
    """Return the texts of the source pages of sides, read with PDFium.

    Of the PDFs on disk one is open at a time. The few in memory are our own and stay open: sides
    return to them, and reopening one costs more than reading its text. Raises Cancelled, and Fault
    for a PDF that cannot be read any more.
    """
    with ExitStack() as own:
        opened: dict[bytes, Any] = {}
        found: dict[int, OriginText] = {}
        for data, turn in groupby(origins.items(), lambda one: one[1].data):
            if isinstance(data, bytes):
                if data not in opened:
                    opened[data] = own.enter_context(closing(pypdfium2.PdfDocument(data)))
                texts = partial(_text, opened[data])
                found.update(_read(turn, texts, progress))
            else:
                with closing(_OnDisk(data)) as on_disk:
                    found.update(_read(turn, on_disk.text, progress))
        return found


def _read(
    turn: Iterable[tuple[int, Origin]], texts: Callable[[int], str], progress: Progress
) -> Iterator[tuple[int, OriginText]]:
    for side, origin in turn:
        progress.check()
        page = f"“{origin.name}”第 {origin.page + 1} 页"
        try:
            yield side, OriginText(page, texts(origin.page))
        except (pypdfium2.PdfiumError, pikepdf.PdfError) as problem:
            raise Fault(f"处理好的{page}读不出来：{problem}。") from problem


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
