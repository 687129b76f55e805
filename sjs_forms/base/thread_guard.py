"""Keeps two threads of one process out of the document libraries.

WeasyPrint, PDFium and qpdf as bound to Python crash or hang where two threads use them at once.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from sjs_forms.base.errors import SjsFormsError

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")

_in_use = threading.RLock()
"""Held by the thread that may use them; the libraries belong to the process, and so does this."""


class ThreadConflict(SjsFormsError):
    """A job was called while another thread of the process was at one."""

    def __init__(self) -> None:
        super().__init__(
            "同一个进程里有两个线程同时在处理申报，排版和 PDF 程序库不支持这样使用。",
            "请让每项工作在各自的进程里运行，或等前一项结束再开始。",
        )


def one_thread_only(job: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Decorate a job of the document libraries: it raises ThreadConflict beside another thread's.

    The same thread may call such jobs within each other.
    """

    @wraps(job)
    def guarded(*args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        if not _in_use.acquire(blocking=False):
            raise ThreadConflict
        try:
            return job(*args, **kwargs)
        finally:
            _in_use.release()

    return guarded


@contextmanager
def in_turn() -> Iterator[None]:
    """Use the document libraries for a moment, after whoever uses them now."""
    with _in_use:
        yield
