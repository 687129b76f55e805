"""How a job says what it is doing, and how it is told to stop.

A job reports steps as values (stage, done, total); a face puts them into words. Wherever it may
take long, it checks whether it was cancelled, and raises Cancelled. That unwinds the job as any
exception would, so that its processes end and its unfinished files are removed.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

LOOK = 0.1
"""Seconds between two looks at whether a job was cancelled, while it waits for something."""

_Result = TypeVar("_Result")


class Stage(StrEnum):
    """What a job is doing. The values are stable: programs may depend on them."""

    STARTING = "starting"
    READING = "reading"
    OPENING = "opening"
    TYPESETTING = "typesetting"
    PACKING = "packing"
    ASSEMBLING = "assembling"
    VERIFYING = "verifying"
    COPYING = "copying"
    PUBLISHING = "publishing"
    DONE = "done"
    RECOGNISING = "recognising"
    DRAWING = "drawing"
    INSPECTING = "inspecting"
    BUILDING = "building"


@dataclass(frozen=True, slots=True)
class Step:
    """How far a stage is: `done` of `total` (attachments, sides, materials, builds)."""

    stage: Stage
    done: int
    total: int


class Cancelled(BaseException):
    """The job was told to stop. No Exception, so that nothing takes it for a failure."""


class Progress:
    """Carries steps from a job to a face, and the wish to stop from a face to the job.

    Every method may be called from any thread; `cancel` from a signal handler too.
    """

    def __init__(self, tell: Callable[[Step], None] | None = None) -> None:
        """`tell` is called with each step, from whatever thread reports it; None tells nobody."""
        self.tell = tell
        self._cancelled = False

    def __call__(self, stage: Stage, done: int = 0, total: int = 1) -> None:
        """Report a step. Raises Cancelled."""
        self.check()
        if self.tell is not None:
            self.tell(Step(stage, done, total))

    def finish(self) -> None:
        """Report that the job is done, which no wish to stop can undo any more."""
        if self.tell is not None:
            self.tell(Step(Stage.DONE, 1, 1))

    def cancel(self) -> None:
        """Have the job stop at its next look."""
        self._cancelled = True

    def is_cancelled(self) -> bool:
        """Whether the job is to stop."""
        return self._cancelled

    def silent(self) -> "Progress":
        """The same for a part whose steps are too small to be told."""
        return Within(self, silent=True)

    def check(self) -> None:
        """Raise Cancelled if the job is to stop."""
        if self.is_cancelled():
            raise Cancelled

    def result(self, future: "Future[_Result]") -> _Result:
        """Wait for a future. Raises Cancelled while it waits, and what the future raises."""
        self.check()
        while not future.done():
            wait((future,), timeout=LOOK)
            self.check()
        return future.result()


class Within(Progress):
    """Progress of a part of a job: cancelled with the job, or by itself."""

    def __init__(self, whole: Progress, *, silent: bool = False) -> None:
        """A `silent` part tells nobody of its steps."""
        super().__init__(None if silent else whole.tell)
        self._whole = whole

    def is_cancelled(self) -> bool:
        """Whether the part is to stop."""
        return super().is_cancelled() or self._whole.is_cancelled()


class _Quiet(Progress):
    """Tells nobody; shared by all who have nothing to tell, and so never cancelled."""

    def cancel(self) -> None:
        """Raises TypeError."""
        raise TypeError("a job that is to be cancelled needs a Progress of its own")


quiet: Progress = _Quiet()
"""The progress of a job that nobody watches."""


def never() -> bool:
    """The answer to "is it cancelled?" of what nobody cancels."""
    return False


@contextmanager
def held(lock: threading.Lock, is_cancelled: Callable[[], bool]) -> Iterator[None]:
    """Wait for a lock and hold it. Raises Cancelled while it waits."""
    while not lock.acquire(timeout=LOOK):
        if is_cancelled():
            raise Cancelled
    try:
        yield
    finally:
        lock.release()
