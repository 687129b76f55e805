"""Where builds are carried out, many at a time: here, or (see `cluster`) on other machines."""

import os
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from sjs_forms.base.errors import MachineLacks
from sjs_forms.base.finding_places import WHOLE
from sjs_forms.base.findings import error
from sjs_forms.base.isolated_python import temporary_variables, trust_no_current_folder
from sjs_forms.base.memory import MEMORY_SHARE, memory_share, most_processes
from sjs_forms.base.output.temporary_folders import temporary_folder
from sjs_forms.base.processors import SHARE, processors
from sjs_forms.batch.task import Outcome, Task, carry_out, failed

if TYPE_CHECKING:
    from pebble import ProcessPool

_BLINK = 0.2
"""Seconds between two looks at whether to stop."""

_QUIET = 120
"""Seconds in which a process of the pool has surely begun with a task that waits."""

_MOST_BREAKDOWNS = 3
"""Times in a row that a pool is set up anew."""

_PAUSE = 1
"""Seconds before that; with each time longer."""

_LONGEST_PLACE = 70
"""Bytes of the temporary folder's path beyond which there is no room for the name of a socket in
it: 104 with the zero at its end on macOS, 108 on Linux (unix(7), sun_path)."""


class Executor(Protocol):
    """A place where tasks are carried out; entered before use, left with nothing running."""

    @property
    def room(self) -> int:
        """How many tasks are worth handing in at once: those at work, and the next ones."""

    @property
    def tries(self) -> int:
        """How often a task is handed in whose process dies."""

    def submit(self, task: Task) -> "Future[Any]":
        """Hand in a task."""

    def receive(self, task: Task, future: "Future[Any]") -> Outcome:
        """The outcome of a task that is done. Raises Died where its process did not live.

        Raises Lost where the whole place broke down, of which this task need not be the cause.
        """

    def tend(self, waiting: Collection["Future[Any]"]) -> None:
        """Called again and again while these are waited for: see that they come to an end."""

    def __enter__(self) -> Self:
        """Begin; raises where the place cannot be had."""

    def __exit__(self, *_: object) -> None:
        """End; what is still at work is given up."""


class Died(Exception):
    """The process at work on a task ended without a word."""


class Lost(Exception):
    """A task was not carried out, for the place where it would have been broke down."""


def carry_out_all(
    tasks: Iterable[Task], executor: Executor, stopped: Callable[[], bool]
) -> Iterator[tuple[Task, Outcome]]:
    """Each task with its outcome, as they are done; ends early where `stopped` says so.

    A process that dies costs its task one more try, and then a failure.
    """
    waiting: dict[Future[Any], tuple[Task, int]] = {}
    more = iter(tasks)

    def hand_in() -> None:
        for task in islice(more, max(0, executor.room - len(waiting))):
            waiting[executor.submit(task)] = task, 1

    hand_in()
    while waiting and not stopped():
        done, _ = wait(waiting, timeout=_BLINK, return_when=FIRST_COMPLETED)
        executor.tend(waiting)
        for future in [known for known in waiting if known in done]:
            task, tried = waiting.pop(future)
            try:
                yield task, executor.receive(task, future)
            except Lost:  # how often that may be, the executor knows
                waiting[executor.submit(task)] = task, tried
            except Died:
                if tried < executor.tries:
                    waiting[executor.submit(task)] = task, tried + 1
                else:
                    yield task, _gave_up(tried)
        hand_in()


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
    """Processes on this machine, one a core unless said otherwise; each builds one at a time.

    No more than the machine has memory for. Where all of them break down (the system may end any
    process, the one that starts the others too), the pool is set up anew.
    """

    tries = 2

    def __init__(self, processes: int | None) -> None:
        self._processes = min(processes or processors(), most_processes())
        self.room = 2 * self._processes
        self._breakdowns = 0
        self._quiet_since: float | None = None

    def __enter__(self) -> Self:
        """Ready the pool; its processes start with the first task."""
        trust_no_current_folder()
        self._ending = ExitStack()
        self._temporary = self._ending.enter_context(temporary_folder())
        _stand_somewhere(self._temporary)
        self._pool = self._new_pool()
        return self

    def _new_pool(self) -> "ProcessPool":
        import multiprocessing

        from pebble import ProcessPool

        # A fresh interpreter, never a fork of a process that has threads; where it can be had,
        # one that has loaded the libraries once and is copied for every worker.
        method = "forkserver" if _has_forkserver() else "spawn"
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload(["sjs_forms.batch.preload"])
        share = max(1, processors() // self._processes)
        return ProcessPool(
            max_workers=self._processes,
            initializer=_settle,
            initargs=(str(self._temporary), share, memory_share(self._processes)),
            context=context,
        )

    def __exit__(self, *_: object) -> None:
        """End the processes, whatever they are at."""
        self._end_pool()
        self._ending.close()

    def _end_pool(self) -> None:
        self._pool.stop()
        self._pool.join()

    def submit(self, task: Task) -> "Future[Outcome]":
        """Hand in a task. Raises MachineLacks where no pool can be had any more."""
        while True:
            try:
                return self._pool.schedule(carry_out, args=(_anywhere(task),))
            except RuntimeError as problem:  # BrokenProcessPool is one, and what follows it
                self._begin_anew(problem)

    def _begin_anew(self, problem: RuntimeError) -> None:
        self._breakdowns += 1
        if self._breakdowns > _MOST_BREAKDOWNS:
            raise MachineLacks(
                "批量生成用的进程启动不了，或一再被系统强行结束，可能是内存不足。",
                "做完的都已保留。请关闭一些程序，减少同时处理的份数（-j 1），再运行一次同样的命令，"
                "会接着做。",
            ) from problem
        time.sleep(_PAUSE * self._breakdowns)
        self._end_pool()
        self._pool = self._new_pool()

    def receive(self, _task: Task, future: "Future[Outcome]") -> Outcome:
        """The outcome; the folder already lies in its place."""
        from pebble import ProcessExpired

        try:
            outcome = future.result()
        except BrokenProcessPool as problem:
            raise Lost from problem
        except (ProcessExpired, CancelledError) as problem:
            raise Died from problem
        except Exception as problem:
            return failed(problem)
        self._breakdowns = 0
        return outcome

    def tend(self, waiting: Collection["Future[Any]"]) -> None:
        """Give up a pool in which tasks wait, and for long nothing has been at work.

        A process that is ended at the moment when it takes a task takes it along, or the lock
        that all others wait for.
        """
        if not waiting or any(future.running() or future.done() for future in waiting):
            self._quiet_since = None
            return
        now = time.monotonic()
        self._quiet_since = self._quiet_since or now
        if now - self._quiet_since > _QUIET:
            self._quiet_since = None
            self._end_pool()
            for future in waiting:
                future.set_exception(BrokenProcessPool("nothing is at work"))


def _stand_somewhere(folder: Path) -> None:
    """Go to `folder` if the current one was removed: multiprocessing asks for where it stands.

    No path is relative by then: there would be nothing to be relative to.
    """
    try:
        Path.cwd()
    except OSError:
        os.chdir(folder)


def _has_forkserver() -> bool:
    """Whether there is such a server, and its socket has room in the temporary folder."""
    path = len(os.fsencode(tempfile.gettempdir()))
    return os.name != "nt" and path <= _LONGEST_PLACE


def _anywhere(task: Task) -> Task:
    """The same task for a process that stands in another folder."""
    since = task.options.since
    return replace(
        task,
        application=replace(task.application, folder=task.application.folder.absolute()),
        out=task.out.absolute(),
        options=replace(task.options, since=since and since.absolute()),
    )


def _settle(temporary: str, share: int, memory: int | None) -> None:
    """Begin a worker, whose `share` of processors is its own, and so many bytes of `memory`.

    What it leaves behind when it is killed lies where the batch clears up.
    """
    os.environ.update(temporary_variables(temporary))
    os.environ[SHARE] = str(share)
    if memory is not None:
        os.environ[MEMORY_SHARE] = str(memory)
    tempfile.tempdir = temporary
    os.chdir(temporary)
