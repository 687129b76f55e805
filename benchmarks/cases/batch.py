"""`batch`: a second process, a worker's memory over many applications, a run with nothing new."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.applications import many_applications
from benchmarks.bench import Bench, clear, has_command, sjs_forms
from benchmarks.cases.loop import GROWTH
from benchmarks.measuring import Command, Timing, sampled, settle, time_commands
from benchmarks.memory import LONG, growth, series
from benchmarks.race import Contender, race
from benchmarks.results import Case, Grid, Row, Target, ratio

ONE = "batch -j 1"
EVERY = 0.25
"""Seconds from one look at the workers to the next."""


def measure(bench: Bench) -> Case:
    """The command line, over folders of small applications, no two alike."""
    if not has_command("batch"):
        return Case("batch", (Row(ONE, missing="sjs_forms batch"),))
    sizes = bench.sizes
    pair = many_applications(bench.scratch / f"pair-{sizes.pair}", sizes.pair)
    raced = race([_racing(bench, pair, 1), _racing(bench, pair, 2)], sizes.slow_runs)
    source = many_applications(bench.scratch / f"many-{sizes.many}", sizes.many)
    first, resting = _long_run(bench, source, sizes.many)
    again = time_commands([_command(bench, source, 2)])
    share = again.wall / first.wall * 100 if sizes.many >= LONG else None
    targets = (
        Target("-j 2 does, of what -j 1 does", ratio(*raced), 1.7, "×", at_least=True),
        Target("growth of a worker's memory from the 50th on", growth(resting), GROWTH, "%"),
        Target("nothing changed: of the long run's time", share, 2.0, "%"),
    )
    facts = (f"{sizes.pair} applications for one and two processes, {sizes.many} in the long run.",)
    long_run = (
        ("the long run, -j 2", (first.wall, first.wall / sizes.many)),
        ("the same again, nothing changed", (again.wall, again.wall / sizes.many)),
    )
    grids = (
        Grid("Seconds", ("all", "an application"), long_run, 3),
        series("The largest worker after so many applications, MB", resting),
    )
    # Workers are nobody's children but a server's, so the time of their cores is not known.
    rows = tuple(replace(row, cpus=()) for row in raced)
    return Case("batch", rows, targets, grids, facts)


def _command(bench: Bench, source: Path, processes: int) -> Command:
    out, cache = (
        bench.scratch / f"batch-out-{processes}",
        bench.scratch / f"batch-cache-{processes}",
    )
    return sjs_forms("batch", source, "-o", out, "-j", str(processes), cache=cache)


def _racing(bench: Bench, source: Path, processes: int) -> Contender:
    """Timed only: nothing is warmed up, for each run begins with nothing known."""
    command = _command(bench, source, processes)
    return Contender(
        f"batch -j {processes}",
        lambda: time_commands([command]),
        ready=lambda: _forget(bench, processes),
    )


def _forget(bench: Bench, processes: int) -> None:
    for name in ("out", "cache"):
        clear(bench.scratch / f"batch-{name}-{processes}")
    settle()


def _long_run(bench: Bench, source: Path, count: int) -> tuple[Timing, list[float]]:
    """The time, and megabytes of the largest process below the batch after each application.

    The applications are alike, so each is taken to be done at its share of the time.
    """
    _forget(bench, 2)
    timing, seen = sampled(_command(bench, source, 2), EVERY)
    largest = [size for parts in seen if (size := _largest(parts))]
    at = [number * len(largest) // count for number in range(count)]
    return timing, [largest[place] for place in at]


def _largest(parts: Sequence[int]) -> float:
    """Megabytes of the largest process, the batch itself left out."""
    return max(parts[1:], default=0) / 1e6
