"""Contenders measured in turn, so that whatever the machine does besides hits all alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.measuring import Command, Memory, Timing, time_commands, watch_commands
from benchmarks.resident import Resident
from benchmarks.results import Row, row_of


def _nothing() -> None:
    """No preparation."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One route: how it is timed, how its memory is watched, what is done before, unmeasured.

    `missing` names the program that this machine lacks for it.
    """

    name: str
    time: Callable[[], Timing] | None = None
    watch: Callable[[], Memory] | None = None
    ready: Callable[[], None] = _nothing
    missing: str = ""


def commands(
    name: str, words: Sequence[Command], ready: Callable[[], None] = _nothing
) -> Contender:
    """Commands, one after the other, each a process of its own."""
    return Contender(name, lambda: time_commands(words), lambda: watch_commands(words), ready)


def staying(name: str, process: Resident) -> Contender:
    """A process that stays: its second and later times."""
    return Contender(name, process.time, process.watch)


def absent(name: str, missing: str) -> Contender:
    """A route that this machine has not."""
    return Contender(name, missing=missing)


def race(contenders: Sequence[Contender], runs: int) -> tuple[Row, ...]:
    """Each once to warm up, its memory watched; then all in turn, `runs` times, against the clock.

    Raises CommandFailed.
    """
    memory: dict[str, Memory] = {}
    timings: dict[str, list[Timing]] = {one.name: [] for one in contenders}
    for one in contenders:
        if one.watch is not None:
            one.ready()
            memory[one.name] = one.watch()
    for _ in range(runs):
        for one in contenders:
            if one.time is not None:
                one.ready()
                timings[one.name].append(one.time())
    return tuple(
        Row(one.name, missing=one.missing)
        if one.missing
        else row_of(one.name, timings[one.name], memory.get(one.name))
        for one in contenders
    )
