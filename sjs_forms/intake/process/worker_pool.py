"""The pool of worker processes in which a job opens attachments.

Each job or session owns a `WorkerPool`, which ends its own workers and no others.
"""

import logging
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from sjs_forms.base.findings import file_refusal
from sjs_forms.base.progress import Cancelled, never_cancelled
from sjs_forms.base.system_errors import no_thread, reason
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import machine_faults, refusals
from sjs_forms.intake.process.worker_process import WorkerDied, WorkerProcess, WorkerTimeout
from sjs_forms.intake.process.workplace import Workplace

_log = logging.getLogger(__name__)

_TRIES = 7
"""Number of processes tried on one file before it is refused."""

PAUSE = 0.5
"""Seconds before a second try if no process could be started."""

_MAX_FILES = 200
"""Files after which a process is replaced, so that leaks do not add up."""

WorkersOfJob = Callable[[], "AbstractContextManager[WorkerPool]"]
"""Returns a context with the pool of a job: a new one, or one that outlives the job."""


class _Unstarted(Exception):
    """Raised if no process could be started; the message says why."""


class WorkerPool:
    """Workplaces with one worker process each, started on first use. Thread-safe.

    A context manager: on exit its workers are killed and their folders removed. A forked child
    never touches the workers of its parent.
    """

    def __init__(self, program: str = "") -> None:
        """See `WorkerProcess` for `program`."""
        self._program = program
        self._idle: list[Workplace] = []
        self._lock = threading.Lock()
        self._is_closed = False

    def __enter__(self) -> Self:
        """Return the pool. Nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the pool."""
        self.close()

    @contextmanager
    def workplace(
        self, parent: Path, is_cancelled: Callable[[], bool] = never_cancelled
    ) -> Iterator[Workplace]:
        """Yield an empty workplace in `parent`, and empty it afterwards. Its worker is kept.

        Requests to the worker raise Cancelled once `is_cancelled` returns True. Raises OSError if
        the workplace cannot be made.
        """
        place = self._borrowed(parent)
        place.is_cancelled = is_cancelled
        try:
            yield place
        finally:
            self._give_back(place)

    def dismiss(self, kept: int = 0) -> None:
        """End all idle workers but `kept`, and remove their workplaces."""
        with self._lock:
            places, self._idle[kept:] = self._idle[kept:], []
        for place in places:
            _close(place)

    def close(self) -> None:
        """End all workers. Busy ones end when the context of their workplace does."""
        self._is_closed = True
        self.dismiss()

    @property
    def idle(self) -> tuple[Workplace, ...]:
        """The workplaces that are not in use."""
        return tuple(self._idle)

    def _borrowed(self, parent: Path) -> Workplace:
        with self._lock:
            for at in range(len(self._idle) - 1, -1, -1):
                place = self._idle[at]
                if place.parent == parent and place.mine and place.made.is_dir():
                    return self._idle.pop(at)
        return Workplace(parent, self._program)

    def _give_back(self, place: Workplace) -> None:
        try:
            place.clear()
        except OSError:
            _close(place)
            return
        with self._lock:
            if not self._is_closed:
                self._idle.append(place)
                return
        _close(place)


@dataclass(frozen=True, slots=True)
class Workers:
    """A pool, and a function that returns whether the work that uses it was cancelled."""

    pool: WorkerPool
    is_cancelled: Callable[[], bool] = never_cancelled

    def workplace(self, parent: Path) -> AbstractContextManager[Workplace]:
        """See `WorkerPool.workplace`."""
        return self.pool.workplace(parent, self.is_cancelled)


def _close(place: Workplace) -> None:
    """End the worker of a workplace and remove the workplace."""
    if place.mine:
        _end_worker(place)
    place.close()


def _end_worker(place: Workplace) -> None:
    if place.worker is not None:
        place.worker.kill()
    place.worker = None


def _worker_of(place: Workplace) -> WorkerProcess:
    """Return the worker of a workplace, and start one if needed. Raises OSError."""
    worker = place.worker
    if worker is None or not worker.lives or worker.files >= _MAX_FILES:
        _end_worker(place)
        worker = place.worker = WorkerProcess(place.folder, place.made, place.program)
    return worker


def in_a_worker(
    place: Workplace,
    kind: str,
    source: Path,
    target: Path,
    limits: IntakeLimits,
    password: str | None,
    **more: Any,
) -> dict[str, Any]:
    """Return the worker's result on a file (the parts of `PlainDocument`).

    `source` is in `place`, `target` in its folder `made`. `more` is added to the request: the
    `order` for an Office document.

    If a process dies in one reader, another continues with the next reader; if the system kills it,
    another tries once more. Raises FileRefused, OSError with the system's error, or Cancelled.
    """
    request: dict[str, Any] = {
        "kind": kind,
        "source": str(source.absolute()),
        "target": str(target.absolute()),
        "password": password,
        "limits": asdict(limits),
        "after": [],
        **more,
    }
    until = time.monotonic() + limits.max_seconds
    hindered = False
    for _ in range(_TRIES):
        if place.is_cancelled():
            raise Cancelled
        try:
            answer = _plain(_answer_of_worker(place, request, until - time.monotonic()))
            _check_plain(target)
            return answer
        except WorkerTimeout:
            _log.warning("a worker was ended after %g seconds", limits.max_seconds)
            raise refusals.timed_out(limits.max_seconds) from None
        except _Unstarted as problem:
            _log.warning("no worker could be started", exc_info=problem)
            if hindered:
                raise machine_faults.unstarted(str(problem)) from problem
            time.sleep(PAUSE)
        except WorkerDied as death:
            step = death.step or "its start"
            _log.warning("a worker died at %s and left %d; another goes on", step, death.code)
            if death.crashed and (hindered or not death.lost_its_map):
                if kind != "pdf" or death.step in ("", "drawn"):
                    break
                request["after"] = [*request["after"], death.step]
                continue
            if hindered:
                raise _given_up(death) from None
        hindered = True
    raise refusals.unreadable("读取时出错，内容不合规范")


def _given_up(death: WorkerDied) -> file_refusal.FileRefused:
    """Return the refusal after the system killed a process, or did not start it, twice."""
    if death.code >= 0 and death.step == "":
        return machine_faults.unstarted(f"刚启动就退出了，退出码 {death.code}")
    return machine_faults.killed()


def _check_plain(target: Path) -> None:
    """Raise FileRefused if a worker made anything but a file, because it cannot be trusted then."""
    if not stat.S_ISREG(target.lstat().st_mode):
        raise refusals.unreadable("读取时出错，内容不合规范")


def _answer_of_worker(place: Workplace, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Return a worker's answer. Raises _Unstarted, WorkerDied, Late or Cancelled."""
    try:
        worker = _worker_of(place)
    except OSError as problem:
        raise _Unstarted(reason(problem)) from problem
    try:
        return worker.ask(request, seconds, place.is_cancelled)
    except RuntimeError as problem:
        if no_thread(problem):
            raise _Unstarted("进程或线程的数目已到上限，或内存不足") from problem
        raise


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of `PlainDocument` in an answer, or raise the error in it."""
    if "system" in answer:
        number, file = answer["system"]
        raise OSError(number, os.strerror(number), file)
    if "refusal" in answer:
        raise file_refusal.refusal_of(answer["refusal"], passing=answer["passing"])
    plain: dict[str, Any] = answer["plain"]
    return plain
