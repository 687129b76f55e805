"""Ends a server that was started from an icon, some time after its last page was closed.

Every page asks now and then; a browser asks at least once a minute for a page in the background.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp, Receive, Scope, Send

_PAUSE = 5.0
"""Seconds between two looks."""
_LOOKS = 120
"""Looks without a page after which the server ends: ten minutes. While the machine sleeps there are
none, and a page that is opened in vain is given as long.
"""


class Attendance:
    """ASGI middleware that knows how long no page has asked for anything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open = self._looks = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on. One that is being answered, such as a stream, is a page."""
        self._open += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1
            self._looks = 0

    def is_over(self, is_busy: bool) -> bool:
        """Look once; return whether nobody has been there for long. Work counts as somebody."""
        self._looks = 0 if is_busy or self._open else self._looks + 1
        return self._looks >= _LOOKS


@contextmanager
def ending(
    attendance: Attendance,
    is_busy: Callable[[], bool],
    end: Callable[[], object],
    pause: float = _PAUSE,
) -> Iterator[None]:
    """In the context, call `end` once nobody has been there for long."""
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
