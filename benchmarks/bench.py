"""What every case is given: where to work, how much to measure, and sjs_forms as a command."""

import functools
import shutil
import subprocess
import sys
from dataclasses import dataclass, fields
from pathlib import Path

from benchmarks.applications import copy_sample
from benchmarks.measuring import Command
from benchmarks.pages import Subject, subject_of
from benchmarks.routes import Prepared, prepare


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured: counted runs, files and pages of scans, applications."""

    runs: int = 7
    slow_runs: int = 3
    scan_files: int = 30
    scan_pages: int = 40
    pair: int = 40
    """Applications that one process builds, and then two."""
    many: int = 1000
    """Applications of the long batch."""
    loop: int = 150
    """Builds, one after the other, in one process."""

    def as_dict(self) -> dict[str, int]:
        """By name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


QUICK = Sizes(runs=1, slow_runs=1, scan_files=5, scan_pages=8, pair=4, many=4, loop=4)
"""For a look in passing: the same cases, small, in less than two minutes."""


@dataclass(frozen=True)
class Bench:
    """One run of the benchmarks; `scratch` is a folder outside the repository's own files."""

    scratch: Path
    sizes: Sizes

    @functools.cached_property
    def sample(self) -> Path:
        """A copy of the sample application."""
        return copy_sample(self.scratch / "sample")

    @property
    def cache(self) -> Path:
        """Where the sample's opened attachments lie for the routes that are not timed on them."""
        return self.scratch / "cache"

    @functools.cached_property
    def subject(self) -> Subject:
        """The sample with its attachments opened."""
        return subject_of(self.sample, self.cache)

    @functools.cached_property
    def prepared(self) -> Prepared:
        """The inputs of the other routes, made from the sample."""
        return prepare(self.subject, self.scratch / "routes")

    def fresh(self, name: str) -> Path:
        """An empty folder of this name."""
        folder = self.scratch / name
        clear(folder)
        folder.mkdir(parents=True)
        return folder


def clear(folder: Path) -> None:
    """Remove a folder and all below it, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)


def sjs_forms(*words: str | Path, cache: Path) -> Command:
    """The command line in a process of its own, opened attachments kept in `cache`."""
    told = (sys.executable, "-m", "sjs_forms", *map(str, words))
    return Command(told, {"XDG_CACHE_HOME": str(cache)})


def has_command(name: str) -> bool:
    """Whether this version of sjs_forms has a command of that name."""
    words = [sys.executable, "-m", "sjs_forms", name, "--help"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0
