"""Publishes the output folder: written elsewhere first, then moved into place as a whole.

Existing content is replaced only if it is known to be an unchanged output of ours, by its digest in
the manifest beside it, never by its name.
"""

import errno
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice, takewhile
from pathlib import Path, PurePosixPath

from sjs_forms import TOOL
from sjs_forms.base.errors import MachineLacks, OutputUnwritable, SjsFormsError
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.files.plain_files import read_record
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.remedies import PlainAction, several
from sjs_forms.base.manifest import MANIFEST, Manifest
from sjs_forms.base.output import patient_moves
from sjs_forms.base.output.folder_exchange import exchange
from sjs_forms.base.output.followed_file import flush
from sjs_forms.base.output.journalled_moves import Move, finish_moves, free_name, is_open, move_all
from sjs_forms.base.output.own_files import is_made_here
from sjs_forms.base.output.patient_moves import held_files, is_held
from sjs_forms.base.output.work_folders import (
    abandoned,
    is_owned,
    of_prefix,
    owned_folder,
    remove,
    remove_unmarked,
)
from sjs_forms.base.system_errors import FULL, is_too_long, machine_lacks, no_thread, reason

_log = logging.getLogger(__name__)

WORK_PREFIX = ".sjs-forms-"
_NEW, _EARLIER = "new", "earlier"
"""In a work folder: the new output, and the earlier one."""

_LARGE = 64_000_000
"""Above this size in bytes, an earlier output counts as unchanged if it is no newer than its
manifest, which is written last: reading it would take seconds.
"""

_NEARLY_FULL = 1 << 20
"""A disk with less free space than this (bytes) counts as full."""

_FLUSHED_AT_ONCE = 8
_MAX_NAMED = 3

_LITTER = frozenset(
    {
        *(".ds_store", "thumbs.db", "desktop.ini"),
        *("lost+found", "system volume information", "$recycle.bin"),
        *(".trashes", ".fseventsd", ".spotlight-v100"),
    }
)
"""What systems put into every folder that is viewed, and on every disk. It is kept without asking.
"""


@contextmanager
def work_folder(target: Path) -> Iterator[Path]:
    """Yield a new empty folder on the file system of `target`, removed afterwards.

    It is beside `target`, so that publishing is a rename; or inside, if `target` is a mount point.
    Parents that had to be created are removed too, unless something was published there. Raises
    OutputUnwritable if it cannot be created.
    """
    with ExitStack() as stack:
        try:
            place = _working_place(target)
            stack.callback(_remove_empty, _absent(place))
            place.mkdir(parents=True, exist_ok=True)
            note = {"target": target.name}
            owned = stack.enter_context(owned_folder(place, WORK_PREFIX, note, is_open))
            work = owned / _NEW
            work.mkdir()
            work.chmod(0o755)
        except OSError as problem:
            raise unwritable(target, problem) from problem
        try:
            yield work
        except OSError as problem:
            if problem.errno in FULL:  # the call that writes knows no file name
                raise _full(target, place, problem) from problem
            if _is_in(owned, problem):
                raise unwritable(target, problem) from problem
            raise


def _absent(place: Path) -> tuple[Path, ...]:
    """Return the folder and its parents that do not exist, innermost first."""
    return tuple(takewhile(lambda folder: not folder.exists(), (place, *place.parents)))


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove folders, innermost first, up to the first that is not empty."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def _working_place(target: Path) -> Path:
    real = Path(os.path.realpath(target))
    if real.is_dir() and real.stat().st_dev != real.parent.stat().st_dev:
        return real
    return real.parent


def recover(target: Path) -> tuple[str, ...]:
    """Clean up after earlier runs that were killed while writing `target` or beside it.

    Their unfinished moves are completed or reverted. Returns what was done, in sentences.
    """
    told = []
    real = Path(os.path.realpath(target))
    for place in (real.parent, real):
        for folder, note in abandoned(place, WORK_PREFIX):
            name = note.get("target", "")
            try:
                done = finish_moves(folder)
                remove(folder)
                told.append(_recovered(name, done))
            except OSError:  # left for the next run
                _log.warning("a killed run is not cleared up: %s", folder, exc_info=True)
        for folder in of_prefix(place, WORK_PREFIX):
            remove_unmarked(folder)
    return tuple(told)


def _recovered(name: str, done: bool | None) -> str:
    if done is None:
        return f"上次写“{name}”时中断，没有写完；留下的临时文件已清理。"
    how = "已补完" if done else "已恢复为原来的内容"
    return f"上次写“{name}”时在最后一步中断，{how}。"


def _full(target: Path, parent: Path, problem: OSError) -> SjsFormsError:
    """Return which disk is full: the target's, or that of the temporary files."""
    temporary = Path(tempfile.gettempdir())
    if _free(temporary) < _NEARLY_FULL <= _free(parent):
        return MachineLacks(
            f"临时文件夹“{FILE}”所在的磁盘已满。",
            several("请腾出磁盘空间后再试。", PlainAction.MOVE_TEMPORARY),
            temporary,
        )
    return unwritable(target, problem)


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def _is_in(folder: Path, problem: OSError) -> bool:
    name = getattr(problem.filename, "name", problem.filename)  # pikepdf sets the open file
    return isinstance(name, (str, bytes)) and Path(os.fsdecode(name)).is_relative_to(folder)


def refuse_foreign(target: Path) -> None:
    """Raise OutputUnwritable if `target` contains anything that a build did not write.

    An output that was changed since also counts.
    """
    try:
        if not target.exists():
            return
        _refuse_file(target)
        found = sorted(foreign_files(target))
    except OSError as problem:
        raise unwritable(target, problem) from problem
    asked = [name for name in found if not is_left_by_systems(PurePosixPath(name).name)]
    if asked:
        raise OutputUnwritable(
            f"输出文件夹“{FILE}”里有不是本软件生成的、或生成后被改动过的内容："
            f"{'、'.join(asked[:3])}{' 等' if len(asked) > 3 else ''}。",
            PlainAction.MOVE_FOREIGN_FILES,
            target,
        )


def is_left_by_systems(name: str) -> bool:
    """Return whether systems put a file or folder of this name wherever somebody looks."""
    return name.lower() in _LITTER


def _refuse_file(target: Path) -> None:
    if os.path.exists(target) and not os.path.isdir(target):  # noqa: PTH110, PTH112 - of any name
        raise OutputUnwritable(
            f"输出位置“{FILE}”是一个文件，不是文件夹。", PlainAction.CHOOSE_FREE_NAME, target
        )


def foreign_files(folder: Path) -> Iterator[str]:
    """Yield the files below a folder that differ from its manifest, by relative path.

    A folder that the manifest does not know counts as one. Raises OSError.
    """
    listed = _listed(folder)
    written = (folder / MANIFEST).stat().st_mtime_ns if listed else 0
    holders = {parent.as_posix() for name in listed for parent in PurePosixPath(name).parents}
    waiting = [folder]
    while waiting:
        for path in waiting.pop().iterdir():
            name = path.relative_to(folder).as_posix()
            if path.is_dir() and not path.is_symlink():
                if name in holders:
                    waiting.append(path)
                elif not is_owned(path, WORK_PREFIX):
                    yield name
            elif not (listed and name == MANIFEST) and not _as_listed(
                path, listed.get(name), written
            ):
                yield name


_Listed = tuple[int, str]
"""Bytes and SHA-256."""


def _as_listed(path: Path, listed: _Listed | None, written: int) -> bool:
    if listed is None or path.is_symlink() or not path.is_file():
        return False
    known = path.stat()
    if known.st_size != listed[0]:
        return False
    if known.st_size >= _LARGE and known.st_mtime_ns <= written:
        return True
    return digest(path) == listed[1]


def _listed(folder: Path) -> dict[str, _Listed]:
    """Return the files in the manifest of a build; none if there is no such manifest."""
    try:
        manifest = Manifest.parse(read_record(folder / MANIFEST))
    except (OSError, ValueError):
        return {}
    if manifest.tool.name != TOOL:
        return {}
    return {entry.file: (entry.bytes, entry.sha256) for entry in manifest.files}


def swap_folder(work: Path, target: Path) -> None:
    """Put the finished `work` in place of `target`, as a whole or not at all.

    Where the system allows, one of the two is always there; otherwise the next run repairs it. If
    the folder itself must stay, because it is a mount point or a current folder, its files are
    replaced instead. Raises OutputUnwritable.
    """
    refuse_foreign(target)
    owned = work.parent
    try:
        real = Path(os.path.realpath(target))
        _flush_all(work)
        if not real.exists():
            patient_moves.replace(work, real)
        elif owned.parent == real or _is_current(real):
            move_all(_file_by_file(work, real, owned / _EARLIER), owned)
        elif exchange(work, real):
            _carry_over(work, real)
        else:
            earlier = owned / _EARLIER
            move_all([Move(real, earlier), Move(work, real)], owned)
            _carry_over(earlier, real)
    except OSError as problem:
        raise unwritable(target, problem) from problem


def _is_current(folder: Path) -> bool:
    """Return whether it is the current folder."""
    try:
        return folder.samefile(os.curdir)
    except OSError:  # the current folder was removed, or is not readable
        return False


def _file_by_file(work: Path, target: Path, earlier: Path) -> list[Move]:
    """Return moves of all listed files out of `target`, the manifest first, and of `work` in."""
    out = [name for name in (MANIFEST, *_listed(target)) if (target / name).exists()]
    new = [path.relative_to(work).as_posix() for path in sorted(work.rglob("*")) if path.is_file()]
    new.sort(key=lambda name: name == MANIFEST)
    return [
        *(Move(target / name, earlier / name) for name in out),
        *(Move(work / name, target / name) for name in new),
    ]


def _carry_over(earlier: Path, target: Path) -> None:
    """Move foreign files from the earlier folder into the new one."""
    for name in sorted(foreign_files(earlier)):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        patient_moves.replace(earlier / name, free_name(target / name))


def _flush_all(folder: Path) -> None:
    """Flush all files of a folder to disk, so that a loss of power leaves none of them empty.

    Several are flushed at a time: the file system then writes them in the time that one takes.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    try:
        with ThreadPoolExecutor(_FLUSHED_AT_ONCE) as pool:
            list(pool.map(flush, files))
    except RuntimeError as problem:
        if not no_thread(problem):
            raise
        for path in files:
            flush(path)


def put_outputs(files: Iterable[tuple[str, bytes]], target: Path) -> tuple[str, ...]:
    """Write files into a folder that may contain others; all or none.

    An existing file of such a name that is no earlier output of ours, or was changed by another
    program, is kept under another name. Returns these names.
    """
    _refuse_file(target)
    with work_folder(target) as work:
        moves: list[Move] = []
        kept: list[str] = []
        for name, data in files:
            made, aim = work / name, target / name
            made.write_bytes(data)
            if aim.is_dir():
                raise unwritable(aim, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
            if aim.exists() and not is_made_here(aim):
                aside = free_name(aim)
                kept.append(aside.name)
                moves.append(Move(aim, aside))
            elif os.path.lexists(aim):
                moves.append(Move(aim, work.parent / _EARLIER / name))
            moves.append(Move(made, aim))
        _make_moves(moves, work, target)
    return tuple(kept)


def put_file(data: bytes, target: Path, backup: bytes | None = None) -> Path | None:
    """Write a file in place of the existing one, as a whole or not at all.

    `backup` is written beside it under a free name that ends in .bak, which is returned.
    """
    with work_folder(target) as work:
        made = work / target.name
        made.write_bytes(data)
        moves = [Move(made, target)]
        aside = None
        if backup is not None:
            aside = free_name(target.with_name(f"{target.name}.bak"))
            (work / aside.name).write_bytes(backup)
            moves.insert(0, Move(work / aside.name, aside))
        _make_moves(moves, work, target)
    return aside


def put_new_file(data: bytes, target: Path) -> None:
    """Write a file, as a whole or not at all. Raises OutputUnwritable if the path exists."""
    if os.path.lexists(target):
        raise OutputUnwritable(
            f"“{FILE}”已经存在。", "请换一个文件名，以免覆盖已经填写的内容。", target
        )
    put_file(data, target)


def put_moved(moves: Sequence[tuple[Path, Path]], work: Path, target: Path) -> None:
    """Make all of these moves or none. `work` is the work folder of `target`.

    Only the last may replace a file. Raises OutputUnwritable.
    """
    _make_moves([Move(source, aim) for source, aim in moves], work, target)


def _make_moves(moves: Sequence[Move], work: Path, target: Path) -> None:
    try:
        _flush_all(work)
        move_all(moves, work.parent)
    except OSError as problem:
        raise unwritable(target, problem) from problem


def unwritable(target: Path, problem: OSError) -> SjsFormsError:
    """Return the error for a system error while writing."""
    if (lacks := machine_lacks(problem)) is not None:
        return lacks
    if is_held(problem) and (held := list(islice(held_files(target), _MAX_NAMED))):
        names = "、".join(f"“{path.name}”" for path in held)
        return OutputUnwritable(
            f"无法写入“{FILE}”：{names}正被别的程序打开。",
            several(
                f"请在 WPS、Word、Acrobat 等程序里关闭{names}，再做一次。",
                PlainAction.CHOOSE_OTHER_OUTPUT,
            ),
            target,
        )
    if is_too_long(problem):
        return OutputUnwritable(
            f"无法写入“{FILE}”：{reason(problem)}。",
            PlainAction.CHOOSE_SHORTER_PATH,
            target,
        )
    return OutputUnwritable(
        f"无法写入“{FILE}”：{reason(problem)}。",
        several(
            "请检查磁盘空间和权限，关闭正在打开这些文件的程序（如 Word）。",
            PlainAction.CHOOSE_OTHER_OUTPUT,
        ),
        target,
    )
