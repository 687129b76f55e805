"""stdout and stderr whose errors end no job: closed, full, or without a reader."""

import errno
import io
import os
import sys
from typing import Any, TextIO

_GONE = (errno.EPIPE, errno.EBADF, errno.EINVAL)
"""Errors of a stream whose reader is gone; these are ignored."""


class _SteadyFile(io.RawIOBase):
    """A file descriptor that accepts every write and keeps the first error."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.fault: OSError | None = None

    def writable(self) -> bool:
        """Return True: errors are kept, not raised."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._number

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return os.isatty(self._number)

    def write(self, data: Any) -> int:
        """Write what can be written; report everything as written."""
        waiting = memoryview(data)
        while waiting and self.fault is None:
            try:
                waiting = waiting[os.write(self._number, waiting) :]
            except OSError as problem:
                self.fault = problem
        return len(data)


def steady_streams(instead: str | os.PathLike[str] = os.devnull) -> None:
    """Replace stdout and stderr by streams that never raise. For a process's entry point.

    A stream that is closed, or not there at all as with pythonw, is appended to the file `instead`.
    """
    sys.stdout = _steady(sys.stdout, 1, instead)
    sys.stderr = _steady(sys.stderr, 2, instead)


def _steady(stream: TextIO | None, number: int, instead: str | os.PathLike[str]) -> TextIO:
    if stream is None:
        return open(instead, "a", buffering=1, encoding="utf-8")  # noqa: PTH123
    raw = _raw(stream)
    if not isinstance(raw, io.FileIO) or raw.fileno() != number:
        return stream  # a test's own stream, or already replaced
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_SteadyFile(number)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=number == 2 or os.isatty(number),
    )


def _raw(stream: object) -> object:
    """Return the raw stream below any buffers; with PYTHONUNBUFFERED there is none."""
    buffer = getattr(stream, "buffer", None)
    return getattr(buffer, "raw", buffer)


def lost_output() -> str | None:
    """Return why part of the output did not reach stdout, or None. A missing reader is no error."""
    raw = _raw(sys.stdout)
    fault = raw.fault if isinstance(raw, _SteadyFile) else None
    if fault is None or fault.errno in _GONE:
        return None
    return fault.strerror
