"""What every test stands on."""

import compileall
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from sjs_forms.base.resources import package_folder
from sjs_forms.typesetting.font_settings import own_folder
from tests.samples import MINIMAL

settings.register_profile("house", deadline=None, derandomize=True, database=None, max_examples=50)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the package once: thousands of processes are started, and the environment may forbid
    each of them to keep what it compiled."""
    if not hasattr(config, "workerinput"):  # of pytest-xdist, whose processes come later
        compileall.compile_dir(package_folder(), quiet=1)


@pytest.fixture(autouse=True, scope="session")
def own_fonts() -> None:
    """The process's folder for fonts outlives each test, also those with a temporary folder of
    their own."""
    own_folder()


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's cache is never touched."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def minimal(tmp_path: Path) -> Path:
    """A fresh copy of fixtures/minimal."""
    return Path(shutil.copytree(MINIMAL, tmp_path / "某单位"))
