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


def assume_one_processor() -> None:
    """Make `os.cpu_count` return 1 if the system does not state the number, as under wine.

    pebble calls `multiprocessing.cpu_count` when it is imported, which would raise
    NotImplementedError. An environment variable cannot replace this, because the embeddable
    CPython reads none.
    """
    if os.cpu_count() is None:
        os.cpu_count = lambda: 1
