"""Reads an applicant's file through one open descriptor, whatever happens at its path."""

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
    """A regular file in its state at opening. A context manager.

    Never reads more bytes than it had then, even if it grows.
    """

    def __init__(self, path: Path) -> None:
        """Raises FileRefused if the file does not exist or cannot be read."""
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
        """Return self."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    @property
    def size(self) -> int:
        """The size in bytes."""
        return self._status.st_size

    def head(self, size: int) -> bytes:
        """Return the first bytes. Raises FileRefused."""
        try:
            self._file.seek(0)
            return self._file.read(size)
        except OSError as problem:
            raise machine_faults.unread(problem) from problem

    def digest(self) -> str:
        """Return the SHA-256 in hexadecimal. Raises FileRefused."""
        found = sha256()
        for block in self._blocks():
            found.update(block)
        return found.hexdigest()

    def copy(self, target: BinaryIO) -> str:
        """Write the bytes to `target`; returns their SHA-256. Raises FileRefused.

        Raises OSError if the target cannot be written.
        """
        found = sha256()
        for block in self._blocks():
            found.update(block)
            target.write(block)
        return found.hexdigest()

    def check_unchanged(self) -> None:
        """Raise FileRefused if the path now leads to another file, or the file was changed."""
        try:
            status = os.lstat(self._path)
        except OSError as problem:
            raise machine_faults.unread(problem) from problem
        if _stamp(status) != _stamp(self._status):
            raise machine_faults.changed()

    def _blocks(self) -> Iterator[memoryview]:
        """Yield the bytes in blocks. Raises FileRefused, also if the file is being written."""
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
    """Return a value that changes when the file is written or replaced."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
