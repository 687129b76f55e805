"""Where clean PDFs lie and what is known of them, found again by content.

Two kinds behind one interface: `RunCache` for one run, `UserCache` for all runs of a user.
Entries are written under another name and swapped into place, so that several processes may
use one cache; an entry that does not agree with itself is as good as none.
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

from sjs_forms.base.file_refusal import FileRefused, refusal_of
from sjs_forms.base.finding_records import finding_of, record_of
from sjs_forms.base.findings import Finding
from sjs_forms.base.progress import held, never
from sjs_forms.base.system_errors import is_nameable
from sjs_forms.base.user_cache import cache_folder
from sjs_forms.domain.source_facts import Bookmark, Ink, PageFacts, SourceFacts

_log = logging.getLogger(__name__)

VERSION = "8"
"""Goes up whenever intake makes something else of the same file."""

LARGEST = 4_000_000_000
"""Bytes a cache may hold before its oldest entries go."""

IN_USE = 24 * 3600
"""Seconds since its last use in which an entry stays, whatever the cache's size."""

TIDY_EVERY = 3600
"""Seconds between two looks for what may go: little becomes old enough within them."""

_TIDIED = "tidied"
"""The file whose time says when that was last."""


class FactsCache:
    """A folder of entries: `<key>.json` says what is known, `<key>.pdf` is the clean PDF.

    `workshop` is the folder in which new ones are made.
    """

    def __init__(self, folder: Path, workshop: Path) -> None:
        """Raises OSError where the folder cannot be made."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder, self.workshop = folder, workshop
        self._locks: dict[str, threading.Lock] = {}

    def in_turn(self) -> Iterator["FactsCache"]:
        """Itself; then what is left to use where that proves to be unwritable."""
        yield self

    def alone(
        self, key: str, is_cancelled: Callable[[], bool] = never
    ) -> contextlib.AbstractContextManager[None]:
        """Hold the entry of `key` while it is made, so that threads make it once.

        Raises Cancelled while it waits for another thread.
        """
        return held(self._locks.setdefault(key, threading.Lock()), is_cancelled)

    def find(self, key: str) -> SourceFacts | FileRefused | None:
        """What is known under `key`: facts, a remembered refusal, or nothing."""
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
        """Shelve what was found out; the clean PDF is moved here. Returns it as it lies now.

        Raises OSError where the clean PDF cannot be; that the facts cannot be written only costs
        the next run its time.
        """
        plain = plainly(facts)
        del plain["clean"]
        known = {"facts": plain, "clean": check_sum(facts.clean)}
        clean = self._path(key, ".pdf")
        clean.parent.mkdir(mode=0o700, exist_ok=True)
        _move(facts.clean, clean)
        self._remember(key, known)
        self.tidy()
        return replace(facts, clean=clean)

    def refuse(self, key: str, refusal: FileRefused) -> None:
        """Remember a refusal that another try would not change."""
        self._remember(key, {"refusal": record_of(refusal.finding)})

    def tidy(self) -> None:
        """Now and then let go of what is too much; a run's own cache lets go of nothing."""

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
    """The cache of one run, in its work folder: the same file twice is opened once.

    Its workshop is the system's folder for temporary files, so that workers outlive the run.
    """

    def __init__(self, folder: Path) -> None:
        """Raises OSError where the folder cannot be made."""
        super().__init__(folder, Path(tempfile.gettempdir()))


class UserCache(FactsCache):
    """The cache of all runs, in the user's cache folder; bounded in size.

    It only saves time. Where its disk is full, the run goes on with a cache in the folder `spare`.
    """

    def __init__(self, folder: Path | None = None, spare: Path | None = None) -> None:
        """Raises OSError where the folder cannot be made or written."""
        place = folder or cache_folder()
        super().__init__(place, place)
        check_writable(place)
        self._spare = spare
        self._instead: RunCache | None = None

    def in_turn(self) -> Iterator[FactsCache]:
        """Itself until it has failed once, then the spare cache."""
        if self._instead is None:
            yield self
            if self._spare is None:
                return
            _log.warning("the cache %s failed: %s is used instead", self.folder, self._spare)
            self._instead = RunCache(self._spare)
        yield self._instead

    def find(self, key: str) -> SourceFacts | FileRefused | None:
        """What is known of all runs, or else of this one."""
        known = super().find(key)
        return self._instead.find(key) if known is None and self._instead else known

    def tidy(self) -> None:
        """Trim, unless that was done a while ago: looking through thousands takes time."""
        mark = self.folder / _TIDIED
        with contextlib.suppress(OSError):
            if mark.exists() and abs(time.time() - mark.stat().st_mtime) < TIDY_EVERY:
                return
            mark.touch()
        self.trim()

    def trim(self) -> None:
        """Remove the oldest entries beyond LARGEST bytes, and what broken runs left behind."""
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
    """The user's cache; where that cannot be written, a cache in the folder `work`.

    Raises OSError where neither can be.
    """
    try:
        folder = cache_folder()
        if is_nameable(folder):
            return UserCache(folder, spare=work)
    except (OSError, RuntimeError):  # RuntimeError: a user without a home
        _log.warning("the user's cache cannot be used", exc_info=True)
    return RunCache(work)


def check_writable(folder: Path, size: int = 0) -> None:
    """Raise OSError where a file of so many bytes cannot be written to a folder."""
    with tempfile.TemporaryDirectory(prefix="work-", dir=folder, ignore_cleanup_errors=True) as own:
        (Path(own) / "x").write_bytes(bytes(size))


def _move(source: Path, target: Path) -> None:
    """Move a file to its place in the cache, from another disk too. Raises OSError."""
    try:
        source.replace(target)
    except OSError as problem:
        if problem.errno != errno.EXDEV:
            raise
        handle, name = tempfile.mkstemp(prefix="new-", dir=target.parent)
        os.close(handle)
        shutil.copyfile(source, name)
        Path(name).replace(target)


def check_sum(path: Path) -> int:
    """CRC of the file's bytes: quick, and enough against accidents. Raises OSError."""
    found = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found = zlib.crc32(block, found)
    return found


def key_for(sha256: str, password: str | None, limits: str) -> str:
    """What a file is shelved under: its content and all that the outcome depends on."""
    parts = (VERSION, sha256, hashlib.sha256((password or "").encode()).hexdigest(), limits)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def plainly(value: Any) -> dict[str, Any]:
    """A dataclass as json asks for it; `asdict` would copy every number within."""
    if isinstance(value, Finding):
        return record_of(value)
    return {field.name: getattr(value, field.name) for field in fields(value)}


def facts_from(known: dict[str, Any], clean: Path) -> SourceFacts:
    """Facts from plain values. Raises KeyError, TypeError or ValueError where they are not such."""
    return SourceFacts(
        sha256=known["sha256"],
        clean=clean,
        pages=tuple(_page(page) for page in known["pages"]),
        bookmarks=tuple(_bookmark(mark) for mark in known["bookmarks"]),
        remarks=tuple(finding_of(remark) for remark in known["remarks"]),
        streams={
            int(number): bytes.fromhex(digest).hex()
            for number, digest in dict(known["streams"]).items()
        },
    )


def _page(known: dict[str, Any]) -> PageFacts:
    ink = known["ink"]
    seen = Ink(ink["cell"], ink["columns"], tuple(ink["rows"])) if ink else None
    return PageFacts(**{**known, "ink": seen})


def _bookmark(known: dict[str, Any]) -> Bookmark:
    children = tuple(_bookmark(child) for child in known["children"])
    return Bookmark(known["title"], known["page"], known["top"], children)
