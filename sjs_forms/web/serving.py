"""Serves the pages on this machine: one server for an application, opened by a one-time link."""

import socket
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.concurrency import run_in_threadpool

from sjs_forms.base.errors import MachineLacks, UsageFault
from sjs_forms.base.output.temporary_folders import temporary_folder
from sjs_forms.domain.folder.application_folder import APPLICATION_FILE
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.web.access import running_servers
from sjs_forms.web.access.guard import Address
from sjs_forms.web.access.keys import Keys
from sjs_forms.web.app import make_app
from sjs_forms.web.idle_shutdown import Attendance, ending
from sjs_forms.web.workspace.workspace import Workspace

_LOOPBACK = "127.0.0.1"
_FIRST_PORT = 8765
"""The port that is tried first, so that addresses stay the same from one start to the next."""


@dataclass(frozen=True, slots=True)
class WebOptions:
    """Options of the server. `port` None means a free one, `host_name` is another host name.

    A server that `ends_alone` ends some time after its last page was closed. New applications
    answer the notice `programme_id`, unless another is chosen on the page.
    """

    port: int | None = None
    host_name: str | None = None
    ends_alone: bool = False
    programme_id: str | None = None


def serve(place: Path | None, options: WebOptions, opened: Callable[[str], None]) -> None:
    """Serve an application, or the choice of one, until the server is ended.

    `opened` is called with the one-time link once the server accepts requests. If a server for the
    same application is running, it is called with a link to that one, and this call returns. Raises
    UsageFault if there is no application or the port is taken.
    """
    place = place.resolve() if place is not None else None
    if place is not None and place.name == APPLICATION_FILE:
        place = place.parent
    running = running_servers.find(place)
    known = running.new_link() if running else None
    if known is not None:
        opened(known)
        return
    if options.programme_id is not None:
        load_programme(options.programme_id)
    with temporary_folder() as work:
        _serve(place, options, opened, work)


def _serve(
    place: Path | None, options: WebOptions, opened: Callable[[str], None], work: Path
) -> None:
    keys = Keys()
    with _listening(options.port) as listening:
        port = listening.getsockname()[1]
        named = options.host_name or _LOOPBACK
        address = Address(tuple(dict.fromkeys((named, _LOOPBACK, "localhost"))), port)
        record = running_servers.ServerRecord(named, port, keys.secret)
        workspace = Workspace(
            work,
            lambda: setattr(server, "should_exit", True),
            programme_id=options.programme_id,
            changed=record.move,
        )
        attendance = Attendance(make_app(workspace, address, keys))
        config = uvicorn.Config(
            attendance,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        server = _Server(
            config,
            lambda: opened(running_servers.link(named, port, keys.new_link())),
            lambda: workspace.jobs.close(),
        )
        try:
            if place is None:
                record.move(None)
            else:
                workspace.open(place)
            alone = ending(attendance, workspace.is_busy, workspace.end)
            with (
                alone if options.ends_alone else nullcontext(),
                suppress(KeyboardInterrupt),  # uvicorn has ended by then, and raises it again
            ):
                server.run([listening])
        finally:
            record.end()
            workspace.close()


class _Server(uvicorn.Server):
    """Calls `ready` once requests are answered, and `ending` before it waits for the last ones.

    The response to a page that follows a job lasts until the job has ended.
    """

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready, self._ending = ready, ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept requests, then call `ready`."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the jobs that pages follow, then wait for the last responses."""
        await run_in_threadpool(self._ending)
        await super().shutdown(sockets)


def _alone_on_a_port() -> tuple[int, int]:
    """Return the socket option with which a port has one server, also just after another.

    On Windows SO_REUSEADDR lets several programs listen on a port at once.
    """
    exclusive: int | None = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
    return (socket.SO_REUSEADDR, 1) if exclusive is None else (exclusive, 1)


def _listening(port: int | None) -> socket.socket:
    """Return a listening socket on the loopback address, on that port or a free one."""
    for tried in [port] if port is not None else [_FIRST_PORT, 0]:
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, *_alone_on_a_port())
        try:
            bound.bind((_LOOPBACK, tried))
            bound.listen(128)
        except OSError:
            bound.close()
            continue
        return bound
    if port is not None:
        raise UsageFault(f"端口 {port} 已被别的程序占用。", "请换一个，或不写端口。")
    raise MachineLacks("本机开不了网络端口。", "请检查安全软件是否拦住了本机自己的连接。")
