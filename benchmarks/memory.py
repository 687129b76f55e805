"""Memory over a long run, as numbers: does it stay, and how much is it."""

import statistics
from collections.abc import Sequence

from benchmarks.results import Grid

SETTLED = 50
"""Applications after which a process has loaded all it needs."""

_SHOWN = (1, 10, 50, 100, 200, 500, 1000)


def settled(count: int) -> int:
    """The application from which on memory has to stay: the 50th, or the middle of a short run."""
    return min(SETTLED, count // 2)


def growth(seen: Sequence[float]) -> float | None:
    """Per cent by which the last tenth lies above the tenth from the settled application on.

    Medians, so that a moment of garbage does not count.
    """
    first = settled(len(seen))
    tenth = max(1, (len(seen) - first) // 5)
    if len(seen) < 4:
        return None
    before = statistics.median(seen[first : first + tenth])
    return (statistics.median(seen[-tenth:]) / before - 1) * 100


def series(heading: str, seen: Sequence[float]) -> Grid:
    """Some of the figures as a table with one row."""
    shown = sorted({*(number for number in _SHOWN if number < len(seen)), len(seen)})
    values = tuple(seen[number - 1] for number in shown)
    return Grid(heading, tuple(map(str, shown)), (("MB", values),), 0)
