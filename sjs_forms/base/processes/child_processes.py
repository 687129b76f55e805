"""Starts and ends child processes: each with all its descendants, and on Windows without a window.

A child leads a group of its own, so Ctrl-C reaches only this process, which ends its children. On
POSIX that is a session; on Windows a process group, for the console, and a job object.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from sjs_forms.base.processes.windows_jobs import JobObject

_log = logging.getLogger(__name__)

_SUSPENDED, _NEW_GROUP, _NO_WINDOW = 0x4, 0x200, 0x8000000
"""CREATE_SUSPENDED, with which a child waits until it is in its job, so that no descendant escapes
it; CREATE_NEW_PROCESS_GROUP and CREATE_NO_WINDOW. All are of the Windows API.
"""
_OVER_QUOTA = 1816
"""ERROR_NOT_ENOUGH_QUOTA."""

JOBS: "WeakKeyDictionary[subprocess.Popen[Any], JobObject]" = WeakKeyDictionary()
"""The job object of each child, on Windows. It is closed with the last reference to the child."""


def group_options(platform: str = sys.platform) -> Mapping[str, Any]:
    """Return the arguments of Popen with which a child leads a group."""
    if platform == "win32":
        return {"creationflags": _NEW_GROUP | _NO_WINDOW | _SUSPENDED}
    return {"start_new_session": True}


def start_child(command: Sequence[str], **options: Any) -> "subprocess.Popen[Any]":
    """Start a child that leads a group. `options` are those of Popen. Raises OSError."""
    process = subprocess.Popen(command, **group_options(), **options)
    if sys.platform == "win32":
        _put_into_a_job(process)
    return process


def _put_into_a_job(process: "subprocess.Popen[Any]") -> None:
    """Put a suspended child into a job of its own, and let it run."""
    from sjs_forms.base.processes.windows_jobs import JobObject, resume

    handle = int(vars(process)["_handle"])
    try:
        job = JobObject()
        job.take(handle)
        JOBS[process] = job
    except OSError:  # it will be killed without its descendants
        _log.warning("a child process is in no job", exc_info=True)
    finally:
        resume(handle)


def end_group(process: "subprocess.Popen[Any]") -> None:
    """Kill a child with its group, and wait for it."""
    job = JOBS.pop(process, None)
    if job is not None:
        job.kill()
        job.close()
    elif hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def ask_to_end(process: "subprocess.Popen[Any]", platform: str = sys.platform) -> None:
    """Ask a child to end by itself: by SIGTERM, or where there is none, by the end of its input."""
    if platform != "win32":
        process.terminate()
    elif process.stdin is not None:
        with contextlib.suppress(OSError, ValueError):
            process.stdin.close()


def bound_group(process: "subprocess.Popen[Any]", memory: int, seconds: float) -> None:
    """On Windows, limit the bytes of memory and the seconds of processor time of a child's group.

    Elsewhere a child limits itself.
    """
    job = JOBS.get(process)
    if job is not None:
        with contextlib.suppress(OSError):
            job.bound(memory, seconds)


def peak_memory(process: "subprocess.Popen[Any]") -> int | None:
    """Return the most bytes that a child's group used at once, or None if nobody counts them."""
    job = JOBS.get(process)
    return None if job is None else job.peak_memory()


def crashed_on_windows(code: int) -> bool:
    """Return whether an exit code is that of a process that caused an exception, or ran too long.

    An exception ends it with its NTSTATUS, which has the highest bit; a job's limit of time with
    ERROR_NOT_ENOUGH_QUOTA.
    """
    return code >= 1 << 31 or code == _OVER_QUOTA
