"""A server of `sjs-forms web` and what a browser asks of it, to be timed from outside."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psutil

from benchmarks.measuring import CommandFailed

_PATIENCE = 120.0
_LOOK = 0.02


@dataclass
class WebServer:
    """A running server and the cookie of its page."""

    process: "subprocess.Popen[str]"
    host: str
    cookie: str

    def get(self, path: str) -> bytes:
        """The body of an answer. Raises CommandFailed for anything but success."""
        return self._ask("GET", path, None)

    def post(self, path: str, data: Any) -> Any:
        """The answer to a write of the page's own."""
        return json.loads(self._ask("POST", path, json.dumps(data).encode()))

    def upload(self, material: str, file: Path) -> Any:
        """Send a file for a material, piece by piece as a browser does."""
        path = f"/api/files?material={quote(material)}&name={quote(file.name)}"
        with file.open("rb") as body:
            return json.loads(self._ask("POST", path, body, file.stat().st_size))

    def state(self) -> Any:
        """What `GET /api/state` gives."""
        return json.loads(self.get("/api/state"))

    def events(self, job: str) -> Iterator[Any]:
        """The log of a job, line by line until its end."""
        connection = http.client.HTTPConnection(self.host, timeout=_PATIENCE)
        connection.request("GET", f"/api/jobs/{job}/events", headers={"Cookie": self.cookie})
        for line in connection.getresponse():
            if line.startswith(b"data: "):
                said = json.loads(line[6:])
                yield said
                if "end" in said:
                    break
        connection.close()

    def until(self, is_so: Callable[[Any], bool]) -> Any:
        """Wait for a state. Raises CommandFailed where it does not come."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            state = self.state()
            if is_so(state):
                return state
            time.sleep(_LOOK)
        raise CommandFailed("sjs-forms web: what was waited for did not come")

    def _ask(self, method: str, path: str, body: Any, size: int | None = None) -> bytes:
        connection = http.client.HTTPConnection(self.host, timeout=_PATIENCE)
        headers = {"Cookie": self.cookie, "Origin": f"http://{self.host}", "X-SJS-Forms": "1"}
        if size is not None:
            headers["Content-Length"] = str(size)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        if answer.status != 200:
            raise CommandFailed(f"sjs-forms web: {method} {path} gave {answer.status}")
        return data

    def own_megabytes(self) -> float:
        """Resident memory of the server's own process."""
        return float(psutil.Process(self.process.pid).memory_info().rss / 1e6)

    def megabytes(self) -> tuple[float, float]:
        """Resident memory of the server's own process, and of all its processes.

        Of all, what several share counts once where the system says so (PSS, on Linux).
        """
        own = psutil.Process(self.process.pid)
        every = [own, *own.children(recursive=True)]
        return own.memory_info().rss / 1e6, sum(map(_share, every)) / 1e6


def _share(process: psutil.Process) -> int:
    found = process.memory_full_info()
    return int(getattr(found, "pss", found.rss))


@contextmanager
def serving(folder: Path, cache: Path) -> Iterator[tuple[WebServer, float]]:
    """Start a server for an application; yields it and the seconds until its form was there."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "sjs_forms", "web", str(folder), "--no-browser"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
    )
    try:
        assert process.stdout is not None
        link = urlsplit(process.stdout.readline().strip())
        connection = http.client.HTTPConnection(link.netloc, timeout=_PATIENCE)
        connection.request("GET", f"{link.path}?{link.query}")
        cookie = str(connection.getresponse().getheader("set-cookie")).partition(";")[0]
        connection.close()
        server = WebServer(process, link.netloc, cookie)
        server.get("/form")
        yield server, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()
