"""Recognises system errors, so that they are not reported as damage of a file."""

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TypeGuard

from sjs_forms.base.errors import ExitCode, Fault, MachineLacks, SjsFormsError, UsageFault
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.remedies import PlainAction, several
from sjs_forms.base.processes.isolated_python import TEMPORARY_VARIABLES

FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
"""Errors of a full disk, a quota or a file size limit."""

_NAMES = {
    "磁盘已满": ("ENOSPC",),
    "磁盘配额已用完": ("EDQUOT",),
    "文件大小超过系统允许的上限": ("EFBIG",),
    "没有权限": ("EACCES", "EPERM"),
    "磁盘是只读的": ("EROFS",),
    "文件或文件夹不存在": ("ENOENT", "ENOTDIR"),
    "磁盘读写出错": ("EIO", "EREMOTEIO", "EUCLEAN", "EBADMSG"),
    "磁盘或移动设备已断开": ("ENXIO", "ENODEV", "ENOMEDIUM"),
    "网络文件夹已断开": (
        *("ESTALE", "ENOTCONN", "ECONNRESET", "ECONNABORTED", "ECONNREFUSED", "ESHUTDOWN"),
        *("ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "ENETRESET"),
    ),
    "文件正被别的程序占用": ("EBUSY", "ETXTBSY", "EDEADLK", "ENOLCK"),
    "内存不足": ("ENOMEM",),
    "系统暂时不能再启动进程": ("EAGAIN",),
    "打开的文件太多": ("EMFILE", "ENFILE"),
    "路径太长": ("ENAMETOOLONG",),
}
_REASONS = {
    getattr(errno, name): said
    for said, names in _NAMES.items()
    for name in names
    if hasattr(errno, name)
}
_SHARING, _LOCKED = 32, 33
"""Windows error codes: another program has the file open."""
_NOT_FOUND, _NO_PATH, _BAD_NAME, _TOO_LONG = 2, 3, 123, 206
"""Windows error codes for a path that is too long; all but the last have other causes too."""
_LONGEST_PATH = 259
"""Characters of a path on Windows, unless its administrator allows more."""

_LACKING = frozenset((errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN))
"""Errors for which no file or disk is the cause."""
_OF_LOADER = {
    "Cannot allocate memory": errno.ENOMEM,
    "failed to map segment": errno.ENOMEM,
    "cannot map zero-fill pages": errno.ENOMEM,
    "cannot create shared object descriptor": errno.ENOMEM,
    "Too many open files": errno.EMFILE,
}
"""Parts of the messages of ld.so(8), which gives no error number."""

_NO_THREAD = "can't start new thread"
_PACKAGE = str(Path(__file__).parent.parent)
_LIBRARIES = ("site-packages", "dist-packages")


def is_system_error(problem: BaseException) -> TypeGuard[OSError]:
    """Return whether it is an error of the system; libraries raise OSErrors of their own."""
    return isinstance(problem, OSError) and (problem.errno in _REASONS or is_too_long(problem))


def is_too_long(problem: OSError) -> bool:
    """Return whether a path is too long, which Windows reports as missing."""
    code = getattr(problem, "winerror", None)
    names = [name for name in (problem.filename, problem.filename2) if isinstance(name, str)]
    longest = max(map(len, names), default=0)
    missing = code in (_NOT_FOUND, _NO_PATH, _BAD_NAME) and longest > _LONGEST_PATH
    return problem.errno == errno.ENAMETOOLONG or code == _TOO_LONG or missing


def reason(problem: OSError) -> str:
    """Return the system's message: in Chinese where known, else in its own words."""
    said = _REASONS.get(problem.errno or 0)
    if getattr(problem, "winerror", None) in (_SHARING, _LOCKED):
        said = "文件正被别的程序占用"
    if is_too_long(problem):
        said = "路径太长"
        if getattr(problem, "winerror", None) is not None:
            said = f"路径太长，Windows 最多允许 {_LONGEST_PATH} 个字符"
    return said or problem.strerror or str(problem)


def unreadable_file(file: Path, problem: OSError) -> UsageFault:
    """Return the error for a file given by the user that the system does not let us read."""
    return UsageFault(
        f"无法读取 {FILE}：{reason(problem)}",
        "请检查文件是否被其他程序占用、是否有权限打开。",
        file,
    )


def is_nameable(path: Path) -> bool:
    """Return whether the path is UTF-8; libraries such as PDFium and Pango accept no other."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def settle_temporary_folder() -> None:
    """Make this process and its children use one temporary folder, whose path is UTF-8.

    A relative path would be another folder for each child.
    """
    with suppress(FileNotFoundError):  # the current folder was removed
        for name in TEMPORARY_VARIABLES:
            if os.environ.get(name):
                os.environ[name] = os.path.abspath(os.environ[name])  # noqa: PTH100
    with suppress(FileNotFoundError):  # none at all: reported where one is needed
        if is_nameable(Path(tempfile.gettempdir())):
            return
        for name in TEMPORARY_VARIABLES:
            os.environ.pop(name, None)
        tempfile.tempdir = None


def machine_lacks(problem: OSError) -> MachineLacks | None:
    """Return the error if memory, or another resource of the machine, is exhausted; else None."""
    if problem.errno not in _LACKING:
        return None
    return MachineLacks(
        f"{reason(problem)}，没有做完。",
        several("请关闭占用内存较多、打开文件很多的程序后再试。", PlainAction.FEWER_AT_ONCE),
    )


def loader_lacks(problem: ImportError | OSError) -> MachineLacks | None:
    """Return the same if a library could not be loaded for that reason, though it is installed."""
    said = str(problem)
    number = next((_OF_LOADER[part] for part in _OF_LOADER if part in said), None)
    return None if number is None else machine_lacks(OSError(number, os.strerror(number)))


def no_thread(problem: BaseException) -> bool:
    """Return whether Python could not start a thread: too many processes, or no memory."""
    return isinstance(problem, RuntimeError) and _NO_THREAD in str(problem)


def raised_by_a_library(problem: BaseException) -> bool:
    """Return whether it was raised in a library that this package called.

    Compiled libraries leave no traceback entry, so their exceptions count as ours.
    """
    found = False
    trace = problem.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(_PACKAGE):
            found = False
        elif any(place in file for place in _LIBRARIES):
            found = True
        trace = trace.tb_next
    return found


def as_own_error(problem: Exception) -> SjsFormsError:
    """Return any exception as one of this package's: itself, a system error, or a fault.

    It is logged with its traceback.
    """
    import logging  # here: every command imports this module, also to show its help

    known = _as_own_error(problem)
    by_machine = known.exit_code in (ExitCode.MACHINE, ExitCode.OUTPUT)
    level = logging.ERROR if known.exit_code == ExitCode.FAULT else logging.INFO
    level = logging.WARNING if by_machine else level
    what = type(known).__name__
    logging.getLogger(__name__).log(level, "the job ended with %s", what, exc_info=problem)
    return known


def _as_own_error(problem: Exception) -> SjsFormsError:
    if isinstance(problem, SjsFormsError):
        return problem
    if is_system_error(problem):
        name = problem.filename
        files = [os.fsdecode(name)] if isinstance(name, (str, bytes)) else []
        return MachineLacks(
            f"读写{f'“{FILE}”' if files else '文件'}时出错：{reason(problem)}。",
            "请检查磁盘空间、权限和网络文件夹，关闭占用内存较多或正在打开它的程序后再试。",
            *files,
        )
    if isinstance(problem, MemoryError):
        return MachineLacks(
            "内存不足，没有做完。",
            several("请关闭占用内存较多的程序后再试。", PlainAction.FEWER_AT_ONCE),
        )
    if no_thread(problem):
        return MachineLacks(
            "系统不能再启动线程或进程（数目已到上限，或内存不足）。", "请关闭一些程序后再试。"
        )
    if isinstance(problem, ImportError):
        return loader_lacks(problem) or MachineLacks(
            f"缺少程序库：{problem.name or problem}。",
            PlainAction.INSPECT_MACHINE,
        )
    return Fault(f"内部错误：{type(problem).__name__}: {problem}")
