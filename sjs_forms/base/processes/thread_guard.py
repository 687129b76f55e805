"""Keeps two threads of a process from using the document libraries at the same time.

WeasyPrint and PDFium are not thread-safe: three threads that build at once crash or hang.
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sjs_forms.base.errors import SjsFormsError

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")

_in_use = threading.RLock()
"""Held by the thread that uses them. It is global because the libraries are."""


class ThreadConflict(SjsFormsError):
    """Raised if a job is called while another thread of the process runs one."""

    def __init__(self) -> None:
        super().__init__(
            "同一个进程里有两个线程同时在处理申报，排版和 PDF 程序库不支持这样使用。",
            "请让每项工作在各自的进程里运行，或等前一项结束再开始。",
        )


def one_thread_only(job: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Decorate a job that uses the document libraries: raises ThreadConflict if another thread
    is running one. Within a thread, jobs may call each other.
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
