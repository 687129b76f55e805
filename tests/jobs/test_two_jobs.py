"""Two jobs in one process, each with real workers: what becomes of one is nothing to the other."""

import threading
from pathlib import Path
from typing import Any

import pytest

from sjs_forms.base.progress import Cancelled, Progress, Step
from sjs_forms.intake.process.worker_process import WorkerProcess
from sjs_forms.jobs.options import Options
from sjs_forms.jobs.pipeline import check
from sjs_forms.jobs.session import Session
from tests.samples import MINIMAL

pytestmark = pytest.mark.processors(2)

APART = Options(cache=False)
"""Each job opens all files itself."""
FILES = 7
"""Attachments of the application."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, WorkerProcess]]:
    """Each file that a worker was asked for: the thread that waits for its job, and the worker."""
    found: list[tuple[str, WorkerProcess]] = []
    real = WorkerProcess.ask

    def noting(worker: WorkerProcess, *request: Any) -> Any:
        found.append((threading.current_thread().name, worker))
        return real(worker, *request)

    monkeypatch.setattr(WorkerProcess, "ask", noting)
    return found


class _Failed(Exception):
    """What ends the other job."""


@pytest.mark.parametrize("ends", ["cancelled", "failing"])
def test_a_job_that_ends_early_leaves_the_workers_of_the_other_alone(
    asked: list[tuple[str, WorkerProcess]], monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    """The one stops in the midst of its files; the other goes on with the worker that it had."""
    begun, over = threading.Event(), threading.Event()
    found: list[Any] = []

    def tell(step: Step) -> None:
        if step.stage == "opening" and step.done == 1:
            begun.set()
            over.wait(120)

    def go_on() -> None:
        try:
            found.append(check(MINIMAL, APART, Progress(tell)))
        except BaseException as problem:
            found.append(problem)

    monkeypatch.setenv("SJS_FORMS_PROCESSORS", "1")
    alone = check(MINIMAL)
    asked.clear()
    thread = threading.Thread(target=go_on)
    thread.start()
    assert begun.wait(120)
    first = {worker for _, worker in asked}
    other = Progress(lambda step: _end(ends, step, other))
    with pytest.raises(Cancelled if ends == "cancelled" else _Failed):
        check(MINIMAL, APART, other)
    second = {worker for _, worker in asked} - first
    assert second and all(not worker.lives for worker in second)
    over.set()
    thread.join(120)
    assert found == [alone]
    own = [worker for _, worker in asked if worker not in second]
    assert set(own) == first and len(own) == FILES  # none was asked for twice
    assert all(not worker.lives for worker in first)


def _end(ends: str, step: Step, progress: Progress) -> None:
    if step.stage == "opening" and step.done == 2:
        if ends == "failing":
            raise _Failed
        progress.cancel()


def test_a_session_that_is_closed_leaves_anothers_worker_ready(
    minimal: Path, asked: list[tuple[str, WorkerProcess]]
) -> None:
    with Session.open(minimal, cache=False) as kept:
        kept.open_files()
        workers = {worker for _, worker in asked}
        ready = {worker for worker in workers if worker.lives}
        assert len(ready) == 1
        with Session.open(MINIMAL, cache=False) as other:
            other.open_files()
        assert {worker for _, worker in asked if worker.lives} == ready
    assert not any(worker.lives for worker in ready)


def test_a_cancelled_session_goes_on_where_it_was(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its workers never answer, so that only the wish to stop can end the wait."""
    progress = Progress()
    real = WorkerProcess.ask

    def stuck(worker: WorkerProcess, request: Any, *more: Any) -> Any:
        progress.cancel()
        worker._send = lambda _: None  # type: ignore[method-assign] - it waits for a request
        return real(worker, request, *more)

    with Session.open(minimal, cache=False) as session:
        before = session.state().revision
        with monkeypatch.context() as patch:
            patch.setattr(WorkerProcess, "ask", stuck)
            with pytest.raises(Cancelled):
                session.open_files(progress)
        assert session.state().revision == before
        assert all(file.facts is not None for file in session.open_files().files)
