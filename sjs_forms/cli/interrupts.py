"""Ctrl-C and SIGTERM: what a command does when its user asks it to stop."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sjs_forms.cli.terminal import Terminal


def end_like_an_interrupt() -> None:
    """Have a request to end (SIGTERM) clean up as Ctrl-C does; only main threads may ask so."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, interrupt)


@contextmanager
def interruptible(terminal: "Terminal") -> Iterator[Callable[[], bool]]:
    """Whether the user has asked to stop; a second Ctrl-C stops at once.

    The request is only noted, so that it never breaks into the middle of a write.
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
