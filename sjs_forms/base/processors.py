"""How many processors a process may use."""

import os

SHARE = "SJS_FORMS_PROCESSORS"
"""The variable that says how many processors are a process's own, where others build beside it."""


def processors() -> int:
    """How many processors this process may use."""
    share = os.environ.get(SHARE, "")
    if share.isdecimal():
        return max(1, int(share))
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
