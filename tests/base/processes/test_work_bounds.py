"""The work on one application is bounded in processor time and memory, in whatever process."""

import subprocess
import time
from pathlib import Path

import pytest

from sjs_forms.base.errors import ExitCode
from sjs_forms.base.processes.isolated_python import python_command, working_folder
from sjs_forms.base.processes.process_memory import own_memory
from sjs_forms.base.processes.work_bounds import (
    SECONDS,
    PastBounds,
    WorkBounds,
    bounded,
    past_bounds,
)
from sjs_forms.base.progress import Cancelled, Progress, Within

MEASURED = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="memory is not measured here"
)
AT_ONCE = WorkBounds(seconds=0.0)


def for_ever() -> None:
    while True:
        pass


def test_work_that_never_checks_is_stopped_where_it_may_be_interrupted() -> None:
    with (
        pytest.raises(PastBounds, match="处理器时间") as told,
        bounded(bounds=AT_ONCE) as work,
        work.interruptible(),
    ):
        for_ever()
    assert told.value.exit_code == ExitCode.MACHINE and SECONDS in told.value.remedy


def test_elsewhere_it_is_stopped_at_a_check_and_not_before() -> None:
    """What must be done as a whole is never interrupted."""
    undisturbed = False
    with pytest.raises(PastBounds), bounded(bounds=AT_ONCE) as work:
        while not work.is_cancelled():
            pass
        undisturbed = True
        work.check()
    assert undisturbed


def test_clearing_up_after_an_interruption_is_not_interrupted() -> None:
    with pytest.raises(PastBounds), bounded(bounds=AT_ONCE) as work:
        with pytest.raises(Cancelled), work.interruptible():
            for_ever()
        ends = time.process_time() + 0.5
        while time.process_time() < ends:
            pass
        work.check()


@pytest.mark.parametrize("seconds", [0.0, 100.0])
def test_nothing_is_left_pending_that_would_be_looked_for_at_every_bytecode(seconds: float) -> None:
    """Under a profile function CPython 3.11 goes round for ever where something is."""
    code = f"""
import sys, time
from contextlib import suppress
from sjs_forms.base.processes.work_bounds import PastBounds, WorkBounds, bounded
with suppress(PastBounds), bounded(bounds=WorkBounds(seconds={seconds})) as work:
    with work.interruptible():
        ends = time.process_time() + 0.5
        while time.process_time() < ends:
            pass
sys.setprofile(lambda *_: None)
def called():
    return 1
for _ in range(1000):
    called()
"""
    done = subprocess.run(
        python_command(code), cwd=working_folder(), timeout=60, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr


def test_a_part_of_the_work_is_stopped_with_it() -> None:
    with pytest.raises(PastBounds), bounded(bounds=AT_ONCE) as work:
        part = Within(work, silent=True)
        with part.interruptible():
            for_ever()


def test_every_page_allows_more_time() -> None:
    with bounded(bounds=WorkBounds(seconds=0.0, seconds_per_page=1000.0)) as work:
        Within(work).expect(3)
        ends = time.process_time() + 0.5
        while time.process_time() < ends:
            work.check()


def test_time_on_the_clock_does_not_count() -> None:
    with bounded(bounds=WorkBounds(seconds=0.2)) as work:
        time.sleep(0.6)
        work.check()


def test_a_cancelled_job_is_cancelled_and_no_fault_of_the_machine() -> None:
    whole = Progress()
    with pytest.raises(Cancelled), bounded(whole, AT_ONCE) as work:
        while not work.is_cancelled():
            pass
        whole.cancel()
        work.check()


@MEASURED
def test_memory_is_bounded() -> None:
    kept: list[bytes] = []
    bounds = WorkBounds(memory=own_memory() + 100_000_000)
    with pytest.raises(PastBounds, match="内存"), bounded(bounds=bounds) as work:
        while len(kept) < 10_000:
            kept.append(b"x" * 1_000_000)
            work.check()


def test_where_the_process_must_survive_work_is_stopped_at_its_checks_alone() -> None:
    bounds = WorkBounds(seconds=0.0, interrupts=False)
    undisturbed = False
    with pytest.raises(PastBounds), bounded(bounds=bounds) as work:
        with work.interruptible():
            while not work.is_cancelled():
                pass
            undisturbed = True
        work.check()
    assert undisturbed


@MEASURED
def test_a_process_that_does_not_stop_is_ended_and_its_parent_knows_why() -> None:
    code = (
        "from sjs_forms.base.processes.work_bounds import *\n"
        "with bounded_process(bounds=WorkBounds(memory=1)):\n"
        "    kept = []\n"
        "    while len(kept) < 4000: kept.append(b'x' * 1_000_000)\n"
    )
    process = subprocess.run(python_command(f"exec({code!r})"), cwd=working_folder(), check=False)
    assert past_bounds(process.returncode)
    assert not any(past_bounds(code) for code in (None, 0, 1, 70, -9, -11))


@pytest.mark.parametrize(("told", "seconds"), [("1200", 1200.0), ("", 600.0), ("x", 600.0)])
def test_a_user_with_a_slow_machine_may_allow_more(
    monkeypatch: pytest.MonkeyPatch, told: str, seconds: float
) -> None:
    monkeypatch.setenv(SECONDS, told)
    assert WorkBounds().seconds == seconds
