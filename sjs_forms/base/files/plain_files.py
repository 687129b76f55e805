"""Reads files written by others within limits; never pipes, devices or endless files."""

import errno
import os
import shutil
import stat
import zipfile
from pathlib import Path
from typing import BinaryIO

MAX_RECORD = 32_000_000
"""Limit in bytes on a manifest or report; a volume of 6,000 sides has about 2 MB."""

MAX_DIRECTORY = 8_000_000
"""Limit in bytes on a zip's central directory: about 100,000 members, which take 100 MB
of memory.
"""


def is_special(path: Path) -> bool:
    """Return whether it exists and is neither a file nor a folder: opening a pipe might block."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def read_record(path: Path) -> bytes:
    """Read a small file of ours. Raises OSError, also if it is no plain file or far too large."""
    with open(path, "rb", opener=_without_waiting) as file:
        known = os.fstat(file.fileno())
        if not stat.S_ISREG(known.st_mode):
            raise OSError(errno.EINVAL, "not a file", str(path))
        data = file.read(MAX_RECORD + 1)
    if len(data) > MAX_RECORD:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def copy_tree(source: Path, target: Path) -> None:
    """Copy the content of a folder into an existing one. Raises OSError with its number.

    `shutil.copytree` copies on after a failure, and raises an error without one.
    """
    for path in sorted(source.rglob("*")):
        copy = target / path.relative_to(source)
        if path.is_dir():
            copy.mkdir()
        else:
            shutil.copyfile(path, copy)


def _without_waiting(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def open_zip(stream: BinaryIO) -> zipfile.ZipFile:
    """Open a zip if its central directory is of a plausible size.

    Raises BadZipFile otherwise, and what ZipFile raises.
    """
    end = zipfile._EndRecData(stream)  # type: ignore[attr-defined] # what ZipFile itself goes by
    if end and end[zipfile._ECD_SIZE] > MAX_DIRECTORY:  # type: ignore[attr-defined]
        raise zipfile.BadZipFile("too many members")
    return zipfile.ZipFile(stream)
