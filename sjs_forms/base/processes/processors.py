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


def answer_for_a_silent_system() -> None:
    """Let `os.cpu_count` return 1 where the system does not tell the number, as under wine.

    pebble asks `multiprocessing.cpu_count` when it is imported, which raises NotImplementedError.
    No environment variable does it: the embeddable CPython reads none.
    """
    if os.cpu_count() is None:
        os.cpu_count = lambda: 1
