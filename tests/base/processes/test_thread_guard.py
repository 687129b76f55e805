"""A second thread in the document libraries is told so, instead of crashing the process."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sjs_forms.base.processes.thread_guard import ThreadConflict, one_thread_only
from sjs_forms.jobs.pipeline import fill, plan


def _beside(act: Callable[[], None]) -> None:
    """Do something while another thread is at a job of the document libraries."""
    begun, over = threading.Event(), threading.Event()

    @one_thread_only
    def job() -> None:
        begun.set()
        over.wait(60)

    thread = threading.Thread(target=job)
    thread.start()
    begun.wait(60)
    try:
        act()
    finally:
        over.set()
        thread.join()


def test_a_job_beside_another_threads_is_refused_with_what_to_do(
    minimal: Path, tmp_path: Path
) -> None:
    def act() -> None:
        with pytest.raises(ThreadConflict) as caught:
            plan(minimal)
        assert "进程" in caught.value.remedy
        with pytest.raises(ThreadConflict):
            fill(minimal, tmp_path / "out")

    _beside(act)
    assert not (tmp_path / "out").exists()
    assert fill(minimal, tmp_path / "out") is not None


def test_one_thread_may_call_one_job_within_another() -> None:
    @one_thread_only
    def inner() -> int:
        return 1

    @one_thread_only
    def outer() -> int:
        return inner() + inner()

    assert outer() == 2
