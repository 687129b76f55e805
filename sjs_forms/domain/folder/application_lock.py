"""The lock of an application's folder: only one program writes application.json at a time.

Whoever writes application.json, or related files, holds the lock while reading, deciding and
writing. The lock is a file in the hidden folder of a session (`.sjs`); without a session that
folder is removed with the lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISDIR

from filelock import FileLock, Timeout

from sjs_forms.base.errors import ExitCode, OutputUnwritable, SjsFormsError
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.system_errors import reason

SESSION_FOLDER = ".sjs"
"""A session's folder beside application.json: the lock, earlier versions, removed files."""

_LOCK = "lock"
_PATIENCE = 20.0
"""Seconds to wait for another writer; writing takes far less than one."""


class ApplicationBusy(SjsFormsError):
    """Raised if another program has been writing the application for too long."""

    exit_code = ExitCode.OUTPUT


@contextmanager
def writing(folder: Path, patience: float = _PATIENCE) -> Iterator[None]:
    """Hold the lock of an application's folder, which is created if missing.

    Raises ApplicationBusy if another holds it for more than `patience` seconds, OutputUnwritable if
    the folder cannot be written.
    """
    place = folder / SESSION_FOLDER
    refuse_links(place)
    try:
        lock = _acquired(place, patience)
    except Timeout as problem:
        raise ApplicationBusy(
            f"“{FILE}”正由另一个程序写入。", "请等它做完，或关闭它，再试一次。", folder
        ) from problem
    except OSError as problem:
        raise OutputUnwritable(
            f"无法写入“{FILE}”：{reason(problem)}。", "请检查文件夹是否有权限写入。", folder
        ) from problem
    try:
        yield
    finally:
        with suppress(OSError):
            # While the lock is held: whoever waits for it notices that the file is gone. It does
            # not matter who created the folder, because another lock may be in it by the time it is
            # removed.
            if [path.name for path in place.iterdir()] == [_LOCK]:
                (place / _LOCK).unlink()
                place.rmdir()
        lock.release(force=True)


def refuse_links(*places: Path) -> None:
    """Raise OutputUnwritable for a link: the folder may have come from a stranger."""
    for place in places:
        if place.is_symlink():
            raise OutputUnwritable(
                f"“{place}”是指向别处的链接，没有写入。", "请删去这个链接，再试一次。"
            )


def _acquired(place: Path, patience: float) -> FileLock:
    """Return the acquired lock; creates its folder if missing."""
    for _ in range(100):
        try:
            _create(place)
        except FileNotFoundError:  # another process has just released it and removed the folder
            continue
        lock = FileLock(place / _LOCK)
        try:
            # On a file system without locks it is as if nobody else wrote.
            with suppress(NotImplementedError):
                lock.acquire(timeout=patience)
        except (FileNotFoundError, FileExistsError):
            # The same. FileExistsError: FileLock creates the folder too, and finds one that goes.
            continue
        if place.is_dir():
            return lock
        lock.release(force=True)
    raise FileNotFoundError(2, "No such file or directory", str(place))


def _create(place: Path) -> None:
    """Create the folder if missing. Raises FileNotFoundError if it is removed meanwhile."""
    try:
        place.mkdir(parents=True)
    except FileExistsError:
        if not S_ISDIR(place.stat().st_mode):
            raise
