"""The number of processors, also on a system that does not tell it."""

import os
import pickle
import subprocess
import sys

import pytest
from pebble import ProcessPool

from sjs_forms.base.processes import processors
from sjs_forms.batch.execution.spawned_processes import SpawnedContext

# What a child of multiprocessing does: it unpickles its class, then what it is to run.
_CHILD = """
import os, pickle, sys
os.cpu_count = lambda: None
import multiprocessing
pickle.loads(bytes.fromhex(sys.argv[1]))
print(multiprocessing.cpu_count())
"""


def test_a_silent_system_has_one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither affinity nor number is told, one processor is assumed."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    monkeypatch.delenv(processors.SHARE, raising=False)
    assert processors.processors() == 1


def test_a_told_number_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that tells the number of processors is believed."""
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    processors.assume_one_processor()
    assert os.cpu_count() == 7


def test_a_child_on_a_silent_system_can_import_pebble() -> None:
    """pebble asks for the number when it is imported: the class of the process has answered."""
    sent = pickle.dumps((SpawnedContext().Process, ProcessPool)).hex()
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD, sent],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.stdout.strip() == "1", ran.stderr
