"""A server that was started from an icon ends after its last page."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sjs_forms.web.idle_shutdown import Attendance, ending

_Result = TypeVar("_Result")


def _ran(coroutine: Coroutine[Any, Any, _Result]) -> _Result:
    """The result of a coroutine, run in a thread: a browser of other tests has a loop in this."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


async def _answer(_scope: Any, _receive: Any, _send: Any) -> None:
    await asyncio.sleep(0)


def _looks(attendance: Attendance, is_busy: bool = False) -> int:
    """How often one may look before it is over; 1000 for never."""
    return next((n for n in range(1000) if attendance.is_over(is_busy)), 1000)


def test_it_is_over_ten_minutes_after_the_last_request() -> None:
    attendance = Attendance(_answer)
    assert 100 <= _looks(attendance) <= 200
    scope: Any = {"type": "http"}
    none: Any = None
    _ran(attendance(scope, none, none))
    assert 100 <= _looks(attendance) <= 200


def test_a_page_that_follows_a_job_or_work_without_a_page_keeps_it_alive() -> None:
    async def streamed() -> int:
        waiting = asyncio.Event()

        async def answer(*_: Any) -> None:
            await waiting.wait()

        attendance = Attendance(answer)
        nothing: Any = None
        request = asyncio.create_task(attendance({"type": "http"}, nothing, nothing))
        await asyncio.sleep(0)
        looks = _looks(attendance)
        waiting.set()
        await request
        return looks

    assert _ran(streamed()) == 1000
    assert _looks(Attendance(_answer), is_busy=True) == 1000


def test_the_server_is_told_once() -> None:
    ended = threading.Event()
    with ending(Attendance(_answer), lambda: False, ended.set, pause=0):
        assert ended.wait(10)
