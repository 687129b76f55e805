"""Servers to test against: in this process by ASGI, or as the command starts them."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from sjs_forms.typesetting.typesetting_process import inside
from sjs_forms.web.app import make_app
from sjs_forms.web.guard import Address
from sjs_forms.web.keys import Keys
from sjs_forms.web.workspace import Workspace

PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"
OWN = {"Origin": BASE, "X-SJS-Forms": "1"}
"""Headers that the page's own writes have."""


@dataclass
class Face:
    """A server in this process, and a client that has come in by its link."""

    keys: Keys
    workspace: Workspace
    client: TestClient
    ended: list[bool]

    def stranger(self) -> TestClient:
        """A client without a cookie."""
        return TestClient(self.client.app, base_url=BASE, follow_redirects=False)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        """A write of the page's own."""
        return self.client.post(path, json=data or {}, headers={**OWN, **headers})

    def state(self) -> Any:
        """What `GET /api/state` gives."""
        return self.client.get("/api/state").json()


@pytest.fixture
def face(minimal: Path, tmp_path: Path) -> Iterator[Face]:
    """A server with the minimal application open."""
    work, ended = tmp_path / "work", [False]
    work.mkdir()
    keys = Keys()
    workspace = Workspace(work, lambda: ended.__setitem__(0, True), inside)
    workspace.open(minimal)
    app = make_app(workspace, Address(("127.0.0.1", "localhost"), PORT), keys)
    client = TestClient(app, base_url=BASE, follow_redirects=False)
    assert client.get(f"/open?t={keys.new_link()}").status_code == 303
    try:
        yield Face(keys, workspace, client, ended)
    finally:
        workspace.close()


@dataclass
class Started:
    """A server as the command starts it."""

    process: "subprocess.Popen[str]"
    link: str

    @property
    def base(self) -> str:
        """Its address without a path."""
        found = re.match(r"http://[^/]+", self.link)
        assert found
        return found[0]


def start(*words: str | Path, **variables: str) -> Started:
    """Start the command and wait for its link."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sjs_forms", "web", *map(str, words), "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **variables},
    )
    assert process.stdout is not None
    return Started(process, process.stdout.readline().strip())


def stop(started: Started) -> int:
    """End a server as SIGTERM does; gives its exit code."""
    started.process.terminate()
    code = started.process.wait(timeout=30)
    assert started.process.stdout is not None
    started.process.stdout.close()
    return code


def written(folder: Path) -> Any:
    """What application.json says."""
    return json.loads((folder / "application.json").read_text(encoding="utf-8"))


def chromium() -> str | None:
    """A Chromium of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)
