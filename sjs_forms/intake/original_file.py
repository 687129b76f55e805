"""An applicant's file, opened once, whatever is written to it or put in its place meanwhile."""

import errno
import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from io import FileIO
from pathlib import Path
from typing import BinaryIO, Self

from sjs_forms.intake import machine_faults, refusals

BLOCK = 1 << 20
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO put in its place never blocks
    | getattr(os, "O_NOFOLLOW", 0)  # a link put in its place is not followed
    | getattr(os, "O_BINARY", 0)
)
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENXIO)


class Original:
    """A regular file as it is when it is opened; a context manager.

    No more is read than it had then, however fast it grows.
    """

    def __init__(self, path: Path) -> None:
        """Raises FileRefused where there is no such file or it cannot be read."""
        self._path = path
        try:
            handle = os.open(path, _FLAGS)
        except OSError as problem:
            if problem.errno in _NOT_THERE:
                raise refusals.missing() from problem
            if problem.errno == errno.ELOOP:
                raise machine_faults.changed() from problem
            raise machine_faults.unread(problem) from problem
        self._status = os.fstat(handle)
        if not stat.S_ISREG(self._status.st_mode):
            os.close(handle)
            raise refusals.missing()
        self._file = FileIO(handle)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._status.st_size

    def head(self, size: int) -> bytes:
        """The first bytes. Raises FileRefused."""
        try:
            self._file.seek(0)
            return self._file.read(size)
        except OSError as problem:
            raise machine_faults.unread(problem) from problem

    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal. Raises FileRefused."""
        found = sha256()
        for block in self._blocks():
            found.update(block)
        return found.hexdigest()

    def copy(self, target: BinaryIO) -> str:
        """Write the bytes to `target`; SHA-256 of just these. Raises FileRefused.

        Raises OSError where the target cannot be written.
        """
        found = sha256()
        for block in self._blocks():
            found.update(block)
            target.write(block)
        return found.hexdigest()

    def check_stands(self) -> None:
        """Raise FileRefused where the path leads to another file now, or the file was changed."""
        try:
            status = os.lstat(self._path)
        except OSError as problem:
            raise machine_faults.unread(problem) from problem
        if _stamp(status) != _stamp(self._status):
            raise machine_faults.changed()

    def _blocks(self) -> Iterator[memoryview]:
        """The bytes, some at a time. Raises FileRefused, also where the file is written to."""
        try:
            self._file.seek(0)
            block, left = memoryview(bytearray(min(BLOCK, self.size))), self.size
            while left and (size := self._file.readinto(block[:left])):
                yield block[:size]
                left -= size
            status = os.fstat(self._file.fileno())
        except OSError as problem:
            raise machine_faults.unread(problem) from problem
        if left or _stamp(status) != _stamp(self._status):
            raise machine_faults.changed()


def _stamp(status: os.stat_result) -> tuple[int, ...]:
    """What is another as soon as somebody writes to the file or puts another in its place."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
