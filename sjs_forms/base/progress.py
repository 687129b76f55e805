"""Progress reports of a job, and its cancellation.

A job reports steps as values (stage, done, total), which an interface puts into words. Wherever it
may take long, it checks whether it was cancelled and raises Cancelled. That unwinds the job like
any exception: its processes end and its unfinished files are removed.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

CHECK_INTERVAL = 0.1
"""Seconds between two checks for cancellation while a job waits."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Stage(StrEnum):
    """A stage of a job. The values are stable, so that programs may depend on them."""

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


@dataclass(frozen=True, slots=True)
class Step:
    """The progress of a stage: `done` of `total` units (attachments, sides, materials, builds)."""

    stage: Stage
    done: int
    total: int


class Cancelled(BaseException):
    """Raised in a job that was cancelled.

    A BaseException, so that no handler of failures catches it.
    """


class Progress:
    """Reports steps of a job to an interface, and tells the job when it is cancelled.

    All methods are thread-safe. `cancel` may also be called from a signal handler.
    """

    def __init__(self, tell: Callable[[Step], None] | None = None) -> None:
        """`tell` is called with each step, in the thread that reports it."""
        self.tell = tell
        self._cancelled = False

    def __call__(self, stage: Stage, done: int = 0, total: int = 1) -> None:
        """Report a step. Raises Cancelled."""
        self.check()
        if self.tell is not None:
            self.tell(Step(stage, done, total))

    def finish(self) -> None:
        """Report that the job is done, even if it was cancelled too late."""
        if self.tell is not None:
            self.tell(Step(Stage.DONE, 1, 1))

    def cancel(self) -> None:
        """Make the job stop at its next check."""
        self._cancelled = True

    def is_cancelled(self) -> bool:
        """Return whether the job was cancelled."""
        return self._cancelled

    def silent(self) -> "Progress":
        """Return the progress of a part whose steps are not reported."""
        return Within(self, silent=True)

    def check(self) -> None:
        """Raise Cancelled if the job was cancelled."""
        if self.is_cancelled():
            raise Cancelled

    def expect(self, pages: int) -> None:
        """Report so many pages to be processed, for which a bounded job gets more time."""

    def interruptible(self) -> AbstractContextManager[None]:
        """Return a context for code that cannot check. In bounded jobs it is interrupted."""
        return nullcontext()

    def result(self, future: "Future[_Result]") -> _Result:
        """Wait for a future and return its result. Raises Cancelled, and what the future raises."""
        self.check()
        while not future.done():
            wait((future,), timeout=CHECK_INTERVAL)
            self.check()
        return future.result()


class Within(Progress):
    """Progress of a part of a job, which is cancelled with the job or by itself."""

    def __init__(self, whole: Progress, *, silent: bool = False) -> None:
        """Steps of a `silent` part are not reported."""
        super().__init__(None if silent else whole.tell)
        self._whole = whole

    def is_cancelled(self) -> bool:
        """Return whether the part or the whole job was cancelled."""
        return super().is_cancelled() or self._whole.is_cancelled()

    def expect(self, pages: int) -> None:
        """See `Progress`."""
        self._whole.expect(pages)

    def interruptible(self) -> AbstractContextManager[None]:
        """See `Progress`."""
        return self._whole.interruptible()


class _Quiet(Progress):
    """Reports nothing. Shared by all jobs that nobody watches, so it cannot be cancelled."""

    def cancel(self) -> None:
        """Raise TypeError."""
        raise TypeError("a job that is to be cancelled needs a Progress of its own")


quiet: Progress = _Quiet()
"""The progress of a job that nobody watches."""


def never_cancelled() -> bool:
    """Return False. For work that is never cancelled."""
    return False


def until_cancelled(items: Iterable[_Item], is_cancelled: Callable[[], bool]) -> Iterator[_Item]:
    """Yield the items. Raises Cancelled before the next one once `is_cancelled` returns True."""
    for item in items:
        if is_cancelled():
            raise Cancelled
        yield item


@contextmanager
def lock_held(lock: threading.Lock, is_cancelled: Callable[[], bool]) -> Iterator[None]:
    """Hold a lock during the context. Raises Cancelled if that happens while waiting for it."""
    while not lock.acquire(timeout=CHECK_INTERVAL):
        if is_cancelled():
            raise Cancelled
    try:
        yield
    finally:
        lock.release()
