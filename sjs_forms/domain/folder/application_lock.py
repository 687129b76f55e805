"""One writer of application.json at a time: the lock of an application's folder.

Whoever writes application.json, or files of the application with it, holds the lock while it reads
what is there, decides and writes. The lock is a file in the hidden folder that a session keeps
(`.sjs`); where there is no session the folder goes again with the lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from sjs_forms.base.errors import ExitCode, OutputUnwritable, SjsFormsError

SESSION_FOLDER = ".sjs"
"""What a session keeps beside application.json: the lock, earlier versions, files taken out."""

_LOCK = "lock"
_PATIENCE = 20.0
"""Seconds to wait for another writer; writing takes far less than one."""


class ApplicationBusy(SjsFormsError):
    """Another program has been writing the application for longer than anyone should."""

    exit_code = ExitCode.OUTPUT


@contextmanager
def writing(folder: Path, patience: float = _PATIENCE) -> Iterator[None]:
    """Hold the lock of an application's folder, which is made where there is none.

    Raises ApplicationBusy where another holds it for longer than `patience` seconds, and
    OutputUnwritable where the folder cannot be written.
    """
    place = folder / SESSION_FOLDER
    try:
        lock = _acquired(place, patience)
    except Timeout as problem:
        raise ApplicationBusy(
            f"“{folder}”正由另一个程序写入。", "请等它做完，或关闭它，再试一次。"
        ) from problem
    except OSError as problem:
        raise OutputUnwritable(
            f"无法写入“{folder}”：{problem.strerror or problem}。", "请检查文件夹是否有权限写入。"
        ) from problem
    try:
        yield
    finally:
        with suppress(OSError):
            # While the lock is held: who waits for it sees that the file is gone. Who made the
            # folder does not count: another's lock may be in it by the time it is to go.
            if [path.name for path in place.iterdir()] == [_LOCK]:
                (place / _LOCK).unlink()
                place.rmdir()
        lock.release(force=True)


def _acquired(place: Path, patience: float) -> FileLock:
    """The lock, held; its folder is made where there is none."""
    for _ in range(100):
        try:
            place.mkdir(parents=True)
        except FileExistsError:
            if not place.is_dir():
                raise
        lock = FileLock(place / _LOCK)
        try:
            with suppress(NotImplementedError):  # a disk without locks: as if nobody else wrote
                lock.acquire(timeout=patience)
        except FileNotFoundError:  # another has just let go of it, and removed the folder
            continue
        if place.is_dir():
            return lock
        lock.release(force=True)
    raise FileNotFoundError(2, "No such file or directory", str(place))
