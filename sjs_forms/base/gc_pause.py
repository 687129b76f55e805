"""Python's garbage collector, at rest where it would only look and find nothing."""

import atexit
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


def spare_the_last_look() -> None:
    """Have this process end without looking for garbage once more: the system takes all of it.

    Else Python goes through everything that was ever imported or made, a tenth of a small build.
    """
    atexit.register(gc.freeze)
