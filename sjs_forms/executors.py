"""Where builds are carried out, many at a time: here, or (see `cluster`) on other machines."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import replace
from itertools import islice
from typing import Any, Protocol, Self

from sjs_forms.findings import error
from sjs_forms.isolated_python import trust_no_current_folder
from sjs_forms.processors import SHARE, processors
from sjs_forms.work import Outcome, Task, carry_out, failed

_BLINK = 0.2
"""Seconds between two looks at whether to stop."""


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
        """The outcome of a task that is done. Raises Died where its process did not live."""

    def __enter__(self) -> Self:
        """Begin; raises where the place cannot be had."""

    def __exit__(self, *_: object) -> None:
        """End; what is still at work is given up."""


class Died(Exception):
    """The process at work on a task ended without a word."""


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
        for future in [known for known in waiting if known in done]:
            task, tried = waiting.pop(future)
            try:
                yield task, executor.receive(task, future)
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
                "",
                "批量生成",
                f"处理这份申报的进程{'先后 ' + str(tried) + ' 次' if tried > 1 else ''}意外终止"
                "，可能是内存不足，或被强行结束。",
                "请减少同时处理的份数（-j 1）再运行一次；仍不行，请单独 build 这一份。",
            ),
        ),
        0.0,
    )


class LocalExecutor:
    """Processes on this machine, one a core unless said otherwise; each builds one at a time."""

    tries = 2

    def __init__(self, processes: int | None) -> None:
        self._processes = processes or processors()
        self.room = 2 * self._processes

    def __enter__(self) -> Self:
        """Ready the pool; its processes start with the first task."""
        import multiprocessing

        from pebble import ProcessPool

        trust_no_current_folder()
        # A fresh interpreter, never a fork of a process that has threads; where it can be had,
        # one that has loaded the libraries once and is copied for every worker.
        method = "spawn" if os.name == "nt" else "forkserver"
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload(["sjs_forms.warm"])
        self._temporary = tempfile.TemporaryDirectory(
            prefix="sjs-forms-batch-", ignore_cleanup_errors=True
        )
        self._pool = ProcessPool(
            max_workers=self._processes,
            initializer=_settle,
            initargs=(self._temporary.name, max(1, processors() // self._processes)),
            context=context,
        )
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes, whatever they are at."""
        self._pool.stop()
        self._pool.join()
        self._temporary.cleanup()

    def submit(self, task: Task) -> "Future[Outcome]":
        """Hand in a task."""
        future: Future[Outcome] = self._pool.schedule(carry_out, args=(_anywhere(task),))
        return future

    def receive(self, _task: Task, future: "Future[Outcome]") -> Outcome:
        """The outcome; the folder already lies in its place."""
        from pebble import ProcessExpired

        try:
            return future.result()
        except (ProcessExpired, CancelledError) as problem:
            raise Died from problem
        except Exception as problem:
            return failed(problem)


def _anywhere(task: Task) -> Task:
    """The same task for a process that stands in another folder."""
    since = task.options.since
    return replace(
        task,
        application=replace(task.application, folder=task.application.folder.absolute()),
        out=task.out.absolute(),
        options=replace(task.options, since=since and since.absolute()),
    )


def _settle(temporary: str, share: int) -> None:
    """Begin a worker, whose `share` of processors is its own.

    What it leaves behind when it is killed lies where the batch clears up.
    """
    os.environ["TMPDIR"] = os.environ["TEMP"] = os.environ["TMP"] = temporary
    os.environ[SHARE] = str(share)
    tempfile.tempdir = temporary
    os.chdir(temporary)
