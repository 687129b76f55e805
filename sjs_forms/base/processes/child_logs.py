"""Forwards the log of a child process to the log of its parent.

A child started for one parent writes its records to standard error, which a thread of the parent
reads. Processes of a pool write files, which the parent reads periodically: in a shared pipe their
lines would mix, and a lock may die with its owner.
"""

import logging
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from sjs_forms.base.log_lines import LOGGER, LONGEST, SILENT, level_for_children, log_line, to_line

MAX = 2_000_000
"""Limit in bytes on the log of one child; the rest is dropped."""

LONGEST_LINE = 12 * LONGEST + 1000
"""Limit in bytes on a line. A character of a record takes up to 12 bytes in JSON."""

_LAST_WORDS = 2
"""Seconds to wait until what a child has written is logged."""

_SUFFIX = ".log"


class _LineHandler(logging.Handler):
    """Writes records as lines, up to MOST bytes; drops what cannot be written."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        super().__init__()
        self._write = write
        self._left = MAX
        self.written = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record immediately."""
        line = to_line(record)
        self._left -= len(line)
        if self._left >= 0:
            with suppress(OSError, ValueError):
                self._write(line)
                self.written += 1


def log_to_stderr(level: int) -> Callable[[], int]:
    """Log to standard error from now on. For the entry point of a child whose parent has a `Relay`.

    Returns a function that gives the number of records written, for which the parent may wait.
    """
    handler = _log_to(os.fdopen(os.dup(2), "wb", buffering=0).write, level)
    return lambda: handler.written


def log_to_folder(folder: Path, level: int) -> None:
    """Log to a file of this process in `folder`. For the entry point of a pool's process.

    Logs nothing if the file cannot be created.
    """
    log_nothing()
    if level < SILENT:
        with suppress(OSError):
            file = folder / f"{os.getpid()}{_SUFFIX}"
            _log_to(file.open("ab", buffering=0).write, level)


@contextmanager
def log_lines(level: int) -> Iterator[list[bytes]]:
    """Yield the list of lines logged in the context. For a task carried out by another program's
    process.
    """
    lines: list[bytes] = []
    logger = logging.getLogger(LOGGER)
    before = logger.level, logger.handlers[:]
    _log_to(lines.append, level)
    try:
        yield lines
    finally:
        logger.handlers[:] = before[1]
        logger.setLevel(before[0])


def log_nothing() -> None:
    """Log nothing from now on. For the entry point of a process whose log is not wanted."""
    _log_to(bytes, SILENT)


def _log_to(write: Callable[[bytes], object], level: int) -> _LineHandler:
    logger, handler = logging.getLogger(LOGGER), _LineHandler(write)
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    return handler


class Relay:
    """Logs in this process what one child writes to its standard error.

    The child is started with `stderr` in the `with` body; call `end` once it has ended. If this
    process logs nothing, or no thread can be started, `stderr` is DEVNULL.
    """

    def __init__(self, name: str) -> None:
        """`name` is the logger for lines that are not records. Raises OSError without a pipe."""
        self.stderr = subprocess.DEVNULL
        self._name = name
        self._thread: threading.Thread | None = None
        self._records, self._more = 0, threading.Condition()
        if level_for_children() >= SILENT:
            return
        reading, writing = os.pipe()
        thread = threading.Thread(target=self._relay, args=(reading,), daemon=True)
        try:
            thread.start()
        except RuntimeError:
            os.close(reading)
            os.close(writing)
            return
        self.stderr, self._thread = writing, thread

    def __enter__(self) -> Self:
        """Return self; the child may be started."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close this process's copy of the child's standard error."""
        if self.stderr != subprocess.DEVNULL:
            os.close(self.stderr)

    def wait_for(self, records: int) -> None:
        """Wait, for a limited time, until so many records of the child are logged."""
        if self._thread is not None:
            with self._more:
                self._more.wait_for(lambda: self._records >= records, _LAST_WORDS)

    def end(self) -> None:
        """Wait until everything that the child wrote is logged."""
        if self._thread is not None:
            self._thread.join(_LAST_WORDS)

    def _relay(self, reading: int) -> None:
        left = MAX
        with os.fdopen(reading, "rb") as pipe:
            while line := pipe.readline(LONGEST_LINE):
                left -= len(line)
                if left >= 0 and log_line(line, self._name):
                    with self._more:
                        self._records += 1
                        self._more.notify_all()


class FolderRelay:
    """Logs in this process what the processes of a pool write to their files in a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        """`name` is the logger for lines that are not records."""
        self._folder, self._name = folder, name
        self._read: dict[Path, int] = {}

    def read(self) -> None:
        """Log the new lines."""
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
            with suppress(OSError), path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                for line in file.read(MAX).splitlines(keepends=True):
                    if line.endswith(b"\n"):
                        self._read[path] = self._read.get(path, 0) + len(line)
                        log_line(line, self._name)
