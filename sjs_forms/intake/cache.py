"""The cache of clean PDFs and facts, keyed by content.

`RunCache` serves one run, `UserCache` all runs of a user. Entries are written under another name
and renamed, so that several processes can share a cache. An inconsistent entry is ignored.
"""

import contextlib
import errno
import hashlib
import json
import logging
import os
import shutil
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from sjs_forms.base.files.user_cache import cache_folder
from sjs_forms.base.findings.file_refusal import FileRefused, refusal_of
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_records import finding_of, record_of
from sjs_forms.base.output import patient_moves
from sjs_forms.base.progress import lock_held, never_cancelled
from sjs_forms.base.system_errors import is_nameable
from sjs_forms.domain.source_facts import Bookmark, Ink, PageFacts, SourceFacts

_log = logging.getLogger(__name__)

VERSION = "14"
"""Must be incremented whenever intake's result for the same file changes."""

LARGEST = 4_000_000_000
"""Bytes of a cache above which the oldest entries are removed."""

IN_USE = 24 * 3600
"""Seconds since its last use during which an entry is kept, whatever the cache's size."""

TIDY_EVERY = 3600
"""Seconds between two searches for old entries."""

_TIDIED = "tidied"
"""The file whose modification time is that of the last search."""


class FactsCache:
    """A folder of entries: `<key>.json` has the facts, `<key>.pdf` is the clean PDF.

    `workshop` is the folder in which new ones are made.
    """

    def __init__(self, folder: Path, workshop: Path) -> None:
        """Raises OSError if the folder cannot be created."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder, self.workshop = folder, workshop
        self._locks: dict[str, threading.Lock] = {}

    def in_turn(self) -> Iterator["FactsCache"]:
        """Yield this cache, then the fallback if this proves unwritable."""
        yield self

    def locked(
        self, key: str, is_cancelled: Callable[[], bool] = never_cancelled
    ) -> contextlib.AbstractContextManager[None]:
        """Hold a lock while the entry of `key` is made, so that threads make it once.

        Raises Cancelled while waiting for another thread.
        """
        return lock_held(self._locks.setdefault(key, threading.Lock()), is_cancelled)

    def find(self, key: str) -> SourceFacts | FileRefused | None:
        """Return the facts under `key`, a cached refusal, or None."""
        path = self._path(key, ".json")
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
            if "refusal" in known:
                return refusal_of(known["refusal"])
            facts = facts_from(known["facts"], self._path(key, ".pdf"))
            if check_sum(facts.clean) != known["clean"]:
                _log.warning(
                    "a cache entry is thrown away: %s is not as it was written", facts.clean
                )
                return None
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            _log.warning("a cache entry is thrown away: %s", path, exc_info=True)
            return None
        for used in (path, facts.clean):
            with contextlib.suppress(OSError):
                os.utime(used)
        return facts

    def put(self, key: str, facts: SourceFacts) -> SourceFacts:
        """Store the facts, and move the clean PDF here. Returns them with its new path.

        Raises OSError if the clean PDF cannot be stored. If only the facts cannot be written, the
        next run merely takes longer.
        """
        plain = plainly(facts)
        del plain["clean"]
        known = {"facts": plain, "clean": check_sum(facts.clean)}
        clean = self._path(key, ".pdf")
        clean.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            _move(facts.clean, clean)
        except PermissionError:  # on Windows, where another process has that entry open
            if not (clean.is_file() and check_sum(clean) == known["clean"]):
                raise
            _log.info("the entry of another process is used: %s", clean)
        self._remember(key, known)
        self.tidy()
        return replace(facts, clean=clean)

    def record(self, key: str) -> dict[str, Any] | None:
        """Return the values that `keep_record` stored under a key, or None."""
        path = self._path(key, ".json")
        try:
            known = json.loads(path.read_text(encoding="utf-8"))["record"]
            os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            _log.warning("a cache entry is thrown away: %s", path, exc_info=True)
            return None
        return known if isinstance(known, dict) else None

    def keep_record(self, key: str, record: dict[str, Any]) -> None:
        """Store values for JSON under a key, readable by this user only."""
        self._remember(key, {"record": record})
        self.tidy()

    def refuse(self, key: str, refusal: FileRefused) -> None:
        """Store a refusal that another try would not change."""
        self._remember(key, {"refusal": record_of(refusal.finding)})

    def tidy(self) -> None:
        """Remove surplus entries from time to time. A run's own cache removes nothing."""

    def _path(self, key: str, suffix: str) -> Path:
        return self.folder / key[:2] / f"{key}{suffix}"

    def _remember(self, key: str, known: dict[str, Any]) -> None:
        try:
            self._write(key, known)
        except OSError:
            _log.warning("nothing is kept in the cache %s", self.folder, exc_info=True)

    def _write(self, key: str, known: dict[str, Any]) -> None:
        target = self._path(key, ".json")
        target.parent.mkdir(mode=0o700, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="new-", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                # Not dump, which is many times slower.
                file.write(json.dumps(known, ensure_ascii=False, default=plainly))
            Path(name).replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise


class RunCache(FactsCache):
    """The cache of one run, in its work folder: a file used twice is opened once.

    Its workshop is in the system's temporary folder, so that workers outlive the run.
    """

    def __init__(self, folder: Path) -> None:
        """Raises OSError if the folder cannot be created."""
        super().__init__(folder, Path(tempfile.gettempdir()))


class UserCache(FactsCache):
    """The cache of all runs, in the user's cache folder; limited in size.

    If its disk is full, the run continues with a cache in the folder `spare`.
    """

    def __init__(self, folder: Path | None = None, spare: Path | None = None) -> None:
        """Raises OSError if the folder cannot be created or written."""
        place = folder or cache_folder()
        super().__init__(place, place)
        check_writable(place)
        self._spare = spare
        self._instead: RunCache | None = None

    def in_turn(self) -> Iterator[FactsCache]:
        """Yield this cache until it has failed once, then the spare one."""
        if self._instead is None:
            yield self
            if self._spare is None:
                return
            _log.warning("the cache %s failed: %s is used instead", self.folder, self._spare)
            self._instead = RunCache(self._spare)
        yield self._instead

    def find(self, key: str) -> SourceFacts | FileRefused | None:
        """Return the entry of any run, or else of this one."""
        known = super().find(key)
        return self._instead.find(key) if known is None and self._instead else known

    def tidy(self) -> None:
        """Trim the cache, unless done recently: searching thousands of entries takes time."""
        mark = self.folder / _TIDIED
        with contextlib.suppress(OSError):
            if mark.exists() and abs(time.time() - mark.stat().st_mtime) < TIDY_EVERY:
                return
            mark.touch()
        self.trim()

    def trim(self) -> None:
        """Remove the oldest entries beyond LARGEST bytes, and what broken runs left."""
        entries = []
        now = time.time()
        with contextlib.suppress(OSError):
            for path in (*self.folder.glob("??/*"), *self.folder.glob("work-*/*")):
                with contextlib.suppress(OSError):
                    status = path.stat()
                    entries.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in entries)
        for used, size, path in sorted(entries):
            stale = path.name.startswith("new-") or path.parent.name.startswith("work-")
            if now - used < IN_USE or (total <= LARGEST and not stale):
                continue
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size


def open_cache(work: Path) -> FactsCache:
    """Return the user's cache, or one in the folder `work` if that cannot be written.

    Raises OSError if neither can be written.
    """
    try:
        folder = cache_folder()
        if is_nameable(folder):
            return UserCache(folder, spare=work)
    except (OSError, RuntimeError):  # RuntimeError: a user without a home
        _log.warning("the user's cache cannot be used", exc_info=True)
    return RunCache(work)


def check_writable(folder: Path, size: int = 0) -> None:
    """Raise OSError if a file of so many bytes cannot be written to a folder."""
    with tempfile.TemporaryDirectory(prefix="work-", dir=folder, ignore_cleanup_errors=True) as own:
        (Path(own) / "x").write_bytes(bytes(size))


def _move(source: Path, target: Path) -> None:
    """Move a file into the cache, also between disks. Raises OSError."""
    try:
        patient_moves.replace(source, target)
    except OSError as problem:
        if problem.errno != errno.EXDEV:
            raise
        handle, name = tempfile.mkstemp(prefix="new-", dir=target.parent)
        os.close(handle)
        shutil.copyfile(source, name)
        Path(name).replace(target)


def check_sum(path: Path) -> int:
    """Return the CRC of a file: fast, and sufficient against accidents. Raises OSError."""
    found = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found = zlib.crc32(block, found)
    return found


def key_for(sha256: str, password: str | None, limits: str) -> str:
    """Return the cache key of a file: its content and everything else that affects the result."""
    parts = (VERSION, sha256, hashlib.sha256((password or "").encode()).hexdigest(), limits)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def plainly(value: Any) -> dict[str, Any]:
    """Return a dataclass as a dictionary for json, without the deep copy that `asdict` makes."""
    if isinstance(value, Finding):
        return record_of(value)
    return {field.name: getattr(value, field.name) for field in fields(value)}


def facts_from(known: dict[str, Any], clean: Path) -> SourceFacts:
    """Return facts from plain values. Raises KeyError, TypeError or ValueError."""
    return SourceFacts(
        sha256=known["sha256"],
        clean=clean,
        pages=tuple(page_from(page) for page in known["pages"]),
        bookmarks=tuple(_bookmark(mark) for mark in known["bookmarks"]),
        remarks=tuple(finding_of(remark) for remark in known["remarks"]),
        streams={
            int(number): bytes.fromhex(digest).hex()
            for number, digest in dict(known["streams"]).items()
        },
    )


def page_from(known: dict[str, Any]) -> PageFacts:
    """Return the facts of a page from plain values. Raises KeyError, TypeError or ValueError."""
    ink = known["ink"]
    seen = Ink(ink["cell"], ink["columns"], tuple(ink["rows"])) if ink else None
    return PageFacts(**{**known, "ink": seen})


def _bookmark(known: dict[str, Any]) -> Bookmark:
    children = tuple(_bookmark(child) for child in known["children"])
    return Bookmark(known["title"], known["page"], known["top"], children)
