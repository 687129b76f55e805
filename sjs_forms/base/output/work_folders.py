"""Folders for work in progress that record their owner, and those left by dead owners.

Such a folder has a marker file, and its owner holds a lock in it as long as it lives; the system
releases the lock however the process ends. A folder without a marker, or with a lock that is held
or not supported (on some network disks), is removed only by its owner.
"""

import gc
import json
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sjs_forms import TOOL
from sjs_forms.base.output.patient_moves import is_held

_log = logging.getLogger(__name__)

_MARKER, _LOCK = "owner.json", "owner.lock"
_BEGINNING = 60
"""Seconds after which a new folder certainly has its marker."""
_MAX_MARKER = 10_000
"""Bytes of a marker that are read; ours are far shorter."""


def _never(_: Path) -> bool:
    return False


def _always(_: Path) -> bool:
    return True


@contextmanager
def owned_folder(
    parent: Path,
    prefix: str,
    note: Mapping[str, Any] | None = None,
    still_needed: Callable[[Path], bool] = _never,
) -> Iterator[Path]:
    """Yield a new folder in `parent` whose name begins with `prefix`, removed afterwards.

    `note` is stored in its marker, and `abandoned` returns it. A folder that is `still_needed` at
    the end is left behind like one of a dead owner. Raises OSError if it cannot be created.
    """
    from filelock import FileLock  # not by processes that own no folder

    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    lock = FileLock(folder / _LOCK, thread_local=False)  # it may be released in another thread
    try:
        with suppress(NotImplementedError):  # a file system without locks: never abandoned
            lock.acquire(timeout=0)
        # Only after the lock is held, because clean-up looks for the marker first.
        marker = {"tool": TOOL, "note": dict(note or {})}
        (folder / _MARKER).write_text(json.dumps(marker, ensure_ascii=True), encoding="ascii")
        yield folder
    finally:
        lock.release(force=True)
        if not still_needed(folder):
            remove(folder)


def abandoned(
    parent: Path, prefix: str, is_wanted: Callable[[Path], bool] = _always
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield folders made by `owned_folder` whose owner has died, with the note in their marker.

    Only those that `is_wanted` accepts are opened. Each belongs to this process until the next is
    requested.
    """
    from filelock import FileLock, Timeout

    for folder in sorted(filter(is_wanted, of_prefix(parent, prefix))):
        note = _note(folder)
        if note is None:
            continue
        lock = FileLock(folder / _LOCK)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError, NotImplementedError):
            continue
        try:
            yield folder, note
        finally:
            lock.release(force=True)
            _remove_rest(folder)


def remove(folder: Path) -> None:
    """Remove such a folder, its marker last, so that it is recognised if this is interrupted."""
    try:
        try:
            _empty(folder)
        except OSError:  # on Windows: a file is mapped by objects that await collection
            gc.collect()
            _empty(folder)
        for name in (_LOCK, _MARKER):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()
    except OSError as problem:
        if not (is_held(problem) and problem.filename == str(folder / _LOCK)):  # see `abandoned`
            _log.warning("a folder is left behind: %s", folder, exc_info=True)


def remove_unmarked(folder: Path) -> None:
    """Remove an empty folder, whose process died before it wrote the marker or after removing it.

    One younger than a minute is kept, and one with any content.
    """
    with suppress(OSError):
        if abs(time.time() - folder.stat().st_mtime) > _BEGINNING:
            folder.rmdir()


def _empty(folder: Path) -> None:
    """Remove what is in a folder, except its marker and lock. Raises OSError."""
    for path in sorted(folder.iterdir()):
        if path.name in (_MARKER, _LOCK):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _remove_rest(folder: Path) -> None:
    """Remove an abandoned folder of which only its marker and lock are left.

    `remove` leaves them on Windows, where a lock that is held cannot be removed.
    """
    with suppress(OSError):
        if {path.name for path in folder.iterdir()} <= {_MARKER, _LOCK}:
            remove(folder)


def is_owned(folder: Path, prefix: str) -> bool:
    """Return whether `owned_folder` made a folder, whether in use or abandoned."""
    return folder.name.startswith(prefix) and _note(folder) is not None


def of_prefix(parent: Path, prefix: str) -> list[Path]:
    """Return what is in a folder under such a name; nothing if it cannot be read."""
    with suppress(OSError):
        return [path for path in parent.iterdir() if path.name.startswith(prefix)]
    return []


def _note(folder: Path) -> Mapping[str, Any] | None:
    """Return the note in a folder's marker, or None if the folder is not one of ours."""
    try:
        if folder.is_symlink():
            return None
        with (folder / _MARKER).open("rb") as file:
            marker = json.loads(file.read(_MAX_MARKER))
        note = marker["note"] if marker["tool"] == TOOL else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return note if isinstance(note, dict) else None
