"""A process does not outlive a parent that was killed, however long its work takes."""

import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sjs_forms.base.processes.parent_watch import end_with_parent
from tests.counting import HANGS

ROOT = Path(__file__).parents[3]


def work(told: str) -> None:
    """Work that never ends."""
    end_with_parent(Path(told).touch, grace=0.01)
    print("at work", flush=True)
    while True:
        time.sleep(HANGS)


def parent(method: str, told: str) -> None:
    """Start the work, and wait for it."""
    child = multiprocessing.get_context(method).Process(target=work, args=(told,))  # type: ignore[attr-defined]
    child.start()
    child.join()


@pytest.mark.parametrize(
    "method",
    [
        pytest.param("forkserver", marks=pytest.mark.skipif("sys.platform == 'win32'")),
        "spawn",
    ],
)
def test_a_process_at_work_is_told_and_ends_when_its_parent_is_killed(
    tmp_path: Path, method: str
) -> None:
    told = tmp_path / "told"
    code = f"from {__name__} import parent; parent({method!r}, {str(told)!r})"
    started = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert started.stdout is not None
    assert started.stdout.readline().strip() == b"at work"
    started.kill()
    assert started.communicate(timeout=HANGS)[0] == b"", "ends when nobody holds the other end"
    assert told.exists()
