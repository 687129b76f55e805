"""The garbage collector rests only for as long as it is told to."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from sjs_forms.base.processes.gc_pause import collection_paused
from tests.counting import HANGS


def test_the_collector_rests_within_and_works_again_afterwards() -> None:
    with collection_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_failure_within_does_not_leave_it_at_rest() -> None:
    with pytest.raises(ValueError, match="broken"), collection_paused():
        raise ValueError("broken")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collection_paused(), collection_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_command_ends_without_a_last_look_but_not_without_clearing_up() -> None:
    code = (
        "import atexit, gc, tempfile\n"
        "from sjs_forms.base.processes.gc_pause import skip_final_collection\n"
        "folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)\n"
        "folder.itself = folder\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 1000))  # after the other\n"
        "skip_final_collection()\n"
        "print(folder.name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    place, spared = done.stdout.splitlines()
    assert spared == "True" and not Path(place).exists()


_IDLE_CODE = """
import gc, sys, time, weakref
from sjs_forms.base.processes.gc_pause import IdleCollection, collection_paused

class Cycle:
    def __init__(self):
        self.own = self

with collection_paused():
    collection = IdleCollection(0.05, 3)

    def worked():
        with collection.work():
            return weakref.ref(Cycle())

    def is_gone(made):
        end = time.monotonic() + 20
        while made() is not None and time.monotonic() < end:
            time.sleep(0.01)
        return made() is None

    assert is_gone(worked()), "idle"
    with collection.work():
        made = weakref.ref(Cycle())
        time.sleep(0.3)
        assert made() is not None, "collected during work"
    assert is_gone(made), "after work"
    first = worked()
    for _ in range(400):
        worked()
        time.sleep(0.005)
    assert first() is None, "after many"
"""


def test_cycles_are_freed_when_nothing_is_asked_for_or_after_much_and_never_during_work() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _IDLE_CODE],
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
