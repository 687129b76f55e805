"""Reads pages of clean PDFs in confined processes, each page once.

A job owns a `PageReader`. Its first process looks at pages; the second, which recognises text and
takes some 500 MB, is started only for pages that need it, and there is one on the machine at a
time: whoever has it holds a lock in the user's cache folder until his job ends, and others wait.
"""

import importlib.metadata
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from sjs_forms.base.files.hashing import digest
from sjs_forms.base.files.user_cache import cache_folder
from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.base.progress import CHECK_INTERVAL, Cancelled, never_cancelled
from sjs_forms.base.system_errors import as_own_error
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import FactsCache
from sjs_forms.intake.photographs import opencv
from sjs_forms.intake.process.worker_pool import WorkerPool, in_a_worker
from sjs_forms.reading.pages import codes, ocr
from sjs_forms.reading.pages.page_words import ReadPage, upright
from sjs_forms.reading.process.reading_records import reading_of, record_of, words_of
from sjs_forms.reading.process.reading_worker import LOOK, READ_TEXT, READER, RECOGNISE, RECOGNISER

_log = logging.getLogger(__name__)

VERSION = "1"
"""Incremented whenever something else is read on the same page."""

MAX_SECONDS = 120.0
"""Limit on the time for one page, the start of a process included. Recognising takes some 2 s, many
times that on a busy machine.
"""

_LOCK = "recognition.lock"
_PACKAGES = {"ocr": "rapidocr", "codes": "zxing-cpp"}


@dataclass(frozen=True, slots=True)
class ReadingMeans:
    """What this machine can do beside reading text layers and seals: read scans and QR codes, and
    straighten photographs.
    """

    scans: bool
    codes: bool
    photographs: bool


def reading_means() -> ReadingMeans:
    """Return what is installed; loads nothing."""
    return ReadingMeans(ocr.is_installed(), codes.is_installed(), opencv.is_installed())


class PageReader:
    """Reads pages for one job, and ends its processes with it. A context manager.

    Not thread-safe.
    """

    def __init__(
        self,
        cache: FactsCache,
        limits: IntakeLimits,
        is_cancelled: Callable[[], bool] = never_cancelled,
    ) -> None:
        """`cache` keeps what was read. Once `is_cancelled` returns True, reading raises
        Cancelled.
        """
        seconds = min(MAX_SECONDS, limits.max_seconds)
        self._limits = replace(limits, max_seconds=seconds)
        self._cache, self._is_cancelled = cache, is_cancelled
        self.means = reading_means()
        self._versions = _versions(self.means)
        self._held = ExitStack()
        self._reader = self._held.enter_context(WorkerPool(READER))
        self._recogniser: WorkerPool | None = None

    def __enter__(self) -> Self:
        """Return self. Nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the reader."""
        self.close()

    def close(self) -> None:
        """End the processes, and let others recognise text."""
        self._held.close()
        self._recogniser = None

    def read_pages(self, clean: Path, pages: Sequence[int]) -> tuple[ReadPage, ...]:
        """Read pages, from 1, of a clean PDF.

        A page that cannot be read has no words and the source "none". Raises Cancelled, and for
        faults of the system what `system_errors.as_own_error` makes of them.
        """
        return self._pages(clean, pages, LOOK)

    def read_text_layers(self, clean: Path, pages: Sequence[int]) -> tuple[ReadPage, ...]:
        """Read only the text layers of pages, some 10 ms each; otherwise as `read_pages`.

        A page that is a picture has the source "none".
        """
        return self._pages(clean, pages, READ_TEXT)

    def _pages(self, clean: Path, pages: Sequence[int], how: str) -> tuple[ReadPage, ...]:
        if not pages:
            return ()
        try:
            content = digest(clean)
            return tuple(
                self._page(clean, page, how, self._key(content, page, how)) for page in pages
            )
        except OSError as problem:
            raise as_own_error(problem) from problem

    def _key(self, content: str, page: int, how: str) -> str:
        versions = self._versions if how == LOOK else ()
        parts = ("reading", VERSION, how, *versions, content, str(page))
        return sha256("\n".join(parts).encode()).hexdigest()

    def _page(self, clean: Path, page: int, how: str, key: str) -> ReadPage:
        known = self._cache.record(key)
        if known is not None:
            with suppress(KeyError, TypeError, ValueError):
                return reading_of(known)
            _log.warning("what was read earlier is thrown away: %s", key)
        try:
            reading = self._read(clean, page, how)
        except (FileRefused, KeyError, TypeError, ValueError):
            _log.warning("page %d could not be read", page, exc_info=True)
            return ReadPage(page, 0.0, 0.0)
        self._cache.keep_record(key, record_of(reading))
        return reading

    def _read(self, clean: Path, page: int, how: str) -> ReadPage:
        answer = self._asked(self._reader, how, clean, page)
        reading = reading_of(answer["reading"])
        if answer["is_enough"]:
            return reading
        if how == READ_TEXT or not self.means.scans:
            return replace(reading, source="none")  # what it says is in its pictures
        found = self._asked(self._the_recogniser(), RECOGNISE, clean, page)
        return _with_words(reading, found)

    def _the_recogniser(self) -> WorkerPool:
        """Return the processes that recognise text, once no other job has any. Raises Cancelled."""
        if self._recogniser is None:
            self._held.enter_context(_alone_on_the_machine(self._is_cancelled))
            self._recogniser = self._held.enter_context(WorkerPool(RECOGNISER))
        return self._recogniser

    def _asked(self, pool: WorkerPool, kind: str, clean: Path, page: int) -> dict[str, Any]:
        """Return a worker's answer. Raises FileRefused, OSError or Cancelled."""
        for cache in self._cache.in_turn():
            try:
                with pool.workplace(cache.workshop, self._is_cancelled) as place:
                    source, target = place.give(clean, "page.pdf"), place.made / "done"
                    return in_a_worker(place, kind, source, target, self._limits, None, page=page)
            except OSError as problem:
                stopped = problem
        raise stopped


def _with_words(reading: ReadPage, found: dict[str, Any]) -> ReadPage:
    """Return a page with the recognised words, its marks as on the page set upright."""
    turned = (int(found["turned"]) - reading.turned) % 4
    size = reading.width, reading.height
    wide, high = size[::-1] if turned % 2 else size
    return replace(
        reading,
        width=wide,
        height=high,
        words=words_of(found["words"]),
        source="ocr",
        turned=int(found["turned"]) % 4,
        seals=tuple(upright(each, size, turned) for each in reading.seals),
        codes=tuple(upright(each, size, turned) for each in reading.codes),
    )


def _versions(means: ReadingMeans) -> tuple[str, ...]:
    """Return the versions of what reads pages here, so that others read them again."""
    there = {"ocr": means.scans, "codes": means.codes}
    return tuple(
        importlib.metadata.version(_PACKAGES[name]) if is_there else ""
        for name, is_there in there.items()
    )


@contextmanager
def _alone_on_the_machine(is_cancelled: Callable[[], bool]) -> Iterator[None]:
    """Hold the lock of the one process that recognises text. Raises Cancelled while waiting.

    Where there can be no lock, it is as if nobody else had such a process.
    """
    lock = FileLock(_lock_folder() / _LOCK, thread_local=False)
    while True:
        try:
            lock.acquire(timeout=CHECK_INTERVAL)
            break
        except Timeout:
            if is_cancelled():
                raise Cancelled from None
        except (OSError, NotImplementedError):
            _log.warning("text is recognised without a lock", exc_info=True)
            break
    try:
        yield
    finally:
        lock.release(force=True)


def _lock_folder() -> Path:
    """Return the user's cache folder, or the temporary folder if that cannot be used."""
    try:
        folder = cache_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
    except (OSError, RuntimeError):  # RuntimeError: a user without a home
        return Path(tempfile.gettempdir())
