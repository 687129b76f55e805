"""How much memory the machine has, and a process's share of it where others build beside it."""

import os
from contextlib import suppress
from pathlib import Path

MEMORY_SHARE = "SJS_FORMS_MEMORY"
"""The variable that says how many bytes a process that opens one file may use."""

_OF_A_BUILD = 1_000_000_000
"""Bytes of memory that a build takes with all of its processes, ordinary attachments given."""

_OF_THE_REST = 500_000_000
"""Bytes of these for all but the process that opens one file."""

_LEAST = 1_000_000_000
"""Bytes that such a process may use in any case."""

_OURS = 0.8
"""Share of the machine's memory that a batch may take."""

CONTROL_GROUP = Path("/sys/fs/cgroup/memory.max")
"""Where Linux says how many bytes a container may use."""


def machine_memory(control_group: Path = CONTROL_GROUP) -> int | None:
    """Bytes of memory that this system, or the container, has; None where that is not known."""
    found = []
    with suppress(ValueError, OSError, AttributeError):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    with suppress(ValueError, OSError):  # "max" where there is no bound
        found.append(int(control_group.read_text()))
    return min((each for each in found if each > 0), default=None)


def most_processes() -> int:
    """How many applications may be built at a time; very many where the memory is not known."""
    memory = machine_memory()
    return 256 if memory is None else max(1, int(_OURS * memory) // _OF_A_BUILD)


def memory_share(processes: int) -> int | None:
    """Bytes that the process of one file may use where so many applications are being built."""
    memory = machine_memory()
    return None if memory is None else max(_LEAST, int(_OURS * memory) // processes - _OF_THE_REST)


def own_share() -> int | None:
    """The bytes that this process was told it may use; None where nobody did."""
    told = os.environ.get(MEMORY_SHARE, "")
    return int(told) if told.isdecimal() else None
