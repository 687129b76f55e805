"""The garbage collector rests only for as long as it is told to."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from sjs_forms.base.processes.gc_pause import collection_paused


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
