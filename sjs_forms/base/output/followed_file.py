"""Hashes a large file and writes it to disk while it grows, to save time at its end.

A build's largest files have as many bytes as its scans: hashing takes as long as writing.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sjs_forms.base.hashing import BLOCK
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
        self._is_over = False

    def end(self) -> None:
        """Stop reading."""
        self._is_over = True

    def final_to(self, offset: int) -> None:
        """State that the bytes before `offset` are written and final."""
        self._steps.append(self._pool.submit(self._follow, offset))

    def sha256(self, progress: Progress = quiet) -> str:
        """Return the SHA-256 of the finished file in hexadecimal.

        By then all of it has been flushed to disk, as far as the system reports. Raises OSError or
        Cancelled.
        """
        self.final_to(self._path.stat().st_size)
        for step in self._steps:
            progress.result(step)
        return self._digest.hexdigest()

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
            os.fsync(file.fileno())


@contextmanager
def followed(path: Path) -> Iterator[FollowedFile]:
    """Follow the file at `path`, which need not exist yet, until the end of the context."""
    with ThreadPoolExecutor(1) as pool:
        following = FollowedFile(path, pool)
        try:
            yield following
        finally:
            following.end()
