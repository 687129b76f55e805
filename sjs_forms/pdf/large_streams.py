"""Copies large streams from one PDF to another without loading them into memory.

pypdf reads a stream whole and keeps it until the end. `opened` returns a file object that gives
pypdf a view of the file on disk instead wherever a stream is large. `write` writes such views and
releases their memory at once. `carried` tells which stream of a source became which.
"""

import mmap
from collections.abc import Mapping
from io import BufferedReader, BufferedWriter, BytesIO, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sjs_forms.base.progress import Progress, quiet
from sjs_forms.pdf.pypdf_writer import new_numbers

if TYPE_CHECKING:
    from pypdf import PdfReader, PdfWriter

LARGE = 1 << 16
"""Streams of at least this many bytes stay on disk. What pypdf unpacks (object streams)
is smaller.
"""
SMALL = 1 << 18
"""Files of up to this many bytes are read whole."""
_GATHERED = 1 << 20
"""Size in bytes of the write buffer for small pieces."""


def write(writer: "PdfWriter", target: Path, progress: Progress = quiet) -> None:
    """Write the PDF to `target`. Raises OSError or Cancelled."""
    with _Output(FileIO(target, "w"), _GATHERED) as output:
        output.progress = progress
        writer.write(output)


def carried(
    reader: "PdfReader", writer: "PdfWriter", digests: Mapping[int, bytes]
) -> dict[int, bytes]:
    """Return the digests of a source's streams, keyed by their object numbers in `writer`."""
    numbers = new_numbers(reader, writer)
    return {numbers[old]: known for old, known in digests.items() if old in numbers}


class _MappedFile(BufferedReader):
    """A file whose large reads return a view instead of a copy."""

    def __init__(self, file: FileIO) -> None:
        super().__init__(file)
        self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def read(self, size: int | None = -1, /) -> Any:
        """Read as a file does, but return a memoryview for LARGE bytes or more."""
        if size is None or size < LARGE:
            return super().read(size)
        start = self.tell()
        end = self.seek(min(start + size, len(self._map)))
        return memoryview(self._map)[start:end]


def opened(path: Path) -> BinaryIO:
    """Open a file for `PdfReader`. Views of it stay valid after it is closed. Raises OSError.

    Only for files that no other process may truncate: clean PDFs and our own. A small file is read
    whole, because pypdf reads byte by byte, which is fastest from memory.
    """
    if path.stat().st_size <= SMALL:
        return BytesIO(path.read_bytes())
    return _MappedFile(FileIO(path))


class _Output(BufferedWriter):
    """A file that writes memoryviews directly, without buffering them."""

    progress = quiet

    def write(self, data: Any, /) -> int:
        """Write a piece. Raises OSError, and Cancelled before a large piece."""
        if type(data) is not memoryview:
            return super().write(data)
        self.progress.check()
        self.flush()
        rest = data
        while rest:
            rest = rest[self.raw.write(rest) :]
        _release(data)
        return len(data)


def _release(view: memoryview) -> None:
    """Release a mapped file's pages from this process. They stay in the system's page cache."""
    if isinstance(view.obj, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        view.obj.madvise(mmap.MADV_DONTNEED)
