"""Bounds the processor time and the memory that this process may spend on one application.

A thread watches both. Past a bound the work is stopped as if it were cancelled: at its next check,
or at once where it is `interruptible`. Processor time is counted, not time on the clock: a slow
disk or a busy machine stops nothing.

An interruption may leave the caches of a library half filled, so the process must not do any other
work after it.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import NoReturn

from sjs_forms.base.errors import MachineLacks
from sjs_forms.base.findings.remedies import AllowMoreTime, PlainAction, Remedy, several
from sjs_forms.base.processes.memory import work_share
from sjs_forms.base.processes.process_memory import own_memory
from sjs_forms.base.progress import Cancelled, Progress, Within, quiet

_log = logging.getLogger(__name__)

SECONDS = "SJS_FORMS_SECONDS"
"""The environment variable with the processor seconds that an application may take."""

_SECONDS = 600.0
"""Its default: about a hundred times what the longest answers take."""

_SECONDS_PER_PAGE = 10.0
"""Further processor seconds for each page of its attachments."""

_LOOK = 0.2
"""Seconds between two measurements."""

_LOOKS_BETWEEN = 25
"""Measurements between two interruptions: a library may catch one, and cleaning up takes time."""

_BYTECODES = 1000
"""Turns of an empty loop, in each of which a pending exception is raised."""

_PATIENCE = 60.0
"""Processor seconds past a bound within which work stops, or its process is ended."""

_RESERVE = 500_000_000
"""Bytes past the bound of memory at which a process is ended without waiting."""

_TIME, _MEMORY = 75, 76
"""Exit codes of a process that was past a bound. No other code of ours or of Python's is these."""

_MESSAGES = {
    _TIME: "这份申报要处理太久：用完了一份申报可用的处理器时间，没有做完。",
    _MEMORY: "这份申报对这台机器来说太大：所需的内存超过了每份申报可用的，没有做完。",
}
_REMEDIES: tuple[Remedy | str, ...] = (
    "请缩短特别长的填写内容，把页数很多或图形复杂的附件拆小。",
    PlainAction.FEWER_AT_ONCE,
    "仍不行的，请换一台更快、内存更大的电脑。",
)


class PastBounds(MachineLacks):
    """Raised for work that was stopped past a bound. `code` is an exit code that tells which."""

    def __init__(self, code: int) -> None:
        more_time = (AllowMoreTime(SECONDS, _SECONDS),) if code == _TIME else ()
        super().__init__(_MESSAGES[code], several(*_REMEDIES, *more_time))
        self.code = code


def past_bounds(code: int | None) -> PastBounds | None:
    """Return the error for the exit code of a `bounded_process`, or None for any other code."""
    return PastBounds(code) if code in _MESSAGES else None


def _usual_seconds() -> float:
    told = os.environ.get(SECONDS, "")
    return float(told) if told.isdecimal() and int(told) else _SECONDS


@dataclass(frozen=True, slots=True)
class WorkBounds:
    """Processor seconds, more of them per page, and bytes of memory (None: unbounded).

    `interrupts` is False where the process must survive: work is stopped at its checks only.
    """

    seconds: float = field(default_factory=_usual_seconds)
    seconds_per_page: float = _SECONDS_PER_PAGE
    memory: int | None = field(default_factory=work_share)
    interrupts: bool = True


@contextmanager
def bounded(progress: Progress = quiet, bounds: WorkBounds | None = None) -> Iterator[Progress]:
    """Yield the progress of work that is stopped past its bounds; PastBounds is raised then."""
    with _bounded(_BoundedWork(progress, bounds or WorkBounds())) as work:
        yield work


@contextmanager
def bounded_process(
    progress: Progress = quiet, bounds: WorkBounds | None = None
) -> Iterator[Progress]:
    """Like `bounded`, in a process that works for another. Past a bound the process ends.

    Its parent learns that from its exit code (see `past_bounds`).
    """
    try:
        with _bounded(_ProcessWork(progress, bounds or WorkBounds())) as work:
            yield work
    except PastBounds as past:
        _end_process(past)


def _end_process(past: PastBounds) -> NoReturn:
    os._exit(past.code)


@contextmanager
def _bounded(work: "_BoundedWork") -> Iterator["_BoundedWork"]:
    try:
        with work:
            yield work
    except Cancelled:
        if work.passed is None or work.whole.is_cancelled():
            raise
        raise work.passed from None


class _BoundedWork(Within):
    """Progress of work that a thread watches. A context manager."""

    def __init__(self, whole: Progress, bounds: WorkBounds) -> None:
        super().__init__(whole)
        self.whole = whole
        self.passed: PastBounds | None = None
        self._bounds = bounds
        self._seconds = bounds.seconds
        self._started = time.process_time()
        self._over = threading.Event()
        self._interruptible: int | None = None
        self._is_sent = False
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        """Start to watch."""
        threading.Thread(target=self._watch, name="work bounds", daemon=True).start()

    def __exit__(self, *_: object) -> None:
        """Stop watching."""
        self._over.set()

    def is_cancelled(self) -> bool:
        """Return whether the work is to stop."""
        return self.passed is not None or super().is_cancelled()

    def expect(self, pages: int) -> None:
        """Allow the time for so many more pages."""
        self._seconds += pages * self._bounds.seconds_per_page

    def interruptible(self) -> AbstractContextManager[None]:
        """Return a context in which Cancelled may be raised at any point."""
        return self._interrupted() if self._bounds.interrupts else nullcontext()

    @contextmanager
    def _interrupted(self) -> Iterator[None]:
        self.check()
        self._interruptible = threading.get_ident()
        try:
            yield
        finally:
            self._interruptible = None
            with self._lock:
                is_sent = self._is_sent
            if is_sent:
                _let_pending_come()

    def _watch(self) -> None:
        looks, hopeless = 0, 0.0
        while not self._over.wait(_LOOK):
            used, memory = time.process_time() - self._started, own_memory()
            if self.passed is None:
                self.passed = self._judged(used, memory)
                hopeless = used + _PATIENCE
            if self.passed is None:
                continue
            if looks % _LOOKS_BETWEEN == 0:
                self._interrupt()
            looks += 1
            if used > hopeless or memory > (self._bounds.memory or memory) + _RESERVE:
                self._give_up(self.passed)

    def _judged(self, used: float, memory: int) -> PastBounds | None:
        """Return the error for a bound that is passed, or None."""
        share = self._bounds.memory
        if share is not None and memory > share:
            _log.warning("the work takes %d bytes of memory; its bound is %d", memory, share)
            return PastBounds(_MEMORY)
        if used > self._seconds:
            _log.warning("the work takes more than %g processor seconds", self._seconds)
            return PastBounds(_TIME)
        return None

    def _interrupt(self) -> None:
        with self._lock:
            if self._interruptible is not None:
                self._is_sent = True
                _raise_in(self._interruptible, Cancelled)

    def _give_up(self, past: PastBounds) -> None:
        """Do nothing if the work does not stop: its next check, if there is one, will stop it."""


class _ProcessWork(_BoundedWork):
    """Work whose process is ended if it does not stop."""

    def _give_up(self, past: PastBounds) -> None:
        _log.warning("the work does not stop past its bound: its process is ended")
        _end_process(past)


def _raise_in(thread: int, exception: type[BaseException]) -> None:
    """Have an exception raised in a thread at its next bytecode.

    It must not be taken back by passing NULL: CPython then looks for it at every bytecode that may
    be interrupted, for the rest of the process, and hangs under a profile function (3.11).
    """
    import ctypes

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))


def _let_pending_come() -> None:
    """Receive an exception that was sent to this thread and has not been raised yet."""
    with suppress(Cancelled):
        for _ in range(_BYTECODES):
            pass
