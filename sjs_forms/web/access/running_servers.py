"""Records this user's running servers, so that a second start finds the first and opens it."""

import http.client
import json
import os
import secrets
import threading
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sjs_forms.web.workspace.recent_folders import state_folder

LINK_PATH = "/api/link"
SECRET_HEADER = "x-sjs-secret"
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class RunningServer:
    """The address of a server, and the secret with which another start requests a link."""

    host: str
    port: int
    secret: str

    def new_link(self) -> str | None:
        """Return a one-time link from the server, or None if it has ended."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        headers = {"Host": f"{self.host}:{self.port}", SECRET_HEADER: self.secret}
        try:
            connection.request("POST", LINK_PATH, headers=headers)
            answer = connection.getresponse()
            if answer.status != 200:
                return None
            token = json.loads(answer.read(4096))["token"]
        except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return link(self.host, self.port, token) if isinstance(token, str) else None


def link(host: str, port: int, token: str) -> str:
    """Return the link that opens the page once."""
    return f"http://{host}:{port}/open?t={token}"


def find(place: Path | None) -> RunningServer | None:
    """Return the recorded server of an application (None: one that has none open), if any."""
    try:
        noted = json.loads(_file(place).read_text(encoding="utf-8"))
        return RunningServer(str(noted["host"]), int(noted["port"]), str(noted["secret"]))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None


def note(place: Path | None, host: str, port: int, secret: str) -> None:
    """Record a server for later starts, readable by this user only; never fails."""
    with suppress(OSError, RuntimeError):
        file = _file(place)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(fresh, flags, 0o600), "w", encoding="utf-8") as stream:
            json.dump({"host": host, "port": port, "secret": secret}, stream)
        fresh.replace(file)


def forget(place: Path | None, secret: str) -> None:
    """Remove the record of this server, unless another has replaced it; never fails."""
    found = find(place)
    if found is not None and found.secret == secret:
        with suppress(OSError, RuntimeError):
            _file(place).unlink()


class ServerRecord:
    """Records a server under the application that is open in it, which pages may change."""

    def __init__(self, host: str, port: int, secret: str) -> None:
        self._server = host, port, secret
        self._place: Path | None = None
        self._lock = threading.Lock()

    def move(self, place: Path | None) -> None:
        """Record the server under an application (None: none is open), and no longer elsewhere.

        Never fails.
        """
        with self._lock:
            if place != self._place:
                forget(self._place, self._server[2])
            self._place = place
            note(place, *self._server)

    def end(self) -> None:
        """Remove the record; never fails."""
        with self._lock:
            forget(self._place, self._server[2])


def _file(place: Path | None) -> Path:
    named = sha256(str(place or "").encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return state_folder() / f"server-{named}.json"
