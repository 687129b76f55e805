"""Disables garbage collection where it would cost time and free nothing."""

import atexit
import gc
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

    For a process that works on one file after the other: collections take a twelfth of its time,
    while hostile files must not fill the memory with cycles.
    """
    gc.set_threshold(20_000, 20, 50)


def skip_final_collection() -> None:
    """Skip the final garbage collection of this process; the system frees its memory.

    Otherwise Python visits every object at exit, which takes a tenth of a small build.
    """
    atexit.register(gc.freeze)
