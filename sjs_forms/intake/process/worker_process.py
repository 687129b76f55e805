"""A worker process: started, queried and killed by the process that owns it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sjs_forms.base.log_lines import level_for_children
from sjs_forms.base.processes.child_logs import Relay
from sjs_forms.base.processes.child_processes import crashed_on_windows, end_group, start_child
from sjs_forms.base.processes.isolated_python import python_command, temporary_variables
from sjs_forms.base.progress import CHECK_INTERVAL, Cancelled
from sjs_forms.intake.process import confinement, landlock, seccomp

_LAST_WORDS = 5
"""Seconds to wait for the end of a process that has closed its output."""

_CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS", "SIGXCPU")
"""Signals that a process causes itself; any other comes from outside."""

_LONGEST = 1 << 29
"""Limit in bytes on an answer."""

START = "from sjs_forms.intake.worker import run; run(int(sys.argv[1]))"
"""The code that the process runs. Its one argument is the level from which it logs."""


class WorkerDied(Exception):
    """Raised if the process ended without an answer. `step` is its last step, `code` its
    exit code.
    """

    def __init__(self, step: str, code: int) -> None:
        super().__init__(step, code)
        self.step = step
        self.code = code

    @property
    def crashed(self) -> bool:
        """Whether it crashed by itself, and was not killed from outside."""
        if sys.platform == "win32":
            return crashed_on_windows(self.code)
        own = {getattr(signal, name, 0) for name in _CRASHES}
        return -self.code in own or (self.code >= 0 and self.step != "")

    @property
    def lost_its_map(self) -> bool:
        """Whether a memory-mapped file could not be read any more."""
        return self.code == -getattr(signal, "SIGBUS", 0)


class WorkerTimeout(Exception):
    """Raised if the process was killed because its time was up."""


class WorkerProcess:
    """A child process that can access only the folder in which it is started."""

    def __init__(self, folder: Path, made: Path, program: str = "") -> None:
        """`made` is the subfolder that it may write to. Raises OSError.

        `program` is the Python code that it runs, by default START.
        """
        command, self._wrapped = _command(folder, made, program or START)
        with Relay(__name__) as self._relay:
            self.process = start_child(
                command,
                cwd=folder,
                env={**os.environ, **temporary_variables(made)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._relay.stderr,
            )
        self.files = 0

    @property
    def lives(self) -> bool:
        """Whether it can be queried."""
        return self.process.poll() is None

    def ask(
        self, request: dict[str, Any], seconds: float, is_cancelled: Callable[[], bool]
    ) -> dict[str, Any]:
        """Send a request and return its final answer.

        Raises WorkerDied, Late or Cancelled, after which the process has ended.
        """
        watch = _Watch(self, max(seconds, 0.1), is_cancelled)
        step = ""
        self.files += 1
        try:
            watch.start()
            self._send(request)
            while (line := self._receive()).endswith(b"\n"):
                answer: dict[str, Any] = json.loads(line)
                if isinstance(answer.get("logged"), int):
                    self._relay.wait_for(answer["logged"])
                elif "step" in answer:
                    step = answer["step"]
                else:
                    return answer
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_LAST_WORDS)  # otherwise `kill` might seem to be the cause
        except BaseException:
            self.kill()
            raise
        finally:
            watch.end()
        self.kill()
        if is_cancelled():
            raise Cancelled
        if watch.is_late:
            raise WorkerTimeout
        raise WorkerDied(step, self._code())

    def _code(self) -> int:
        """Return its exit code; bubblewrap encodes a signal as a shell does."""
        code = self.process.returncode
        return 128 - code if self._wrapped and code > 128 else code

    def _send(self, request: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()

    def _receive(self) -> bytes:
        assert self.process.stdout is not None
        line: bytes = self.process.stdout.readline(_LONGEST)
        return line

    def kill(self) -> None:
        """Kill it and its children, and close its pipes."""
        end_group(self.process)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._relay.end()


class _Watch:
    """A thread that kills a worker when its time is up or its work is cancelled."""

    def __init__(
        self, worker: WorkerProcess, seconds: float, is_cancelled: Callable[[], bool]
    ) -> None:
        self.is_late = False
        self._worker, self._is_cancelled = worker, is_cancelled
        self._until = time.monotonic() + seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def start(self) -> None:
        """Start the thread. Raises RuntimeError if that fails."""
        self._thread.start()

    def end(self) -> None:
        """Stop watching."""
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(min(CHECK_INTERVAL, max(0.0, self._until - time.monotonic()))):
            self.is_late = time.monotonic() >= self._until
            if self.is_late or self._is_cancelled():
                self._worker.kill()
                return


def worker_means() -> tuple[str, ...]:
    """Return how the system confines workers; empty if only Python does (see `sandbox`)."""
    own = (("landlock", landlock), ("seccomp", seccomp))
    found = tuple(name for name, means in own if means.is_supported())
    return ("bubblewrap", *found) if _needs_bubblewrap() else found


def _needs_bubblewrap() -> bool:
    """Return whether a worker cannot hide the disk itself but can be confined from outside."""
    return not landlock.is_supported() and confinement.means() == "bubblewrap"


def _command(folder: Path, made: Path, program: str) -> tuple[list[str], bool]:
    """Return the command that starts a worker, and whether it uses bubblewrap."""
    level = str(level_for_children())
    command = [*python_command(program), level]
    if not _needs_bubblewrap():
        return command, False
    from sjs_forms.intake.process.sandbox import readable_paths

    start = f"import os; os.chdir({str(folder)!r}); {program}"
    command = [*python_command(start), level]
    places = [*readable_paths(), sys.prefix, sys.base_prefix, str(folder)]
    return confinement.confined(command, [Path(name) for name in places], made), True
