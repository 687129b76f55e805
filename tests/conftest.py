"""What every test stands on."""

import compileall
import gc
import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from sjs_forms.base.processes.processors import SHARE
from sjs_forms.base.resources import package_folder
from sjs_forms.typesetting.font_settings import own_folder
from tests.batches import Here
from tests.samples import MINIMAL, REFUSED, SAMPLE

_NUMBERS = count(1)
_OPEN = """
import sys
from pathlib import Path
from sjs_forms.jobs.pipeline import check
for folder in sys.argv[1:]:
    check(Path(folder))
"""
_ROOMS_ABOVE_INTAKE = ("batch", "cli", "jobs", "portal", "printing", "stamped", "volume", "web")

_LONGEST = (
    *("test_word_and_pdf_alike", "test_whole_job_in_a_browser", "test_office_fields"),
    *("test_html_pages", "test_pile", "test_accessibility", "test_executors"),
)
"""Modules with tests of more than ten seconds."""

settings.register_profile("house", deadline=None, derandomize=True, database=None, max_examples=50)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the package once: thousands of processes are started, and the environment may forbid
    each of them to keep what it compiled."""
    if not hasattr(config, "workerinput"):  # of pytest-xdist, whose processes come later
        compileall.compile_dir(package_folder(), quiet=1)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Keep what pytest compiles of the tests, and take what is collected out of garbage collection:
    thousands of tests, none of them garbage, which each look for garbage would look at."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    try:
        _import_a_share(session.config)
        return (yield)
    finally:
        sys.dont_write_bytecode = before
        gc.collect()
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests: one of them that is begun last keeps a single process busy.

    End with those that look at Office documents, but for one: the first of them has all documents
    converted, and the others would wait for it.
    """
    papers = [item for item in items if item.get_closest_marker("papers") is not None]
    later = {item.nodeid for item in papers[1:]}
    items.sort(key=lambda item: (item.nodeid in later, item.path.stem not in _LONGEST))


def _import_a_share(config: pytest.Config) -> None:
    """Import some of the tests in each of pytest-xdist's processes, before all import all of them:
    rewriting assertions takes longest, and each finds what the others have rewritten."""
    worker = getattr(config, "workerinput", None)
    if worker is None or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    number, folder = int(worker["workerid"].removeprefix("gw")), Path(__file__).parent
    for path in sorted(folder.rglob("test_*.py"))[number :: worker["workercount"]]:
        with suppress(Exception, pytest.skip.Exception):  # told when the tests are collected
            importlib.import_module(".".join(path.relative_to(folder.parent).with_suffix("").parts))


@pytest.fixture(autouse=True, scope="session")
def own_fonts() -> None:
    """The process's folder for fonts outlives each test, also those with a temporary folder of
    their own."""
    own_folder()


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's cache in which the attachments of the fixtures have been opened:
    once for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    done, making = run / "opened", run / "opening"
    with FileLock(run / "opened.lock"):
        if not done.exists():
            variables = {**os.environ, "XDG_CACHE_HOME": str(making)}
            folders = map(str, (MINIMAL, SAMPLE, REFUSED / "bad-email"))
            subprocess.run([sys.executable, "-c", _OPEN, *folders], env=variables, check=True)
            making.rename(done)
    return done


@pytest.fixture(scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the caches of all tests. One among those of the tests themselves would be
    looked for anew by each: there are thousands."""
    return tmp_path_factory.mktemp("caches")


def _set_up(request: pytest.FixtureRequest, patch: pytest.MonkeyPatch) -> None:
    """Give what requests this a cache of its own, so that the user's is never touched.

    In the rooms above intake the cache has what is opened already, unless the mark is `opens`, and
    there is one processor, unless the mark `processors` says how many: tests run beside each other,
    and a build of one test would start processes that serve nobody else. So a batch builds in this
    process as well. The mark `above_intake` sets up a test of another room likewise.
    """
    cache: Path = request.getfixturevalue("caches") / str(next(_NUMBERS))
    room = request.path.relative_to(Path(__file__).parent).parts[0]
    marks = {mark.name: mark for mark in reversed(list(request.node.iter_markers()))}
    above_intake = room in _ROOMS_ABOVE_INTAKE or "above_intake" in marks
    if above_intake and "opens" not in marks:
        shutil.copytree(request.getfixturevalue("opened"), cache, copy_function=os.link)
    if "processors" in marks:
        patch.setenv(SHARE, str(marks["processors"].args[0]))
    elif above_intake:
        patch.setenv(SHARE, "1")
        patch.setattr("sjs_forms.batch.batch_run.LocalExecutor", Here)
        patch.setattr(os, "fsync", lambda _: None)
    patch.setenv("XDG_CACHE_HOME", str(cache))


@pytest.fixture(autouse=True, scope="module")
def shared_settings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Settings for the fixtures of a module."""
    with pytest.MonkeyPatch.context() as patch:
        _set_up(request, patch)
        yield


@pytest.fixture(autouse=True)
def own_settings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings for a test."""
    _set_up(request, monkeypatch)


@pytest.fixture
def minimal(tmp_path: Path) -> Path:
    """A fresh copy of fixtures/minimal."""
    return Path(shutil.copytree(MINIMAL, tmp_path / "某单位"))
