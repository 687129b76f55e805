"""Jobs that pages start, each in a process of its own that can be ended within a second.

A job writes a log. Pages continue to read it where they stopped, so a reload loses nothing.
"""

import contextlib
import json
import secrets
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.processes.child_processes import ask_to_end, end_group, start_child
from sjs_forms.base.processes.isolated_python import python_command, working_folder

JobKind = Literal["build", "draft", "fill", "stamped", "read"]

_START = "from sjs_forms.web.workspace.job_process import run; run()"
_PATIENCE = 5.0
"""Seconds that a job has to end by itself, once it was told to."""
_DIED = {
    "end": "failed",
    "message": "这一次没有做完就中断了。",
    "remedy": "请再试一次；总是这样的，请关闭一些其他程序。",
}
_KEPT = 8
"""Number of ended jobs that are kept."""


class Job:
    """One job and its process. Thread-safe. `said` is notified of each line of the log."""

    def __init__(self, kind: JobKind, order: Mapping[str, Any], revision: str) -> None:
        """Start a job; `revision` is that of the application it is for."""
        self.id = secrets.token_urlsafe(9)
        self.kind, self.revision = kind, revision
        self.log: list[Mapping[str, Any]] = []
        self.said = threading.Condition()
        self._is_cancelled = False
        self._process = start_child(
            python_command(_START),
            cwd=working_folder(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="ascii",
        )
        self.tell(order)
        threading.Thread(target=self._follow, name=f"job {kind}", daemon=True).start()

    def tell(self, order: Mapping[str, Any]) -> None:
        """Send the process an order; ignored if it has ended."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(order, ensure_ascii=True, default=str) + "\n")
            self._process.stdin.flush()

    def _follow(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError, OSError):
            for line in self._process.stdout:
                self._say(json.loads(line))
        self._process.wait()
        if self.end is None:
            self._say({"end": "cancelled"} if self._is_cancelled else _DIED)
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _say(self, line: Mapping[str, Any]) -> None:
        with self.said:
            self.log.append(line)
            self.said.notify_all()

    @property
    def end(self) -> Mapping[str, Any] | None:
        """The last line of the log, once the job has ended; None before."""
        last = self.log[-1] if self.log else {}
        return last if "end" in last else None

    @property
    def is_running(self) -> bool:
        """Whether the job is running."""
        return self.end is None

    def last(self, key: str) -> Any:
        """Return the last value of a key in the log, or None."""
        return next((line[key] for line in reversed(self.log) if key in line), None)

    def lines(self, after: int, timeout: float) -> list[Mapping[str, Any]]:
        """Return the log after the first `after` lines; waits up to `timeout` seconds for one."""
        with self.said:
            self.said.wait_for(lambda: len(self.log) > after, timeout)
            return self.log[after:]

    def cancel(self) -> None:
        """Tell the process to end, and kill it if it does not."""
        self._is_cancelled = True
        if self._process.poll() is None:
            ask_to_end(self._process)
            threading.Thread(target=self._kill_if_running, daemon=True).start()

    def _kill_if_running(self) -> None:
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            end_group(self._process)

    def close(self) -> None:
        """End the process and wait for it."""
        self.cancel()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE + 1)


class Jobs:
    """The jobs of one application: one of each kind at a time, and the last ended ones."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: list[Job] = []
        self._is_closed = False

    def start(self, kind: JobKind, order: Mapping[str, Any], revision: str) -> Job:
        """Start a job; an earlier one of its kind is ended first. Raises UsageFault once closed."""
        with self._lock:
            if self._is_closed:
                raise UsageFault("别的页面已换了一份申报，这一步没有做。", "请刷新页面。")
            for job in self._jobs:
                if job.kind == kind and job.is_running:
                    job.close()
            job = Job(kind, order, revision)
            self._jobs = [*self._jobs, job]
            newest = {each.kind: each for each in self._jobs}.values()
            kept = [*self._jobs[-_KEPT:], *newest]
            self._jobs = [each for each in self._jobs if each in kept or each.is_running]
        return job

    def get(self, job_id: str) -> Job | None:
        """Return the job with this id, or None."""
        return next((job for job in self._jobs if job.id == job_id), None)

    def latest(self, kind: JobKind) -> Job | None:
        """Return the newest job of a kind, or None."""
        return next((job for job in reversed(self._jobs) if job.kind == kind), None)

    def is_running(self, kind: JobKind) -> bool:
        """Return whether the newest job of a kind is running."""
        job = self.latest(kind)
        return job is not None and job.is_running

    def close(self) -> None:
        """End all jobs, for good."""
        with self._lock:
            self._is_closed = True
            for job in self._jobs:
                job.close()


def build_order(place: Path, out: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the order for a build of the application at `place` into `out`."""
    return {"kind": "build", "place": str(place), "out": str(out), "options": dict(options)}
