"""Standard output and error of which no fault ends a job: closed, full, or nobody reads them."""

import errno
import io
import os
import sys
from typing import Any, TextIO

_GONE = (errno.EPIPE, errno.EBADF, errno.EINVAL)
"""What a stream says whose reader has left, which is nobody's fault."""


class _SteadyFile(io.RawIOBase):
    """A file descriptor that takes whatever is written, and keeps the first fault that it meets."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.fault: OSError | None = None

    def writable(self) -> bool:
        """Always: faults are kept, not raised."""
        return True

    def fileno(self) -> int:
        """The descriptor."""
        return self._number

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return os.isatty(self._number)

    def write(self, data: Any) -> int:
        """Write what can be written; all counts as written."""
        waiting = memoryview(data)
        while waiting and self.fault is None:
            try:
                waiting = waiting[os.write(self._number, waiting) :]
            except OSError as problem:
                self.fault = problem
        return len(data)


def steady_streams() -> None:
    """Put streams in the place of stdout and stderr that never raise. For a process's entry."""
    sys.stdout = _steady(sys.stdout, 1)
    sys.stderr = _steady(sys.stderr, 2)


def _steady(stream: TextIO | None, number: int) -> TextIO:
    if stream is None:  # closed before the start
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123
    raw = _raw(stream)
    if not isinstance(raw, io.FileIO) or raw.fileno() != number:
        return stream  # a test's own, or already steady
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_SteadyFile(number)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=number == 2 or os.isatty(number),
    )


def _raw(stream: object) -> object:
    """What a stream writes to at last; PYTHONUNBUFFERED leaves the buffer out."""
    buffer = getattr(stream, "buffer", None)
    return getattr(buffer, "raw", buffer)


def lost_output() -> str | None:
    """Why a part of the results did not reach stdout; None where they did, or nobody reads it."""
    raw = _raw(sys.stdout)
    fault = raw.fault if isinstance(raw, _SteadyFile) else None
    if fault is None or fault.errno in _GONE:
        return None
    return fault.strerror
