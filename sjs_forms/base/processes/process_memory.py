"""Memory use of a process and its descendants, read from /proc (proc(5))."""

import os
import sys
from contextlib import suppress
from pathlib import Path

_PROCESSES = Path("/proc")
_STATUS_FIELDS = 2
"""Number of the parent's field, counted after the name, which ends with the last parenthesis."""


def tree_memory(root: int) -> int:
    """Return the resident bytes that no file backs, of a process and its descendants.

    0 if they have ended, or the system has no /proc.
    """
    return sum(_memory(str(process)) for process in _tree(root))


def own_memory() -> int:
    """Return the resident bytes of this process that no file backs; 0 if unknown.

    On Windows, the bytes that it has committed.
    """
    if sys.platform == "win32":
        from sjs_forms.base.processes.windows_jobs import committed_memory

        return committed_memory()
    return _memory("self")


def own_pages(statm: bytes) -> int:
    """Return the resident pages that no file backs, from the text of /proc/PID/statm."""
    _, resident, mapped, *_ = statm.split()
    return int(resident) - int(mapped)


def _memory(process: str) -> int:
    with suppress(OSError, ValueError):
        statm = (_PROCESSES / process / "statm").read_bytes()
        return own_pages(statm) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _tree(root: int) -> list[int]:
    """Return the process and its descendants, in whatever session or namespace."""
    children: dict[int, list[int]] = {}
    with suppress(OSError):
        for entry in os.listdir(_PROCESSES):  # noqa: PTH208 - hundreds of names, ten times a second
            if entry.isdecimal():
                children.setdefault(_parent(entry), []).append(int(entry))
    found = [root]
    for process in found:
        found += children.get(process, ())
    return found


def _parent(process: str) -> int:
    with suppress(OSError, ValueError, IndexError):
        status = (_PROCESSES / process / "stat").read_bytes()
        return int(status.rpartition(b")")[2].split()[_STATUS_FIELDS - 1])
    return 0
