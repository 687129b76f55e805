"""Python's garbage collector, at rest while a mass of objects is made and none of it is garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No garbage collection within; as it was before, afterwards.

    For a whole job, whose parts make a great many objects and let go of hardly any (a layout, a PDF
    taken apart and put together): looking for garbage among them again and again takes longer the
    more there are. Around each part by itself it would gain little, for Python looks at all that
    was made as soon as it may. Objects no longer referred to are freed all the same.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
