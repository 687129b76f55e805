"""Many builds in one process: whether its memory stays, and what a second process adds.

The same as the batch does, without its bookkeeping: a fault of either shows by the difference.
"""

import os
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.applications import many_applications
from benchmarks.bench import Bench
from benchmarks.measuring import Timing, settle, tree_memory
from benchmarks.memory import growth, series
from benchmarks.resident import Resident, resident
from benchmarks.results import Case, Target, row_of

ONE, TWO = "one process", "two processes side by side"
GROWTH = 5.0
"""Per cent by which memory may differ and still be called flat."""


def measure(bench: Bench) -> Case:
    """pipeline.build of different applications, again and again."""
    sizes = bench.sizes
    source = many_applications(bench.scratch / f"loop-{sizes.loop}", sizes.loop)
    resting = _resting(bench, source, sizes.loop)
    pair = many_applications(bench.scratch / f"pair-{sizes.pair}", sizes.pair)
    one = _together(bench, pair, 1)
    two = _together(bench, pair, 2)
    rows = (row_of(ONE, [one], None), row_of(TWO, [two], None))
    targets = (
        Target("two processes do, of what one does", one.wall / two.wall, 1.8, "×", at_least=True),
        Target("growth of memory from the 50th build on", growth(resting), GROWTH, "%"),
    )
    facts = (
        f"{sizes.pair} applications for the times, {sizes.loop} for the memory; "
        f"{os.cpu_count()} cores.",
    )
    return Case("loop", rows, targets, (series("Memory after so many builds, MB", resting),), facts)


def _resting(bench: Bench, source: Path, count: int) -> list[float]:
    """Megabytes of the process after each build, without the one that opens attachments."""
    out, cache = bench.fresh("loop-out"), bench.fresh("loop-cache")
    seen = []
    task = ("builds", str(source), str(out), "0", "1")
    with resident(*task, extra={"XDG_CACHE_HOME": str(cache)}) as process:
        for _ in range(count):
            process.ask()
            seen.append(tree_memory(process.pid)[process.pid][0] / 1e6)
    return seen


def _together(bench: Bench, source: Path, processes: int) -> Timing:
    """All applications of `source` built by so many processes, each already at work before."""
    out, cache = bench.fresh("pair-out"), bench.fresh("pair-cache")
    with ExitStack() as stack:
        workers = [
            stack.enter_context(
                resident(
                    *("builds", str(source), str(out), str(number), str(processes)),
                    extra={"XDG_CACHE_HOME": str(cache / str(number))},
                )
            )
            for number in range(processes)
        ]
        share = bench.sizes.pair // processes - 1
        for worker in workers:
            worker.ask()
        settle()
        cpu: list[float] = []
        threads = [threading.Thread(target=_work, args=(worker, share, cpu)) for worker in workers]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wall = time.perf_counter() - started
    done = share * processes
    return Timing(wall / done, sum(cpu) / done)


def _work(worker: Resident, count: int, cpu: list[float]) -> None:
    for _ in range(count):
        cpu.append(worker.time().cpu)
