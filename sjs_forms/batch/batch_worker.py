"""A process of a batch on this machine: it builds one application after the other.

What is set here for the whole process (variables, the folder it stands in, garbage collection) and
kept from one application to the next (the worker pool) is no other process's.
"""

import multiprocessing.util
import os
import tempfile
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from sjs_forms.base.gc_pause import collector_at_rest
from sjs_forms.base.isolated_python import temporary_variables
from sjs_forms.base.memory import MEMORY_SHARE
from sjs_forms.base.processors import SHARE
from sjs_forms.base.progress import Progress
from sjs_forms.batch.task import Outcome, Task, carry_out
from sjs_forms.intake.process.worker_pool import WorkerPool

_STOP = "stop"
"""In the batch's temporary folder, the file that has all of its processes stop."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a process keeps from one application to the next."""

    progress: Progress
    pool: WorkerPool


_kept: _Kept | None = None
"""Set once, when the process begins."""


class _StoppedByFile(Progress):
    """Cancelled as soon as a file is there, for all processes of a batch at once."""

    def __init__(self, stop: Path) -> None:
        super().__init__()
        self._stop = str(stop)

    def is_cancelled(self) -> bool:
        """Whether the file is there."""
        return os.path.lexists(self._stop)


def begin(temporary: str, share: int, memory: int | None) -> None:
    """Begin a process, whose `share` of processors is its own, and so many bytes of `memory`.

    What it leaves behind when it is killed lies in `temporary`, which the batch removes.
    """
    global _kept
    os.environ.update(temporary_variables(temporary))
    os.environ[SHARE] = str(share)
    if memory is not None:
        os.environ[MEMORY_SHARE] = str(memory)
    tempfile.tempdir = temporary
    os.chdir(temporary)
    _kept = _Kept(_StoppedByFile(Path(temporary) / _STOP), WorkerPool())
    multiprocessing.util.Finalize(None, _kept.pool.close, exitpriority=0)


def build(task: Task) -> Outcome:
    """Build one application. Raises Cancelled where `stop_all` was called."""
    assert _kept is not None
    pool = _kept.pool
    with collector_at_rest():
        return carry_out(task, _kept.progress, lambda: nullcontext(pool))


def stop_all(temporary: Path) -> None:
    """Have the processes of a batch give up what they are building; they clear up after it."""
    (temporary / _STOP).touch()
