"""Folders in which attachments are opened, each the only one that a worker sees."""

import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from sjs_forms.base.output.temporary_folders import PREFIX
from sjs_forms.base.output.work_folders import owned_folder
from sjs_forms.base.progress import never_cancelled
from sjs_forms.intake.process.worker_process import WorkerProcess

_PREFIX = f"{PREFIX}work-"
"""Begins with PREFIX, so that `temporary_folders.sweep` removes folders of killed owners."""

_inherited: list["Workplace"] = []
"""Those of the parent of a fork, kept referenced because a collected one is removed."""


class Workplace:
    """A folder used by one worker at a time: `given` is readable, `made` writable.

    It records its owner and is removed with it. `worker` is the process that works in it, if
    started, and `program` what it runs; `is_cancelled` returns whether the current work was
    cancelled.
    """

    def __init__(self, parent: Path, program: str = "") -> None:
        """Raises OSError if it cannot be created. See `WorkerProcess` for `program`."""
        self.parent, self.program = parent, program
        self.worker: WorkerProcess | None = None
        self.is_cancelled: Callable[[], bool] = never_cancelled
        self._owner = os.getpid()
        self._held = ExitStack()
        self.folder = self._held.enter_context(owned_folder(parent.absolute(), _PREFIX))
        self.given, self.made = self.folder / "given", self.folder / "made"
        self.given.mkdir()
        self.made.mkdir()

    @property
    def mine(self) -> bool:
        """Whether this process made it, and not its parent before a fork."""
        return self._owner == os.getpid()

    def give(self, pdf: Path | bytes, name: str) -> Path:
        """Put a file where the worker reads it; by a second name where the disk allows that.

        Raises OSError.
        """
        source = self.given / name
        if isinstance(pdf, bytes):
            source.write_bytes(pdf)
            return source
        try:
            os.link(pdf, source)
        except OSError:
            shutil.copyfile(pdf, source)
        return source

    def clear(self) -> None:
        """Remove its content. Raises OSError."""
        for folder in (self.given, self.made):
            for path in folder.iterdir():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()

    def close(self) -> None:
        """Remove it, if it is this process's."""
        if self.mine:
            self._held.close()
        else:
            _inherited.append(self)
