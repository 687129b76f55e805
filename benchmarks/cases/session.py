"""What an edit costs in a session: the answer written, and everything judged anew."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.results import Case, Grid, Target

FINDINGS = "findings and files, after an edit"
EDIT = "the edit as a whole: written, kept in the history, judged"


def measure(bench: Bench) -> Case:
    """Processor time of this process, in milliseconds; the sample's attachments are known."""
    from sjs_forms.jobs.session import Session

    with Session.open(_fresh(bench), cache=False) as session:
        session.open_files()
        session.set_answer("remarks", "先写一次")
        edits, states = [], []
        for number in range(max(20, bench.sizes.runs)):
            edits.append(_spent(lambda number=number: session.set_answer("remarks", f"{number}")))
            states.append(_spent(session.state))
    rows = tuple((name, (min(spent), _middle(spent))) for name, spent in _named(states, edits))
    target = Target("findings after an edit, processor time", _middle(states), 10.0, "ms")
    grid = Grid("Milliseconds of processor time", ("least", "median"), rows, decimals=1)
    return Case("session", targets=(target,), grids=(grid,))


def _named(states: list[float], edits: list[float]) -> tuple[tuple[str, list[float]], ...]:
    return (FINDINGS, states), (EDIT, edits)


def _fresh(bench: Bench) -> Path:
    """A copy of the sample of its own: a session writes into it."""
    from benchmarks.applications import copy_sample

    return copy_sample(bench.scratch / "session")


def _spent(act: Callable[[], Any]) -> float:
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


def _middle(spent: list[float]) -> float:
    return sorted(spent)[len(spent) // 2]
