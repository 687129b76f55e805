"""Carries out builds in parallel: on this machine, or on others (see `cluster`)."""

import logging
import os
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, InvalidStateError, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from sjs_forms.base.errors import MachineLacks
from sjs_forms.base.findings.finding import error
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.log_lines import level_for_children
from sjs_forms.base.output.temporary_folders import sweep, temporary_folder
from sjs_forms.base.processes.child_logs import FolderRelay
from sjs_forms.base.processes.isolated_python import trust_no_current_folder
from sjs_forms.base.processes.memory import memory_share, most_processes
from sjs_forms.base.processes.processors import processors
from sjs_forms.base.processes.work_bounds import past_bounds
from sjs_forms.batch.execution.batch_worker import begin, build, stop_all
from sjs_forms.batch.execution.spawned_processes import SpawnedContext
from sjs_forms.batch.execution.task import Outcome, Task, failed

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

    from pebble import ProcessPool

_log = logging.getLogger(__name__)

_CHECK_INTERVAL = 0.2
"""Seconds between two checks whether to stop."""

QUIET = 120
"""Seconds after which a process of the pool has certainly started a waiting task."""

_MAX_BREAKDOWNS = 3
"""Number of consecutive times a pool is recreated."""

PAUSE = 1
"""Seconds before that, multiplied each time."""

_GRACE = 2
"""Seconds that a process has to clean up once it was told to stop."""

_LONGEST_PLACE = 70
"""Maximum bytes of the temporary folder's path, so that a socket name fits: 104 with the final zero
on macOS, 108 on Linux (unix(7), sun_path).
"""


class Executor(Protocol):
    """Carries out tasks. A context manager; nothing runs after its exit."""

    @property
    def room(self) -> int:
        """Number of tasks worth submitting at once: those running, and the next ones."""

    @property
    def tries(self) -> int:
        """How often a task is submitted if its process dies."""

    def submit(self, task: Task) -> "Future[Any]":
        """Submit a task."""

    def receive(self, task: Task, future: "Future[Any]") -> Outcome:
        """Return the outcome of a finished task. Raises ProcessDied if its process died.

        Raises TaskLost if the executor failed, for which this task may not be the cause.
        """

    def tend(self, waiting: Collection["Future[Any]"]) -> None:
        """Ensure that these pending tasks finish. Called repeatedly."""

    def __enter__(self) -> Self:
        """Start. Raises if the executor is unavailable."""

    def __exit__(self, *_: object) -> None:
        """Stop; running tasks are abandoned."""


class ProcessDied(Exception):
    """Raised if a task's process ended without an answer."""


class TaskLost(Exception):
    """Raised if a task was not carried out because its executor failed."""


def carry_out_all(
    tasks: Iterable[Task], executor: Executor, stopped: Callable[[], bool]
) -> Iterator[tuple[Task, Outcome]]:
    """Yield each task with its outcome as it is finished; ends early if `stopped` says so.

    A task whose process dies is tried once more, and then fails.
    """
    waiting: dict[Future[Any], tuple[Task, int]] = {}
    more = iter(tasks)

    def submit_more() -> None:
        for task in islice(more, max(0, executor.room - len(waiting))):
            waiting[executor.submit(task)] = task, 1

    submit_more()
    while waiting and not stopped():
        done, _ = wait(waiting, timeout=_CHECK_INTERVAL, return_when=FIRST_COMPLETED)
        executor.tend(waiting)
        for future in [known for known in waiting if known in done]:
            task, tried = waiting.pop(future)
            try:
                yield task, executor.receive(task, future)
            except TaskLost:  # the executor limits how often that happens
                waiting[executor.submit(task)] = task, tried
            except ProcessDied:
                if tried < executor.tries:
                    waiting[executor.submit(task)] = task, tried + 1
                else:
                    yield task, _gave_up(tried)
        submit_more()


def _gave_up(tried: int) -> Outcome:
    return Outcome(
        (
            error(
                "batch-worker-died",
                WHOLE,
                "批量生成",
                f"处理这份申报的进程{'先后 ' + str(tried) + ' 次' if tried > 1 else ''}意外终止"
                "，可能是内存不足，或被强行结束。",
                "请减少同时处理的份数（-j 1）再运行一次；仍不行，请单独 build 这一份。",
            ),
        ),
        0.0,
    )


class LocalExecutor:
    """Processes on this machine, by default one per core, each building one at a time.

    There are no more than memory allows. If all of them die (the system may kill any process,
    including the fork server), the pool is recreated.
    """

    tries = 2

    def __init__(self, processes: int | None) -> None:
        self._processes = min(processes or processors(), most_processes())
        self.room = 2 * self._processes
        self._breakdowns = 0
        self._quiet_since: float | None = None
        self._handed_in: set[Future[Any]] = set()

    def __enter__(self) -> Self:
        """Prepare the pool. Its processes start with the first task."""
        trust_no_current_folder()
        self._ending = ExitStack()
        self._temporary = self._ending.enter_context(temporary_folder())
        self._logs = FolderRelay(self._temporary, __name__)
        _ensure_current_folder(self._temporary)
        self._pool = self._new_pool()
        return self

    def _new_pool(self) -> "ProcessPool":
        import multiprocessing

        from pebble import ProcessPool

        # Never fork a process that has threads. Use the fork server if available: it loads the
        # libraries once and is forked for every worker. Else start fresh interpreters.
        context: BaseContext = SpawnedContext()
        if _has_forkserver():
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["sjs_forms.batch.execution.preload"])
        share = max(1, processors() // self._processes)
        return ProcessPool(
            max_workers=self._processes,
            initializer=begin,
            initargs=(
                str(self._temporary),
                share,
                memory_share(self._processes),
                level_for_children(),
            ),
            context=context,
        )

    def __exit__(self, *_: object) -> None:
        """Cancel the builds in the processes, and kill the processes."""
        try:
            stop_all(self._temporary)
            wait([future for future in self._handed_in if future.running()], timeout=_GRACE)
        finally:
            self._end_pool()
            self._logs.read()
            self._ending.close()
            sweep()  # removes what killed processes left in the cache

    def _end_pool(self) -> None:
        self._pool.stop()
        self._pool.join()

    def submit(self, task: Task) -> "Future[Outcome]":
        """Submit a task. Raises MachineLacks if no pool can be created any more."""
        while True:
            try:
                future: Future[Outcome] = self._pool.schedule(build, args=(_absolute(task),))
            except RuntimeError as problem:  # a BrokenProcessPool, or an error after it
                self._recreate_pool(problem)
                continue
            self._handed_in.add(future)
            future.add_done_callback(self._handed_in.discard)
            return future

    def _recreate_pool(self, problem: RuntimeError) -> None:
        self._breakdowns += 1
        _log.warning("the pool broke down, time %d in a row", self._breakdowns, exc_info=problem)
        if self._breakdowns > _MAX_BREAKDOWNS:
            raise MachineLacks(
                "批量生成用的进程启动不了，或一再被系统强行结束，可能是内存不足。",
                "做完的都已保留。请关闭一些程序，减少同时处理的份数（-j 1），再运行一次同样的命令，"
                "会接着做。",
            ) from problem
        time.sleep(PAUSE * self._breakdowns)
        self._end_pool()
        self._pool = self._new_pool()

    def receive(self, task: Task, future: "Future[Outcome]") -> Outcome:
        """Return the outcome. The folder is already in its place."""
        from pebble import ProcessExpired

        try:
            outcome = future.result()
        except BrokenProcessPool as problem:
            raise TaskLost from problem
        except (ProcessExpired, CancelledError) as problem:
            if past := past_bounds(getattr(problem, "exitcode", None)):
                return failed(past)
            _log.warning("the process building %s died: %r", task.out.name, problem)
            raise ProcessDied from problem
        except Exception as problem:
            return failed(problem)
        self._breakdowns = 0
        return outcome

    def tend(self, waiting: Collection["Future[Any]"]) -> None:
        """Abandon a pool in which tasks are pending but nothing has run for long.

        A process killed while it takes a task takes it along, or holds the lock that all others
        wait for.
        """
        self._logs.read()
        if not waiting or any(future.running() or future.done() for future in waiting):
            self._quiet_since = None
            return
        now = time.monotonic()
        self._quiet_since = self._quiet_since or now
        if now - self._quiet_since > QUIET:
            self._quiet_since = None
            _log.warning("nothing is at work, and tasks wait: the pool is given up")
            self._end_pool()
            for future in waiting:
                with suppress(InvalidStateError):  # ended by the pool's end
                    future.set_exception(BrokenProcessPool("nothing is at work"))


def _ensure_current_folder(folder: Path) -> None:
    """Change to `folder` if the current directory was removed: multiprocessing reads it.

    No relative path is in use then; it would have no base.
    """
    try:
        Path.cwd()
    except OSError:
        os.chdir(folder)


def _has_forkserver() -> bool:
    """Return whether the fork server is available and its socket fits in the temporary folder."""
    path = len(os.fsencode(tempfile.gettempdir()))
    return os.name != "nt" and path <= _LONGEST_PLACE


def _absolute(task: Task) -> Task:
    """Return the task for a process with another current directory."""
    since = task.options.since
    return replace(
        task,
        application=replace(task.application, folder=task.application.folder.absolute()),
        out=task.out.absolute(),
        options=replace(task.options, since=since and since.absolute()),
    )
