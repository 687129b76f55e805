"""Time and memory of commands, with all that they start.

Time and memory are taken in different runs: looking at memory often enough to see its peak costs
time itself. `time_commands` only waits; `watch_commands` looks every few milliseconds.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

EVERY = 0.02
"""Seconds from one look at memory to the next."""

LONGEST = 3600.0
"""Seconds after which a command is taken to hang."""


_LAUNCHER = Path(__file__).with_name("launcher.py")


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
    """Let nothing that an earlier run left for the disk be written during the next.

    For cases that write much; it waits for whatever else the machine has to write, too.
    """
    if hasattr(os, "sync"):
        os.sync()


def tree_memory(pid: int) -> dict[int, tuple[int, int]]:
    """Resident bytes of the process and all below it, and those of no file or shared memory.

    The process itself comes first, its child next.
    """
    import psutil

    found = {pid: (0, 0)}
    with contextlib.suppress(psutil.Error):
        top = psutil.Process(pid)
        for process in (top, *top.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                memory = process.memory_info()
                found[process.pid] = memory.rss, memory.rss - getattr(memory, "shared", 0)
    return found


def _timed(command: Command) -> Timing:
    with _started(command) as (process, messages):
        cost = _cost(command, process, messages)
    return Timing(cost["wall"], cost["cpu"])


def _watched(command: Command) -> Memory:
    seen: list[list[tuple[int, int]]] = []
    _, peak = _looked_at(command, EVERY, seen)
    tree = max((sum(resident for resident, _ in parts) for parts in seen), default=0)
    own = max((sum(private for _, private in parts) for parts in seen), default=0)
    return Memory(peak, max(tree, peak), own)


def sampled(command: Command, every: float) -> tuple[Timing, list[list[int]]]:
    """Time of a long command, and what its processes hold: a list for each look, itself first.

    Raises CommandFailed.
    """
    seen: list[list[tuple[int, int]]] = []
    timing, _ = _looked_at(command, every, seen)
    return timing, [[resident for resident, _ in parts] for parts in seen]


def _looked_at(
    command: Command, every: float, seen: list[list[tuple[int, int]]]
) -> tuple[Timing, int]:
    """Run it, adding to `seen`; its time and the size of its largest process."""
    with _started(command) as (process, messages):
        until = time.monotonic() + LONGEST
        while process.poll() is None and time.monotonic() < until:
            seen.append(list(tree_memory(process.pid).values())[1:])
            time.sleep(every)
        cost = _cost(command, process, messages)
    return Timing(cost["wall"], cost["cpu"]), int(cost["peak"])


@contextlib.contextmanager
def _started(command: Command) -> Iterator[tuple["subprocess.Popen[bytes]", IO[bytes]]]:
    """The launcher of the command, in a group of its own so that all of it can be ended."""
    with tempfile.TemporaryFile() as messages:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_LAUNCHER), *command.words],
            env={**os.environ, **command.extra},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=messages,
            start_new_session=True,
        )
        try:
            yield process, messages
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def _cost(
    command: Command, process: "subprocess.Popen[bytes]", messages: IO[bytes]
) -> dict[str, float]:
    """What the launcher says of the command; raises CommandFailed where it failed or hangs."""
    words = " ".join(command.words)
    try:
        told, _ = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        raise CommandFailed(f"{words}: no end after {LONGEST:.0f} s") from None
    cost: dict[str, float] = json.loads(told) if told else {"code": 127}
    if cost["code"] not in command.accepts:
        messages.seek(0)
        last = messages.read()[-2000:].decode(errors="replace")
        raise CommandFailed(f"{words} ended with {cost['code']:.0f}\n{last}")
    return cost
