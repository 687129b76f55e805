"""Time and memory of commands, with all that they start.

Time and memory are taken in different runs: looking at memory often enough to see its peak costs
time itself. `time_commands` only waits; `watch_commands` looks every few milliseconds.
"""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

EVERY = 0.02
"""Seconds from one look at memory to the next."""

LONGEST = 3600.0
"""Seconds after which a command is taken to hang."""


class CommandFailed(Exception):
    """A command ended badly; the text says which, and what it wrote last."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds on the clock, and seconds of all cores (user and system) together."""

    wall: float
    cpu: float

    def __add__(self, other: "Timing") -> "Timing":
        """One after the other."""
        return Timing(self.wall + other.wall, self.cpu + other.cpu)


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes at the worst moment.

    `process` is the largest single process (the kernel's own record, ru_maxrss); `tree` the sum
    over all processes at one moment, every resident page counted, so shared ones several times
    (None where nobody looked); `own` that sum without pages of files and of shared memory, which
    the kernel may drop or which are counted elsewhere.
    """

    process: int
    tree: int | None = None
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """What to run; `extra` is set in its environment besides what is there already."""

    words: tuple[str, ...]
    extra: Mapping[str, str] = field(default_factory=dict)
    accepts: tuple[int, ...] = (0,)
    """Exit codes that count as done."""


def time_commands(commands: Sequence[Command]) -> Timing:
    """Run one after the other; raises CommandFailed."""
    return sum((_timed(command) for command in commands), Timing(0.0, 0.0))


def watch_commands(commands: Sequence[Command]) -> Memory:
    """Run one after the other, looking at memory; raises CommandFailed."""
    seen = [_watched(command) for command in commands]
    return Memory(
        max(memory.process for memory in seen),
        max(memory.tree or 0 for memory in seen),
        max(memory.own or 0 for memory in seen),
    )


def settle() -> None:
    """Let nothing that an earlier run left for the disk be written during the next."""
    if hasattr(os, "sync"):
        os.sync()


def tree_memory(pid: int) -> dict[int, tuple[int, int]]:
    """Of the process and all below it: resident bytes, and those of no file or shared memory."""
    import psutil

    found: dict[int, tuple[int, int]] = {}
    with contextlib.suppress(psutil.Error):
        top = psutil.Process(pid)
        for process in (top, *top.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                memory = process.memory_info()
                found[process.pid] = memory.rss, memory.rss - getattr(memory, "shared", 0)
    return found


@contextlib.contextmanager
def _started(command: Command) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    with tempfile.TemporaryFile() as messages:
        process = subprocess.Popen(
            command.words,
            env={**os.environ, **command.extra},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=messages,
        )
        try:
            yield process, messages
        finally:
            if process.returncode is None:
                process.kill()
                process.wait()


def _timed(command: Command) -> Timing:
    started = time.perf_counter()
    with _started(command) as (process, messages):
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        _judge(command, process, status, messages)
    return Timing(wall, usage.ru_utime + usage.ru_stime)


def _watched(command: Command) -> Memory:
    tree = own = 0
    until = time.monotonic() + LONGEST
    with _started(command) as (process, messages):
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > until:
                raise CommandFailed(f"{' '.join(command.words)}: no end after {LONGEST:.0f} s")
            parts = tree_memory(process.pid).values()
            tree = max(tree, sum(resident for resident, _ in parts))
            own = max(own, sum(private for _, private in parts))
            time.sleep(EVERY)
        _judge(command, process, status, messages)
    largest = usage.ru_maxrss * 1024
    return Memory(largest, max(tree, largest), own)


def _judge(
    command: Command, process: subprocess.Popen[bytes], status: int, messages: IO[bytes]
) -> None:
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode in command.accepts:
        return
    messages.seek(0)
    last = messages.read()[-2000:].decode(errors="replace")
    raise CommandFailed(f"{' '.join(command.words)} ended with {process.returncode}\n{last}")
