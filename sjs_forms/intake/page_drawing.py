"""Draws pages of PDFs in the confined processes that open attachments.

A page that crashes PDFium, or takes too much time or memory, ends a worker but not the server.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import ExitCode, SjsFormsError, UsageFault
from sjs_forms.base.processes.processors import processors
from sjs_forms.base.progress import Cancelled, never_cancelled
from sjs_forms.base.system_errors import as_own_error
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import FactsCache, FileRefused
from sjs_forms.intake.process.worker_pool import WorkerPool, in_a_worker
from sjs_forms.intake.worker_drawing import DRAW, READ, TEXTS
from sjs_forms.pdf.page_reading import PageReading

_AT_ONCE = 2
"""Limit on pages drawn at once; further ones wait."""

MAX_SECONDS = 60.0
"""Limit in seconds on the time for a picture, including the start of a worker. A scanned page
takes some 40 ms.
"""

_LARGEST = 64_000_000
"""Limit in bytes on one PNG."""

MAX_KEPT = 32_000_000
"""Bytes of the latest pictures that are kept, so that scrolling back draws nothing."""

_PNG = b"\x89PNG\r\n\x1a\n"


class PageUndrawable(SjsFormsError):
    """Raised for a page that cannot be drawn, or not within the limits."""

    exit_code = ExitCode.ATTACHMENT

    def __init__(self, called: str = "这一页") -> None:
        super().__init__(f"{called}画不出来。", "请用看 PDF 的软件打开原文件核对。")


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as PNG. `pages` is the page count of its document."""

    png: bytes
    pages: int


class PageDrawing:
    """Draws pages with the workers of a pool, and keeps the latest pictures. Thread-safe."""

    def __init__(
        self,
        cache: FactsCache,
        pool: WorkerPool,
        is_cancelled: Callable[[], bool] = never_cancelled,
    ) -> None:
        """`cache` says where workers may work; both must last as long as this object.

        Once `is_cancelled` returns True, running calls raise Cancelled.
        """
        self._cache, self._pool, self._is_cancelled = cache, pool, is_cancelled
        self._turns = threading.BoundedSemaphore(min(_AT_ONCE, processors()))
        self._ended = threading.Event()
        self._keeping = threading.Lock()
        self._kept: OrderedDict[tuple[Any, ...], DrawnPage] = OrderedDict()
        self._bytes = 0

    def close(self) -> None:
        """Cancel running calls."""
        self._ended.set()

    def page(self, limits: IntakeLimits, pdf: Path | bytes, page: int, dpi: float) -> DrawnPage:
        """Return a page, from 1, of a PDF.

        Raises UsageFault if there is no such file or page, PageUndrawable, and system errors as
        `system_errors.as_own_error` converts them.
        """
        key = (*_identity(pdf), page, dpi)
        known = self._known(key)
        if known is None:
            seconds = min(MAX_SECONDS, limits.max_seconds)
            bounds = replace(limits, max_seconds=seconds)
            answer, png = self._request(bounds, pdf, DRAW, page=page, dpi=dpi)
            known = DrawnPage(png, int(answer["pages"]))
            if png and not png.startswith(_PNG):
                raise PageUndrawable
            self._keep(key, known)
        if not known.png:
            raise UsageFault(f"共 {known.pages} 页，没有第 {page} 页。", "请刷新后再试。")
        return known

    def reading(self, limits: IntakeLimits, pdf: Path, page: int) -> PageReading:
        """Read a page, from 1, for comparison with others. Raises what `page` raises."""
        from PIL import Image

        answer, png = self._request(limits, pdf, READ, page=page)
        wide, high = answer["points"]
        with Image.open(BytesIO(png), formats=("PNG",)) as picture:
            picture.load()
        return PageReading(picture, (wide, high), str(answer["text"]), int(answer["text_turn"]))

    def texts(self, limits: IntakeLimits, pdf: bytes) -> tuple[str, ...]:
        """Return the text of each page of a PDF. Raises what `page` raises."""
        answer, _ = self._request(limits, pdf, TEXTS)
        return tuple(map(str, answer["texts"]))

    def _request(
        self, limits: IntakeLimits, pdf: Path | bytes, kind: str, **more: Any
    ) -> tuple[dict[str, Any], bytes]:
        """Return a worker's answer, and the bytes of the file that it wrote."""
        try:
            with self._turns:
                return self._request_in(limits, pdf, kind, more)
        except Cancelled as problem:
            if self._is_cancelled():
                raise
            raise PageUndrawable from problem
        except FileRefused as problem:
            raise PageUndrawable from problem
        except OSError as problem:
            raise as_own_error(problem) from problem

    def _request_in(
        self, limits: IntakeLimits, pdf: Path | bytes, kind: str, more: dict[str, Any]
    ) -> tuple[dict[str, Any], bytes]:
        for cache in self._cache.in_turn():
            try:
                with self._pool.workplace(cache.workshop, self._is_to_end) as place:
                    source, target = place.give(pdf, "page.pdf"), place.made / "page.png"
                    answer = in_a_worker(place, kind, source, target, limits, None, **more)
                    if target.stat().st_size > _LARGEST:
                        raise PageUndrawable
                    return answer, target.read_bytes()
            except OSError as problem:
                stopped = problem
        raise stopped

    def _is_to_end(self) -> bool:
        return self._ended.is_set() or self._is_cancelled()

    def _known(self, key: tuple[Any, ...]) -> DrawnPage | None:
        with self._keeping:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
            return known

    def _keep(self, key: tuple[Any, ...], drawn: DrawnPage) -> None:
        with self._keeping:
            if key in self._kept or len(drawn.png) > MAX_KEPT:
                return
            self._kept[key] = drawn
            self._bytes += len(drawn.png)
            while self._bytes > MAX_KEPT:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest.png)


def _identity(pdf: Path | bytes) -> tuple[Any, ...]:
    """Return a value that changes if the PDF does. Raises UsageFault if there is no such file."""
    if isinstance(pdf, bytes):
        return (sha256(pdf).hexdigest(),)
    try:
        status = pdf.stat()
    except OSError:
        raise UsageFault(f"“{pdf.name}”已经不在了。", "请刷新后再试。") from None
    return str(pdf), status.st_ino, status.st_size, status.st_mtime_ns
