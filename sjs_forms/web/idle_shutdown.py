"""Ends a server that was started from an icon, some time after its last page was closed.

Every open page sends requests regularly; a browser does so at least once a minute for a page in the
background.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp, Receive, Scope, Send

_PAUSE = 5.0
"""Seconds between two checks."""
_LOOKS = 120
"""Checks without a request after which the server ends: ten minutes. None are made while the
machine sleeps. A page that has never been opened is waited for as long.
"""


class Attendance:
    """ASGI middleware that records how long there has been no request from a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open = self._looks = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on. Until it is answered, as with a stream, a page counts as open."""
        self._open += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1
            self._looks = 0

    def is_over(self, is_busy: bool) -> bool:
        """Check once; return whether no page has been open for long. Work counts as a page."""
        self._looks = 0 if is_busy or self._open else self._looks + 1
        return self._looks >= _LOOKS


@contextmanager
def ending(
    attendance: Attendance,
    is_busy: Callable[[], bool],
    end: Callable[[], object],
    pause: float = _PAUSE,
) -> Iterator[None]:
    """Call `end`, during the context, once no page has been open for long."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(pause):
            if attendance.is_over(is_busy()):
                end()
                return

    threading.Thread(target=look, name="attendance", daemon=True).start()
    try:
        yield
    finally:
        over.set()
