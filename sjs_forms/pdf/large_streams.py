"""Large streams on their way from one PDF to another, never all in memory.

pypdf reads a stream of a file whole and keeps it until the end. From what `opened` gives, it gets
a view of the file on disk instead wherever a stream is large; `write` writes such views and lets
their pages of memory go at once. `carried` says which stream of a source became which.
"""

import mmap
from collections.abc import Mapping
from io import BufferedReader, BufferedWriter, BytesIO, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sjs_forms.base.progress import Progress, quiet

if TYPE_CHECKING:
    from pypdf import PdfReader, PdfWriter

LARGE = 1 << 16
"""Bytes from which a stream is left on disk. What pypdf must unpack (object streams) is smaller."""
_SMALL = 1 << 18
"""Bytes up to which a file is read whole."""
_GATHERED = 1 << 20
"""Bytes of small pieces that are written together."""


def write(writer: "PdfWriter", target: Path, progress: Progress = quiet) -> None:
    """Write what pypdf has put together. Raises OSError or Cancelled."""
    with _Output(FileIO(target, "w"), _GATHERED) as output:
        output.progress = progress
        writer.write(output)


def carried(
    reader: "PdfReader", writer: "PdfWriter", digests: Mapping[int, bytes]
) -> dict[int, bytes]:
    """The digests of a source's streams by the numbers that its objects have in `writer`."""
    numbers = writer._id_translated.get(id(reader), {})
    return {numbers[old]: known for old, known in digests.items() if old in numbers}


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

    Only for files that nobody else may cut short: clean PDFs and our own. A small one is read
    whole: pypdf takes it in by the byte, fastest from memory.
    """
    if path.stat().st_size <= _SMALL:
        return BytesIO(path.read_bytes())
    return _Lending(FileIO(path))


class _Output(BufferedWriter):
    """A file that takes views of others without gathering them."""

    progress = quiet

    def write(self, data: Any, /) -> int:
        """Write a piece. Raises OSError, and Cancelled before a large one."""
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
    """Take a file's pages out of this process's memory; they stay in the system's cache."""
    if isinstance(view.obj, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        view.obj.madvise(mmap.MADV_DONTNEED)
