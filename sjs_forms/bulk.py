"""Large streams on their way from one PDF to another, never all in memory.

pypdf reads a stream of a file whole and keeps it until the end. From what `opened` gives, it gets
a view of the file on disk instead wherever a stream is large; `write` writes such views, lets their
pages of memory go at once, and hashes all that passes, so that nothing need be read again for it.
"""

import mmap
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedReader, FileIO
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from sjs_forms.digests import stream_digest

if TYPE_CHECKING:
    from pypdf import PdfWriter

LARGE = 1 << 16
"""Bytes from which a stream is left on disk. What pypdf must unpack (object streams) is smaller."""
_GATHERED = 1 << 20
"""Bytes of small pieces that are written together."""


@dataclass(frozen=True, slots=True)
class Written:
    """A PDF as it was written: its SHA-256 in hexadecimal, and the digests of its large streams.

    `streams` goes by object number (see `digests.stream_digest`).
    """

    sha256: str
    streams: Mapping[int, bytes]


def write(writer: "PdfWriter", target: Path) -> Written:
    """Write what pypdf has put together. Raises OSError."""
    with _Output(target) as output:
        writer.write(output)  # type: ignore[arg-type]
    large = (
        number
        for number, thing in enumerate(writer._objects, start=1)
        if isinstance(getattr(thing, "_data", None), memoryview)
    )
    return Written(output.digest, dict(zip(large, output.large, strict=True)))


class _Lending(BufferedReader):
    """A file of which reading many bytes at once gives a view, not a copy."""

    def __init__(self, file: FileIO) -> None:
        super().__init__(file)
        self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def read(self, size: int | None = -1, /) -> Any:
        """As a file reads; a memoryview for LARGE bytes and more."""
        if size is None or size < LARGE:
            return super().read(size)
        start = self.tell()
        end = self.seek(min(start + size, len(self._map)))
        return memoryview(self._map)[start:end]


def opened(path: Path) -> BinaryIO:
    """The file for `PdfReader`; views of it outlive its closing. Raises OSError.

    Only for files that nobody else may cut short: clean PDFs and our own.
    """
    return _Lending(FileIO(path))


class _Output:
    """A file of which the SHA-256 is known once it is closed.

    `large` has the digests of the views that were written, in order. Hashing goes on in other
    threads while the file is written: hashlib and the system both let go of the interpreter.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self.large: list[bytes] = []
        self._whole = sha256()
        self._size = 0
        self._gathered = bytearray()
        self._pool = ThreadPoolExecutor(2)
        self._file = path.open("wb", buffering=0)

    def __enter__(self) -> "_Output":
        """The file itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file. Raises OSError where what is left cannot be written."""
        try:
            if problem is None:
                self.flush()
        finally:
            self._pool.shutdown()
            self._file.close()

    @property
    def digest(self) -> str:
        """SHA-256 of all that was written, in hexadecimal."""
        return self._whole.hexdigest()

    def tell(self) -> int:
        """How many bytes were written."""
        return self._size

    def write(self, data: bytes | memoryview) -> int:
        """Write a piece; raises OSError."""
        self._size += len(data)
        if not isinstance(data, memoryview):
            self._gathered += data
            if len(self._gathered) >= _GATHERED:
                self.flush()
            return len(data)
        self.flush()
        own = self._pool.submit(stream_digest, data)
        self._put(data)
        self.large.append(own.result())
        _release(data)
        return len(data)

    def flush(self) -> None:
        """Write what was gathered."""
        gathered, self._gathered = self._gathered, bytearray()
        if gathered:
            self._put(gathered)

    def _put(self, data: bytearray | memoryview) -> None:
        hashed = self._pool.submit(self._whole.update, data)
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        hashed.result()


def _release(view: memoryview) -> None:
    """Take a file's pages out of this process's memory; they stay in the system's cache."""
    if isinstance(view.obj, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        view.obj.madvise(mmap.MADV_DONTNEED)
