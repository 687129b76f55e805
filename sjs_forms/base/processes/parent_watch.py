"""Ends a process of multiprocessing whose parent was killed."""

import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable

_log = logging.getLogger(__name__)


def end_with_parent(stop: Callable[[], None], grace: float) -> None:
    """Watch from a thread whether the parent lives; returns at once.

    When it has ended, `stop` is called, and `grace` seconds later this process ends if it still
    runs. Without this a process that is at work learns only after its work that nobody waits for
    the result. Does nothing in a process that multiprocessing did not start.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        _log.info("the parent process has ended")
        try:
            stop()
        except OSError:
            _log.warning("the work cannot be stopped in order", exc_info=True)
        time.sleep(grace)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
