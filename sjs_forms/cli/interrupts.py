"""Handles Ctrl-C and SIGTERM."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from sjs_forms.base.processes.work_bounds import bounded
from sjs_forms.base.progress import Progress
from sjs_forms.cli.terminal import Terminal

_Handler = Callable[[int, FrameType | None], None]


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def end_like_an_interrupt() -> None:
    """Make SIGTERM clean up like Ctrl-C. Has an effect in the main thread only."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)


@contextmanager
def answerable() -> Iterator[None]:
    """Make Ctrl-C and SIGTERM interrupt at once while the user is asked a question."""
    with _handled(_interrupt):
        yield


@contextmanager
def job_progress(terminal: Terminal) -> Iterator[Progress]:
    """Yield the progress of a job, shown on the terminal and cancelled by Ctrl-C or SIGTERM.

    Raises MachineLacks if the job takes too long or too much memory.
    """
    with terminal.progress() as progress, _noted(progress.cancel), bounded(progress) as job:
        yield job


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Yield a function that returns whether the user has asked to stop."""
    asked = threading.Event()
    with _noted(asked.set):
        yield asked.is_set


@contextmanager
def _noted(note: Callable[[], None]) -> Iterator[None]:
    """Call `note` on the first Ctrl-C or SIGTERM, and raise KeyboardInterrupt on the second.

    The first does not interrupt the code that runs, which may be in the middle of a write.
    """
    asked = False

    def handle(number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        note()
        _say("正在停下来……" if number == signal.SIGINT else "收到结束的要求，正在停下来……")

    with _handled(handle):
        yield


@contextmanager
def _handled(handler: _Handler) -> Iterator[None]:
    """Set a handler for both signals. Has an effect in the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    earlier = {kind: signal.signal(kind, handler) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for kind, before in earlier.items():
            signal.signal(kind, before)


def _say(text: str) -> None:
    """Write a line to stderr without its buffer, which is not reentrant."""
    clear = "\r\x1b[K" if sys.stderr.isatty() else ""
    with suppress(OSError):
        os.write(2, f"{clear}{text}\n".encode(sys.stderr.encoding or "utf-8", "backslashreplace"))
