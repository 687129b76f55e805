"""The entry point of a batch process on this machine, which builds one application after another.

It sets what is global in the process (environment, current folder, garbage collection), and keeps
a worker pool for all its applications.
"""

import multiprocessing.util
import os
import tempfile
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from sjs_forms.base.processes.child_logs import log_to_folder
from sjs_forms.base.processes.gc_pause import collection_paused
from sjs_forms.base.processes.isolated_python import temporary_variables
from sjs_forms.base.processes.memory import MEMORY_SHARE
from sjs_forms.base.processes.parent_watch import end_with_parent
from sjs_forms.base.processes.processors import SHARE
from sjs_forms.base.processes.work_bounds import bounded_process
from sjs_forms.base.progress import Progress
from sjs_forms.batch.execution.task import Outcome, Task, carry_out
from sjs_forms.intake.process.worker_pool import WorkerPool

_STOP = "stop"
"""File in the batch's temporary folder whose presence cancels all its processes."""

_GRACE = 1.5
"""Seconds that a process has to clean up once its batch was killed."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """Objects that the process keeps from one application to the next."""

    progress: Progress
    pool: WorkerPool


_kept: _Kept | None = None
"""Set once, by `begin`."""


class _StoppedByFile(Progress):
    """Progress that is cancelled by a file, which all processes of a batch see."""

    def __init__(self, stop: Path) -> None:
        super().__init__()
        self._stop = str(stop)

    def is_cancelled(self) -> bool:
        """Return whether the file exists."""
        return os.path.lexists(self._stop)


def begin(temporary: str, share: int, memory: int | None, level: int) -> None:
    """Set up the process, with its `share` of processors and `memory` in bytes.

    Its temporary files go to `temporary`, which the batch removes even if the process is killed;
    so does its log, from `level` on. If the batch itself is killed, the process ends as well: it
    must not write into a folder in which the next batch is already at work.
    """
    global _kept
    log_to_folder(Path(temporary), level)
    os.environ.update(temporary_variables(temporary))
    os.environ[SHARE] = str(share)
    if memory is not None:
        os.environ[MEMORY_SHARE] = str(memory)
    tempfile.tempdir = temporary
    os.chdir(temporary)
    _kept = _Kept(_StoppedByFile(Path(temporary) / _STOP), WorkerPool())
    multiprocessing.util.Finalize(None, _kept.pool.close, exitpriority=0)
    end_with_parent(lambda: stop_all(Path(temporary)), _GRACE)


def build(task: Task) -> Outcome:
    """Build one application. Raises Cancelled after `stop_all` was called.

    If an application exceeds its bounds, the process ends and is replaced by another.
    """
    assert _kept is not None
    pool = _kept.pool
    with collection_paused(), bounded_process(_kept.progress) as work:
        return carry_out(task, work, lambda: nullcontext(pool))


def stop_all(temporary: Path) -> None:
    """Cancel the builds in all processes of a batch."""
    (temporary / _STOP).touch()
