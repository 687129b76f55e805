"""Hashes a large file and writes it to disk while it grows, to save time at its end.

A build's largest files have as many bytes as its scans: hashing takes as long as writing.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sjs_forms.base.files.hashing import BLOCK
from sjs_forms.base.progress import Progress, quiet

_FLUSHED = 16 << 20
"""Bytes after which a file is flushed: flushing cannot be interrupted, and more takes seconds."""


class FollowedFile:
    """A file being written by someone else, read by a thread as it grows."""

    def __init__(self, path: Path, pool: ThreadPoolExecutor) -> None:
        self._path = path
        self._pool = pool
        self._read = 0
        self._digest = sha256()
        self._steps: list[Future[None]] = []
        self._flushing: Future[None] | None = None
        self._is_over = False

    def end(self) -> None:
        """Stop reading."""
        self._is_over = True

    def final_to(self, offset: int) -> None:
        """State that the bytes before `offset` are written and final."""
        self._steps.append(self._pool.submit(self._follow, offset))

    def sha256(self, progress: Progress = quiet) -> str:
        """Return the SHA-256 of the finished file in hexadecimal.

        By the end of the context all of it has been flushed to disk, as far as the system reports.
        Raises OSError or Cancelled.
        """
        self.final_to(self._path.stat().st_size)
        for step in self._steps:
            progress.result(step)
        self._flushing = self._pool.submit(flush, self._path)
        return self._digest.hexdigest()

    def flushed(self) -> None:
        """Wait until a file whose digest was asked for has been flushed. Raises OSError."""
        if self._flushing is not None:
            self._flushing.result()

    def _follow(self, offset: int) -> None:
        with self._path.open("rb+", buffering=0) as file:
            file.seek(self._read)
            block, flushed = memoryview(bytearray(BLOCK)), self._read
            while size := file.readinto(block[: min(BLOCK, offset - self._read)]):
                if self._is_over:
                    return
                self._digest.update(block[:size])
                self._read += size
                if self._read - flushed >= _FLUSHED:
                    os.fsync(file.fileno())
                    flushed = self._read


def flush(path: Path) -> None:
    """Flush a file to disk, as far as the system reports. Raises OSError."""
    with path.open("rb+", buffering=0) as file:
        os.fsync(file.fileno())


@contextmanager
def followed(path: Path) -> Iterator[FollowedFile]:
    """Follow the file at `path`, which need not exist yet, until the end of the context.

    Raises OSError at its end if the file could not be flushed.
    """
    with ThreadPoolExecutor(1) as pool:
        following = FollowedFile(path, pool)
        try:
            yield following
            following.flushed()
        finally:
            following.end()
