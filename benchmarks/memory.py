"""Memory over a long run, as numbers: does it stay, and how much is it."""

import statistics
from collections.abc import Sequence

from benchmarks.results import Grid

SETTLED = 50
"""Applications after which a process has loaded all it needs."""

LONG = 2 * SETTLED
"""Applications below which a run says nothing of a long one."""

_SHOWN = (1, 10, 50, 100, 200, 500, 1000)


def growth(seen: Sequence[float]) -> float | None:
    """Per cent by which the last tenth lies above the tenth from the settled application on.

    Medians, so that a moment of garbage does not count. None for a run that is not long.
    """
    if len(seen) < LONG:
        return None
    tenth = len(seen) // 10
    before = statistics.median(seen[SETTLED : SETTLED + tenth])
    return (statistics.median(seen[-tenth:]) / before - 1) * 100


def series(heading: str, seen: Sequence[float]) -> Grid:
    """Some of the figures as a table with one row."""
    shown = sorted({*(number for number in _SHOWN if number < len(seen)), len(seen)})
    values = tuple(seen[number - 1] for number in shown)
    return Grid(heading, tuple(map(str, shown)), (("MB", values),), 0)
