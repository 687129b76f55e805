"""Where the time goes: the stages of a build, of the sample and of a volume of scans."""

import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.cases.scans import scanned
from benchmarks.resident import resident
from benchmarks.results import Case, Grid
from benchmarks.stages import ORDER

COLUMNS = (
    "sample, first build",
    "sample, second and later",
    "scans, never seen",
    "scans, in the cache",
)


def measure(bench: Bench) -> Case:
    """Of several builds the fastest; seconds of the main thread, waiting included."""
    if sys.platform == "win32":
        return Case("stages")
    _, application = scanned(bench)
    runs, slow = bench.sizes.runs, bench.sizes.slow_runs
    spent = (
        _fastest([_builds(bench, bench.sample, 1)[0] for _ in range(slow)]),
        _fastest(_builds(bench, bench.sample, runs + 1)[1:]),
        *(_fastest([one]) for one in _builds(bench, application, 2)),
    )
    rows = tuple((stage, tuple(column[stage] for column in spent)) for stage in ORDER)
    total = ("all", tuple(sum(column.values()) for column in spent))
    return Case("stages", grids=(Grid("Seconds", COLUMNS, (*rows, total)),))


def _builds(bench: Bench, application: Path, count: int) -> list[Mapping[str, float]]:
    """Stages of so many builds, one after the other in a new process with an empty cache."""
    out, cache = bench.scratch / "stages-out", bench.fresh("stages-cache")
    extra = {"XDG_CACHE_HOME": str(cache)}
    with resident("staged-build", str(application), str(out), extra=extra) as process:
        return [process.ask()["stages"] for _ in range(count)]


def _fastest(found: list[Mapping[str, float]]) -> Mapping[str, float]:
    return min(found, key=lambda stages: sum(stages.values()))
