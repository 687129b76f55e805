"""Handles Ctrl-C and SIGTERM."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sjs_forms.cli.terminal import Terminal


def end_like_an_interrupt() -> None:
    """Make SIGTERM clean up like Ctrl-C. Has an effect in the main thread only."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, interrupt)


@contextmanager
def interruptible(terminal: "Terminal") -> Iterator[Callable[[], bool]]:
    """Yield a function that tells whether the user has asked to stop.

    The first Ctrl-C only sets a flag, so that it never interrupts a write. A second one stops at
    once.
    """
    asked = threading.Event()

    def note(number: int, _frame: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        terminal.say("正在停下来……" if number == signal.SIGINT else "收到结束的要求，正在停下来……")

    earlier = {kind: signal.signal(kind, note) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for kind, handler in earlier.items():
            signal.signal(kind, handler)
