"""Renames and removes files, with retries while another program has them open on Windows.

A virus scanner holds each new file for a moment, WPS or Acrobat as long as it is shown. This
process itself may have mapped one, until garbage collection releases what was read from it.
"""

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

_ACCESS_DENIED, _SHARING, _LOCKED = 5, 32, 33
"""Windows' errors for a file, or a folder with a file, that another program has open."""
_TRIES, PAUSE = 20, 0.2
"""Number of retries, and the seconds between them."""


def replace(source: Path, target: Path, pause: Callable[[float], object] = time.sleep) -> None:
    """Rename a file or folder, in place of a file at `target`. Raises OSError.

    If another program has one of them open, this is tried again for four seconds.
    """
    for _ in range(_TRIES):
        try:
            source.replace(target)
        except OSError as problem:
            if not is_held(problem):
                raise
            gc.collect()
            pause(PAUSE)
        else:
            return
    source.replace(target)


def write(target: Path, data: bytes) -> None:
    """Write a file as a whole, in place of an earlier one. Raises OSError, and leaves nothing then.

    A part of it would take the last room of a full disk.
    """
    fresh = target.with_name(f".{target.name}.new")
    try:
        fresh.write_bytes(data)
        replace(fresh, target)
    except OSError:
        with suppress(OSError):
            unlink(fresh)
        raise


def unlink(path: Path) -> None:
    """Remove a file, if it is there, also if this process still maps it. Raises OSError."""
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        if not is_held(problem):
            raise
        gc.collect()
        path.unlink(missing_ok=True)


def is_held(problem: OSError) -> bool:
    """Return whether Windows raised this error because another program has the file open."""
    return getattr(problem, "winerror", None) in (_ACCESS_DENIED, _SHARING, _LOCKED)


def held_files(place: Path) -> Iterator[Path]:
    """Yield the files at or below a path that another program has open, as far as can be detected.

    Windows does not let such a file be renamed, not even to its own name.
    """
    files = sorted(place.rglob("*")) if place.is_dir() else [place]
    for path in files:
        if path.is_file():
            try:
                os.rename(path, path)  # noqa: PTH104 - the same for every kind of path
            except OSError as problem:
                if is_held(problem):
                    yield path
