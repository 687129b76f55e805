"""A process that stays, and does one job whenever it is asked: for times without process start."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from benchmarks.measuring import CommandFailed, Memory, Timing


class Resident:
    """One such process, running a task of `benchmarks.inside`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.peak = 0

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def ask(self) -> dict[str, Any]:
        """Have the job done once; its answer. Raises CommandFailed."""
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write("go\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self._process.stdout.readline()
        if not line:
            words = " ".join(map(str, self._process.args))  # type: ignore[arg-type]
            raise CommandFailed(f"{words} ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        self.peak = max(self.peak, answer["peak"])
        return answer

    def time(self) -> Timing:
        """Have the job done once, timed inside the process."""
        answer = self.ask()
        return Timing(answer["wall"], answer["cpu"])

    def watch(self) -> Memory:
        """The most memory that the process has held so far, after one job at least."""
        self.ask()
        return Memory(self.peak)


@contextmanager
def resident(*task: str, extra: Mapping[str, str] | None = None) -> Iterator[Resident]:
    """A process that stays until the end of the context."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.inside", *task],
        env={**os.environ, **(extra or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Resident(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()
