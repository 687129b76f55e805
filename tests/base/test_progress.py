"""Steps are values, and whoever waits stops waiting when the job is cancelled."""

import threading
from concurrent.futures import Future

import pytest

from sjs_forms.base.progress import Cancelled, Progress, Stage, Step, Within, lock_held, quiet
from sjs_forms.base.stage_names import STAGE_NAMES


def test_a_step_is_told_as_a_value() -> None:
    told: list[Step] = []
    progress = Progress(told.append)
    progress(Stage.ASSEMBLING, 3, 70)
    progress.finish()
    assert told == [Step(Stage.ASSEMBLING, 3, 70), Step(Stage.DONE, 1, 1)]


def test_ids_are_plain_english_and_every_one_has_its_words() -> None:
    assert all(stage.isascii() and stage.islower() for stage in Stage)
    assert set(STAGE_NAMES) == set(Stage)


def test_a_cancelled_job_reports_nothing_more_but_that_it_is_done() -> None:
    told: list[Step] = []
    progress = Progress(told.append)
    progress.cancel()
    with pytest.raises(Cancelled):
        progress(Stage.PACKING)
    progress.finish()
    assert [step.stage for step in told] == [Stage.DONE]


def test_waiting_for_what_never_comes_ends_when_the_job_is_cancelled() -> None:
    progress = Progress()
    threading.Timer(0.05, progress.cancel).start()
    with pytest.raises(Cancelled):
        progress.result(Future())


def test_waiting_for_a_lock_ends_when_the_job_is_cancelled() -> None:
    progress, lock = Progress(), threading.Lock()
    threading.Timer(0.05, progress.cancel).start()
    with lock, pytest.raises(Cancelled), lock_held(lock, progress.is_cancelled):
        pass
    assert not lock.locked()


def test_what_a_future_raises_is_raised_where_it_is_waited_for() -> None:
    future: Future[int] = Future()
    future.set_exception(TimeoutError("its own"))
    with pytest.raises(TimeoutError, match="its own"):
        Progress().result(future)


def test_a_part_is_cancelled_with_the_whole_and_the_whole_not_with_a_part() -> None:
    told: list[Step] = []
    whole = Progress(told.append)
    part = Within(whole)
    part(Stage.VERIFYING, 1, 2)
    whole.silent()(Stage.VERIFYING, 2, 2)
    assert told == [Step(Stage.VERIFYING, 1, 2)]
    part.cancel()
    assert part.is_cancelled() and not whole.is_cancelled()
    other = Within(whole)
    whole.cancel()
    assert other.is_cancelled()


def test_the_progress_that_all_share_cannot_be_cancelled() -> None:
    with pytest.raises(TypeError):
        quiet.cancel()
    assert not quiet.is_cancelled()
