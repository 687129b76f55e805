"""The number of processors that a process may use."""

import os

SHARE = "SJS_FORMS_PROCESSORS"
"""The environment variable with a process's share of processors if several builds run."""


def processors() -> int:
    """Return how many processors this process may use."""
    share = os.environ.get(SHARE, "")
    if share.isdecimal():
        return max(1, int(share))
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
