"""What the process that reads a file may use, and whether the file or the machine set the bound."""

import contextlib
import errno
import os
import signal
import threading
import time
from io import RawIOBase
from pathlib import Path

from sjs_forms.base.memory import own_share
from sjs_forms.domain.programme import IntakeLimits
from sjs_forms.intake.process.process_memory import own_pages

_LOOK = 0.1
"""Seconds between two looks at the memory that this process takes."""


def _bounds(limits: IntakeLimits) -> dict[str, int]:
    """What the process of one file may use, by the system's name for it."""
    return {
        "RLIMIT_AS": limits.max_memory,
        "RLIMIT_FSIZE": 4 * limits.max_bytes,
        "RLIMIT_CORE": 0,
    }


def set_bounds(limits: IntakeLimits) -> None:
    """Bound memory, time and output of this process, where the system can."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + limits.max_seconds) + 5
    for name, bound in (*_bounds(limits).items(), ("RLIMIT_CPU", seconds)):
        kind = getattr(resource, name)
        with contextlib.suppress(ValueError, OSError):
            _, hard = resource.getrlimit(kind)
            if hard != resource.RLIM_INFINITY:
                bound = min(bound, hard)
            resource.setrlimit(kind, (bound, hard))


def watch_share() -> None:
    """Have this process end itself where it takes more memory than its share in a batch.

    To be called once, before the process shuts itself in: then it sees no more what it takes.

    As if the system had ended it (SIGKILL): it is the machine that has too little. A lower
    RLIMIT_AS would not do: libraries abort where it stops them, which looks like a file's damage.
    """
    share = own_share()
    if share is None:
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


def _is_ours(name: str, limits: IntakeLimits) -> bool:
    """Whether a bound of this process is the one that the limits say, and not a lower one."""
    try:
        import resource
    except ImportError:
        return True
    soft, _ = resource.getrlimit(getattr(resource, name))
    return soft == resource.RLIM_INFINITY or soft >= _bounds(limits)[name]


def is_past_our_bound(problem: Exception, limits: IntakeLimits) -> bool:
    """Whether the file made us write more than it may, with room left on the disk."""
    past = isinstance(problem, OSError) and problem.errno == errno.EFBIG
    return past and _is_ours("RLIMIT_FSIZE", limits)


def memory_is_due(limits: IntakeLimits) -> bool:
    """Whether this process may use what one file may have: then it was the file that took it."""
    return _is_ours("RLIMIT_AS", limits)
