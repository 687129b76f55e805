"""Refusals caused by the system or this software, not by the file. Each function returns one.

They are never cached, because another try may succeed.
"""

import errno
import logging
from pathlib import Path

from sjs_forms.base.exit_codes import ExitCode
from sjs_forms.base.findings.file_refusal import FILE, FileChanged, FileRefused
from sjs_forms.base.findings.remedies import Advice, PlainAction, Remedy, ReportFileFault, several
from sjs_forms.base.system_errors import FULL, is_system_error, no_thread, reason

_log = logging.getLogger(__name__)


def _hindered(
    code: str, message: str, *remedies: Remedy | str, files: tuple[str, ...] = ()
) -> FileRefused:
    return FileRefused(code, message, several(*remedies), *files)


def unread(problem: OSError) -> FileRefused:
    """The file existed, but can no longer be read."""
    _log.warning("a file could not be read", exc_info=problem)
    return _hindered(
        "machine-unread",
        f"读不到“{FILE}”：{reason(problem)}。",
        "请确认网络文件夹或移动硬盘连接正常、有读取权限、文件没有被别的程序占用，再试一次。",
    )


def changed() -> FileChanged:
    """The file was changed while it was read."""
    return FileChanged(
        "machine-changed",
        f"“{FILE}”在读取过程中被改动了。",
        Advice("请等文件复制完、网盘同步完，关闭正在编辑它的程序，再试一次。"),
    )


def no_room(place: Path, problem: OSError) -> FileRefused:
    """The disk of the work folder is full or not writable.

    Or a file of this software, named by `problem`, cannot be read.
    """
    if problem.errno in FULL:
        return _hindered(
            "machine-disk-full",
            f"处理“{FILE}”时磁盘已满（临时文件夹“{FILE}”）。",
            "请腾出磁盘空间后再试。",
            PlainAction.MOVE_TEMPORARY,
            files=(str(place),),
        )
    return _hindered(
        "machine-temporary",
        f"处理“{FILE}”时读写不了“{FILE}”：{reason(problem)}。",
        "请检查这个位置的权限。",
        PlainAction.MOVE_TEMPORARY,
        files=(str(problem.filename or place),),
    )


def unstarted(why: str) -> FileRefused:
    """The process that reads the file cannot be started."""
    return _hindered(
        "machine-unstarted",
        f"读取“{FILE}”的进程无法启动：{why}。",
        "请关闭一些程序后再试；总是这样的，",
        PlainAction.INSPECT_MACHINE,
    )


def killed() -> FileRefused:
    """The process that read the file was killed from outside, twice."""
    return _hindered(
        "machine-killed",
        f"读取“{FILE}”的进程两次被系统强行结束，多半是内存不足，也可能是被安全软件拦下。",
        "请关闭占用内存较多的程序后再试。",
        PlainAction.FEWER_AT_ONCE,
        "总是这样的，请把文件拆小，或换一台内存更大的电脑。",
    )


def beyond_share(share: int) -> FileRefused:
    """A program took more memory for the file than `share`, in bytes."""
    mega = f"{share / 1e6:,.0f} MB"
    return _hindered(
        "machine-too-large",
        f"“{FILE}”对这台机器来说太大：转换它所需的内存超过了每份申报可用的 {mega}。",
        PlainAction.FEWER_AT_ONCE,
        "请在 Word、Excel 或 WPS 中另存为 PDF、把文件拆小，或换一台内存更大的电脑。",
    )


def no_memory() -> FileRefused:
    """The system gives less memory than one file may use."""
    return _hindered(
        "machine-memory",
        f"处理“{FILE}”时系统内存不足。",
        "请关闭占用内存较多的程序后再试，或放宽对本程序内存的限制。",
    )


def no_library(problem: ImportError) -> FileRefused:
    """A library that reads files is missing or cannot be loaded."""
    return _hindered(
        "machine-library",
        f"读取“{FILE}”所需的程序库用不了：{problem.name or problem}。",
        PlainAction.INSPECT_MACHINE,
    )


def fault(what: str) -> FileRefused:
    """An internal fault, on a file that may be valid."""
    return _hindered(
        "fault-attachment",
        f"处理“{FILE}”时本软件出错。",
        ReportFileFault(f"内部错误：{what}"),
    )


def of(problem: Exception, place: Path) -> FileRefused:
    """Return the refusal for an exception during work on a file in the folder `place`."""
    found = _of(problem, place)
    level = logging.ERROR if found.finding.exit_code is ExitCode.FAULT else logging.WARNING
    _log.log(level, "a file could not be opened: %s", found.code, exc_info=problem)
    return found


def _of(problem: Exception, place: Path) -> FileRefused:
    if isinstance(problem, OSError) and problem.errno in (errno.EAGAIN, errno.ENOMEM):
        return unstarted(reason(problem))
    if is_system_error(problem):
        return no_room(place, problem)
    if isinstance(problem, MemoryError):
        return no_memory()
    if isinstance(problem, ImportError):
        return no_library(problem)
    if no_thread(problem):
        return unstarted("进程或线程的数目已到上限，或内存不足")
    return fault(f"{type(problem).__name__}: {problem}")
