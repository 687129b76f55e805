"""Overview and letters of 1,000 applicants: processor time, alone and within a batch's end."""

import sys
from pathlib import Path

from benchmarks.bench import Bench, clear
from benchmarks.resident import resident
from benchmarks.results import Case, Grid, Target

APPLICANTS = 1_000
LIMIT = 5.0
"""Seconds of one processor."""


def measure(bench: Bench) -> Case:
    """Applicants of whom one in three is refused and each has five findings; nothing is built."""
    if sys.platform == "win32":
        return Case("overview")
    out: Path = bench.scratch / "overview-out"
    clear(out)
    out.mkdir(parents=True)
    spent = []
    with resident("overview", str(out), str(APPLICANTS)) as process:
        for _ in range(bench.sizes.slow_runs):
            spent.append(process.ask()["cpu"])
    best = min(spent)
    target = Target(f"overview and letters of {APPLICANTS:,}", best, LIMIT, "s")
    rows = (("the first", (spent[0],)), ("the fastest", (best,)))
    return Case("overview", targets=(target,), grids=(Grid("Seconds", ("processor",), rows, 2),))
