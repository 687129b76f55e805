"""What the process that reads a file may use, and whether the file or the machine set the bound."""

import contextlib
import errno

from sjs_forms.programme import IntakeLimits


def _bounds(limits: IntakeLimits) -> dict[str, int]:
    """What this process may use, by the system's name for it."""
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
