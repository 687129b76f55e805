"""Stamps of files, by which a changed one is recognised without being opened."""

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

Stamp = tuple[int, int]
"""Size in bytes, and modification time in nanoseconds."""

TreeStamp = tuple[int, int, int]
"""Size in bytes, modification time and status change time in nanoseconds; zeros for a folder.

The second time cannot be set, so that a file with the size and time of another is not taken for
it. On Windows it is that of creation.
"""

MAX_ENTRIES = 50_000
"""Limit on files and folders of one tree: to list more may take longer than it saves, on a network
drive above all.
"""


def stamp_of(file: "Path | os.DirEntry[str]") -> Stamp:
    """Return size and modification time of a file."""
    known = file.stat()
    return known.st_size, known.st_mtime_ns


def stamps_in(folder: Path) -> dict[str, Stamp]:
    """Return the stamp of every file below a folder by its relative path. What cannot be read is
    left out.
    """
    return dict(sorted(_stamps_below(folder, "")))


def _stamps_below(folder: Path, prefix: str) -> Iterator[tuple[str, Stamp]]:
    """Yield stamps from the listing, which has the kinds of entries: no file is asked twice."""
    try:
        with os.scandir(folder) as listed:
            entries = list(listed)
    except OSError:
        return
    for entry in entries:
        with suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                yield from _stamps_below(folder / entry.name, f"{prefix}{entry.name}/")
            elif entry.is_file():
                yield prefix + entry.name, stamp_of(entry)


def tree_stamps(root: Path, left_out: Collection[Path] = ()) -> dict[str, TreeStamp] | None:
    """Return a stamp for each file and folder below `root` by its relative path.

    `left_out` are real paths of files and folders that do not matter. None if the stamps would not
    tell all that may change: for a tree with links, which lead elsewhere, or with folders that
    cannot be listed, and for one that is too large.
    """
    found: dict[str, TreeStamp] = {}
    passed = frozenset(map(str, left_out))
    waiting = [("", str(root.resolve()))]
    try:
        while waiting:
            prefix, folder = waiting.pop()
            with os.scandir(folder) as listed:
                for entry in listed:
                    if entry.path in passed:
                        continue
                    if entry.is_symlink() or len(found) == MAX_ENTRIES:
                        return None
                    name = prefix + entry.name
                    if entry.is_dir(follow_symlinks=False):
                        name += "/"
                        found[name] = (0, 0, 0)
                        waiting.append((name, entry.path))
                    else:
                        # Windows' listings are behind for files with several names.
                        known = os.lstat(entry.path)
                        found[name] = known.st_size, known.st_mtime_ns, known.st_ctime_ns
    except OSError:
        return None
    return found
