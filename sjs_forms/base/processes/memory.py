"""The memory of the machine, and a process's share of it if several builds run."""

import os
import sys
from contextlib import suppress
from pathlib import Path

MEMORY_SHARE = "SJS_FORMS_MEMORY"
"""The environment variable with the bytes that each process of a batch may use."""

_OF_A_BUILD = 1_000_000_000
"""Bytes of memory that a build takes with all its processes and ordinary attachments."""

_OF_THE_REST = 500_000_000
"""Bytes of these that the other processes of a build use while one of them is large."""

_MIN = 1_000_000_000
"""Bytes that such a process may use in any case."""

_OURS = 0.8
"""Share of the machine's memory that a batch may take."""

CONTROL_GROUP = Path("/sys/fs/cgroup/memory.max")
"""The file in which Linux states the memory limit of a container."""


def machine_memory(control_group: Path = CONTROL_GROUP) -> int | None:
    """Return the bytes of memory of this system or container, or None if unknown."""
    found = []
    with suppress(ValueError, OSError):
        if sys.platform == "win32":
            from sjs_forms.base.processes.windows_jobs import physical_memory

            found.append(physical_memory())
        else:
            found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    with suppress(ValueError, OSError):  # "max" means no limit
        found.append(int(control_group.read_text(encoding="utf-8")))
    return min((each for each in found if each > 0), default=None)


def most_processes() -> int:
    """Return how many applications may be built at once; very many if the memory is unknown."""
    memory = machine_memory()
    return 256 if memory is None else max(1, int(_OURS * memory) // _OF_A_BUILD)


def memory_share(processes: int) -> int | None:
    """Return the bytes that one process may use while so many applications are built."""
    memory = machine_memory()
    return None if memory is None else max(_MIN, int(_OURS * memory) // processes - _OF_THE_REST)


def work_share() -> int | None:
    """Return the bytes that a process may use for one application, or None if unknown."""
    return own_share() or memory_share(1)


def own_share() -> int | None:
    """Return the bytes that this process may use of a batch's memory, or None without a batch."""
    told = os.environ.get(MEMORY_SHARE, "")
    return int(told) if told.isdecimal() else None
