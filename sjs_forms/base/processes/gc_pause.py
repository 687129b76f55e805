"""Disables garbage collection where it would cost time and free nothing."""

import atexit
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Disable garbage collection in the context; restore the former state afterwards.

    For a whole job, which creates many objects and frees hardly any (a layout, a PDF read and
    written): each collection takes longer than the last. Around each part separately it would gain
    little, because Python collects as soon as it is allowed to. Reference counting is not affected.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def collect_rarely() -> None:
    """Collect garbage a thirtieth as often in this process, for good.

    For a process that works on one file or application after the other: collections take a twelfth
    of its time or more, while hostile files must not fill the memory with cycles.
    """
    gc.set_threshold(20_000, 20, 50)


class IdleCollection:
    """Collects garbage between pieces of work: when none came for a while, or after many.

    For a process that lives long and has collection paused while it works. Objects that exist when
    it is made are left out, so that a collection is short. Never during work: libraries in C may
    run without the interpreter's lock then, and what is freed may be theirs.
    """

    def __init__(self, seconds: float, most: int) -> None:
        """Start; `seconds` without work, or `most` pieces, are followed by a collection."""
        self._seconds, self._most = seconds, most
        self._working, self._used = threading.Lock(), threading.Event()
        gc.freeze()
        threading.Thread(target=self._watch, name="collection", daemon=True).start()

    @contextmanager
    def work(self) -> Iterator[None]:
        """Keep collections away in the context, which is one piece of work."""
        with self._working:
            yield
        self._used.set()

    def _watch(self) -> None:
        while self._used.wait():
            for _ in range(self._most):
                self._used.clear()
                if not self._used.wait(self._seconds):
                    break
            with self._working:
                gc.collect()


def skip_final_collection() -> None:
    """Skip the final garbage collection of this process; the system frees its memory.

    Otherwise Python visits every object at exit, which takes a tenth of a small build.
    """
    atexit.register(gc.freeze)
