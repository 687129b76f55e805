"""Servers to test against: in this process by ASGI, or as the command starts them."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from sjs_forms.typesetting.typesetting_process import local_typesetter
from sjs_forms.web.access.guard import Address
from sjs_forms.web.access.keys import Keys
from sjs_forms.web.app import make_app
from sjs_forms.web.workspace.recent_folders import recent, remember
from sjs_forms.web.workspace.workspace import Workspace

PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"
OWN = {"Origin": BASE, "X-SJS-Forms": "1"}
SCREENS = (
    *("/", "/form", "/materials", "/preview", "/stamped"),
    *("/reading", "/import", "/build", "/results"),
)
"""The pages of an open application."""
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
    workspace = Workspace(work, lambda: ended.__setitem__(0, True), local_typesetter)
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium without a window, one for all tests of a process."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield made
        made.close()


@dataclass
class Shared:
    """A server for all tests of a process: its user's folder, and the cookie of its pages."""

    server: Started
    home: Path
    cookie: Any


@pytest.fixture(scope="session")
def shared(
    browser: Any, opened: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shared]:
    """A server without an application; each test opens its own in it."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(opened, home / "cache", copy_function=os.link)
    server = start(HOME=str(home), XDG_CACHE_HOME=str(home / "cache"))
    try:
        context = browser.new_context()
        context.new_page().goto(server.link)
        yield Shared(server, home, context.storage_state())
        context.close()
    finally:
        stop(server)


@dataclass
class Walk:
    """A page of a running server, and all that the browser complained of."""

    folder: Path
    server: Started
    page: Any
    cache: Path
    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Any) -> Any:
        """Note what the browser complains of on a page."""
        page.set_default_timeout(90_000)
        page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        page.on("console", self._heard)
        return page

    def _heard(self, line: Any) -> None:
        if "Content Security" in line.text:
            self.complaints.append(line.text)

    def goto(self, path: str) -> None:
        """Open a page by its path, also if the one before loads itself anew at that moment."""
        try:
            self.page.goto(f"{self.server.base}{path}")
        except Exception as problem:
            if "ERR_ABORTED" not in str(problem):
                raise
            self.page.goto(f"{self.server.base}{path}")

    def open(self, folder: Path) -> None:
        """Open another application."""
        os.environ["XDG_CACHE_HOME"], before = str(self.cache), os.environ["XDG_CACHE_HOME"]
        try:
            remember(folder)
            chosen = next(each.id for each in recent() if each.path == folder)
        finally:
            os.environ["XDG_CACHE_HOME"] = before
        headers = {"Origin": self.server.base, "X-SJS-Forms": "1"}
        answer = self.page.request.post(
            f"{self.server.base}/api/open", data={"id": chosen}, headers=headers
        )
        assert answer.ok, answer.text()
        self.folder = folder

    def field(self, name: str) -> Any:
        """The control of an answer."""
        return self.page.locator(f'[name="{name}"]')

    def material(self, name: str) -> Any:
        """The section of a material."""
        return self.page.locator(f'[data-material="{name}"]')

    def files(self, material: str) -> list[str]:
        """The files of a material in the order of the page, read at once: it may be renewed."""
        cards = self.material(material).locator("[data-file]")
        return [
            Path(each).name
            for each in cards.evaluate_all("all => all.map(one => one.dataset.file)")
        ]

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so, in the folder for instance."""
        for _ in range(150):
            if is_so():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("what was waited for did not come")

    def saved(self) -> None:
        """Wait until what was typed is saved."""
        self.page.locator("#saved", has_text="已保存").wait_for()


@pytest.fixture
def walk(browser: Any, shared: Shared, minimal: Path) -> Iterator[Walk]:
    """The minimal application, open in a browser; at the end nothing was complained of."""
    context = browser.new_context(accept_downloads=True, storage_state=shared.cookie)
    made = Walk(minimal, shared.server, None, cache=shared.home / "cache")
    made.page = made.watch(context.new_page())
    try:
        made.open(minimal)
        made.goto("/")
        yield made
        assert made.complaints == []
    finally:
        context.close()
