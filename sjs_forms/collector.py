"""Python's garbage collector, sent to rest while objects are made in masses."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No garbage collection within: for work that makes a mass of objects and lets go of few.

    Looking for garbage among them, again and again, takes a tenth of the time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
