"""Lists a folder and judges each entry. Follows no links, and omits our own files."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sjs_forms.domain.folder.clutter import (
    DOCUMENT,
    LITTER,
    EntryVerdict,
    Nature,
    judge_file,
    judge_folder,
)
from sjs_forms.domain.folder.numbered_names import natural_key

MANIFEST_FILE = "manifest.json"
_OUR_MANIFEST = re.compile(rb'\{\s*"tool"\s*:\s*\{\s*"name"\s*:\s*"sjs-forms"')
_HEAD = 256

DEEPEST = 500
"""Limit on nested folders; nobody creates more by hand."""

MAX_ENTRIES = 5_000
"""Limit on entries of one folder, or below it, that are read."""


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """A file or folder and its kind. A link counts as a file."""

    path: Path
    verdict: EntryVerdict
    is_folder: bool = False

    @property
    def nature(self) -> Nature:
        """Its kind."""
        return self.verdict.nature

    @property
    def is_searched(self) -> bool:
        """Whether it is a folder whose entries are listed in its place."""
        return self.is_folder and self.nature is Nature.DOCUMENT


def entries_in(folder: Path) -> tuple[FolderEntry, ...]:
    """Return the entries of a folder without litter, in natural order of names.

    A folder written by a build has none. An unreadable one has itself as UNREADABLE, one with too
    many entries itself as CROWDED.
    """
    try:
        with os.scandir(folder) as listed:
            found = {entry.name: entry for entry in islice(listed, MAX_ENTRIES + 1)}
        if len(found) > MAX_ENTRIES:
            return (FolderEntry(folder, EntryVerdict(Nature.CROWDED), is_folder=True),)
        if MANIFEST_FILE in found and _OUR_MANIFEST.match(_look(folder / MANIFEST_FILE)[1]):
            return ()
        judged = [_judged(folder / name, found) for name in sorted(found, key=natural_key)]
    except OSError:
        return (FolderEntry(folder, EntryVerdict(Nature.UNREADABLE), is_folder=True),)
    return tuple(entry for entry in judged if entry.nature is not Nature.LITTER)


def entries_below(folder: Path) -> Iterator[FolderEntry]:
    """Yield the files below a folder, and the folders in it that are not searched."""
    waiting = [(folder, folder, 1)]
    seen = 0
    while waiting:
        place, first, level = waiting.pop()
        found = entries_in(place)
        seen += len(found)
        if seen > MAX_ENTRIES:
            yield FolderEntry(folder, EntryVerdict(Nature.CROWDED), is_folder=True)
            return
        for entry in found:
            if not entry.is_searched:
                yield entry
            elif level < DEEPEST:
                waiting.append((entry.path, first if level > 1 else entry.path, level + 1))
            else:  # its own path would fill pages
                yield FolderEntry(first, EntryVerdict(Nature.TOO_DEEP), is_folder=True)


def _judged(path: Path, beside: Mapping[str, "os.DirEntry[str]"]) -> FolderEntry:
    entry = beside[path.name]
    if entry.is_symlink():
        return FolderEntry(path, DOCUMENT)
    if entry.is_dir():
        verdict = judge_folder(path.name, beside)
        if verdict.nature is Nature.HIDDEN and _is_empty(path):
            verdict = LITTER
        return FolderEntry(path, verdict, is_folder=True)
    if not entry.is_file():
        return FolderEntry(path, EntryVerdict(Nature.SPECIAL))
    return FolderEntry(path, judge_file(path.name, beside, lambda: _look(path)))


def _is_empty(folder: Path) -> bool:
    try:
        return next(folder.iterdir(), None) is None
    except OSError:
        return False


def _look(path: Path) -> tuple[int, bytes]:
    """Return size and first bytes of a file; nothing if it is not a readable plain file."""
    try:
        known = path.stat()
        if not stat.S_ISREG(known.st_mode):
            return 0, b""
        with path.open("rb") as file:
            return known.st_size, file.read(_HEAD)
    except OSError:
        return 1, b""


def real_path(path: Path) -> Path | None:
    """Return the real path, or None if it does not exist or is a link to itself."""
    try:
        return path.resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
