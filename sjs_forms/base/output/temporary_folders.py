"""Folders in the system's temporary folder, and the removal of those left by killed runs."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sjs_forms.base.errors import MachineLacks
from sjs_forms.base.files.user_cache import cache_folder
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.remedies import PlainAction, several
from sjs_forms.base.output.work_folders import abandoned, owned_folder, remove, remove_unmarked
from sjs_forms.base.system_errors import reason

PREFIX = "sjs-forms-"

_SHARED = ("PROGRAMDATA", "PUBLIC", "ALLUSERSPROFILE")
"""Variables with folders of Windows that every user may write to; their names are ASCII."""


@contextmanager
def temporary_folder(parent: Path | None = None) -> Iterator[Path]:
    """Yield a new folder that only this user can read, removed afterwards.

    It is in `parent`, else in the system's temporary folder. If the process is killed, `sweep`
    removes it. Raises MachineLacks if it cannot be created.
    """
    with ExitStack() as stack:
        try:
            place = parent or Path(tempfile.gettempdir())
            folder = stack.enter_context(owned_folder(place, PREFIX))
        except OSError as problem:
            raise MachineLacks(
                f"临时文件夹用不了：{reason(problem)}。",
                several("请检查它的磁盘空间和权限。", PlainAction.MOVE_TEMPORARY),
            ) from problem
        yield folder


def ascii_place() -> Path:
    """Return a folder for temporary files, on Windows one whose path is ASCII.

    Libraries in C open no other path there, and a user's name may be Chinese. Raises MachineLacks.
    """
    for place in ascii_places(tempfile.gettempdir(), os.environ):
        with suppress(OSError), tempfile.TemporaryDirectory(prefix=PREFIX, dir=place):
            return Path(place)
    raise MachineLacks(
        f"临时文件夹“{FILE}”的路径里有中文等字符，排版库读不了其中的字体。",
        PlainAction.USE_ASCII_TEMPORARY,
        tempfile.gettempdir(),
    )


def ascii_places(temporary: str, environment: Mapping[str, str]) -> list[str]:
    """Return candidates for it, the best first: `temporary` itself, then folders of all users."""
    shared = (environment.get(name, "") for name in _SHARED)
    return [place for place in (temporary, *shared) if place and place.isascii()]


def sweep() -> None:
    """Remove what killed runs of this user left; never fails.

    Searches the system's temporary folder and the cache.
    """
    places: list[Callable[[], str | Path]] = [tempfile.gettempdir, cache_folder]
    if sys.platform == "win32":
        places.append(ascii_place)
    for place in places:
        with suppress(OSError, RuntimeError, MachineLacks):  # each may be missing
            sweep_folder(Path(place()), PREFIX)


def sweep_folder(place: Path, prefix: str) -> None:
    """Remove this user's abandoned folders in `place`. Raises OSError if it cannot be read."""
    if not _of_ours(place, prefix):
        return
    for folder, _ in abandoned(place, prefix, is_own):
        remove(folder)
    for folder in _of_ours(place, prefix):
        remove_unmarked(folder)


def is_own(folder: Path) -> bool:
    """Return whether the folder is this user's. Another's could be replaced by a link.

    In a shared temporary folder (sticky, like /tmp) nobody can replace ours by a link.
    """
    return not hasattr(os, "geteuid") or folder.lstat().st_uid == os.geteuid()


def _of_ours(place: Path, prefix: str) -> list[Path]:
    return [
        folder for folder in place.iterdir() if folder.name.startswith(prefix) and is_own(folder)
    ]
