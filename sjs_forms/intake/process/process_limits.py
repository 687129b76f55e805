"""The resource limits of the process that reads a file, and whether the file or the system set
them.
"""

import contextlib
import errno
import functools
import os
import signal
import sys
import threading
import time
from io import RawIOBase
from pathlib import Path

from sjs_forms.base.processes.memory import own_share
from sjs_forms.base.processes.process_memory import own_pages
from sjs_forms.base.processes.windows_jobs import JobObject, committed_memory
from sjs_forms.domain.intake_limits import IntakeLimits

_LOOK = 0.1
"""Seconds between two measurements of this process's memory."""


def _bounds(limits: IntakeLimits) -> dict[str, int]:
    """Return the limits of a file's process by their system names."""
    return {
        "RLIMIT_AS": limits.max_memory,
        "RLIMIT_FSIZE": 4 * limits.max_bytes,
        "RLIMIT_CORE": 0,
    }


def set_bounds(limits: IntakeLimits) -> None:
    """Limit memory, time and output of this process, if the system can."""
    if sys.platform == "win32":
        _bound_on_windows(limits)
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.max_seconds) + 5
    for name, bound in (*_bounds(limits).items(), ("RLIMIT_CPU", seconds)):
        kind = getattr(resource, name)
        with contextlib.suppress(ValueError, OSError):
            _, hard = resource.getrlimit(kind)
            if hard != resource.RLIM_INFINITY:
                bound = min(bound, hard)
            resource.setrlimit(kind, (bound, hard))


@functools.cache
def _own_job() -> JobObject:
    """Return a job object with this process in it."""
    job = JobObject()
    job.take_this_process()
    return job


def _bound_on_windows(limits: IntakeLimits) -> None:
    used = os.times()
    with contextlib.suppress(OSError):
        _own_job().bound_each(limits.max_memory, used.user + limits.max_seconds + 5)


def watch_share() -> None:
    """Kill this process if it takes more memory than its share in a batch.

    To be called once, before the process is confined and can no longer see its memory. It uses
    SIGKILL, as the system would: the machine has too little memory. A lower RLIMIT_AS would not do,
    because libraries abort at it, which looks like damage of the file.
    """
    share = own_share()
    if share is None:
        return
    if sys.platform == "win32":
        threading.Thread(target=_end_beyond_on_windows, args=(share,), daemon=True).start()
        return
    with contextlib.suppress(OSError):
        memory = Path("/proc/self/statm").open("rb", buffering=0)  # noqa: SIM115 - watched to the end
        threading.Thread(target=_end_beyond, args=(share, memory), daemon=True).start()


def _end_beyond(share: int, memory: RawIOBase) -> None:
    page = os.sysconf("SC_PAGE_SIZE")
    while True:
        memory.seek(0)
        if own_pages(memory.read(100) or b"") * page > share:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(_LOOK)


def _end_beyond_on_windows(share: int) -> None:
    while committed_memory() <= share:
        time.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)  # ends it at once: Windows knows no other signal


def _is_ours(name: str, limits: IntakeLimits) -> bool:
    """Return whether a limit of this process is ours, and not a lower one of the system."""
    if sys.platform == "win32":
        return True
    import resource

    soft, _ = resource.getrlimit(getattr(resource, name))
    return soft == resource.RLIM_INFINITY or soft >= _bounds(limits)[name]


def is_past_our_bound(problem: Exception, limits: IntakeLimits) -> bool:
    """Return whether the file made us write more than allowed, with room left on the disk."""
    past = isinstance(problem, OSError) and problem.errno == errno.EFBIG
    return past and _is_ours("RLIMIT_FSIZE", limits)


def memory_is_due(limits: IntakeLimits) -> bool:
    """Return whether this process may use a file's full memory; then the file took it."""
    return _is_ours("RLIMIT_AS", limits)
