"""How much memory a process takes with all that it started, as Linux tells (proc(5))."""

import os
from contextlib import suppress
from pathlib import Path

_PROCESSES = Path("/proc")
_STATUS_FIELDS = 2
"""Where the field of the parent stands after the name, which ends with the last parenthesis."""


def tree_memory(root: int) -> int:
    """Bytes of memory that no file backs, of a process and its descendants.

    0 where nothing is known of them: they have ended, or this is not Linux.
    """
    return sum(map(_own_memory, _tree(root)))


def own_pages(statm: bytes) -> int:
    """Pages resident that no file backs, as /proc/PID/statm has them."""
    _, resident, mapped, *_ = statm.split()
    return int(resident) - int(mapped)


def _own_memory(process: int) -> int:
    with suppress(OSError, ValueError):
        statm = (_PROCESSES / str(process) / "statm").read_bytes()
        return own_pages(statm) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _tree(root: int) -> list[int]:
    """The process and its descendants, whatever session or namespace they entered."""
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
