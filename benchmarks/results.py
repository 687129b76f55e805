"""What was measured, as values, and as the JSON in which it is kept."""

import json
import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import Memory, Timing


@dataclass(frozen=True, slots=True)
class Row:
    """One route: seconds of each counted run, and the memory of one more.

    `missing` names what this machine has not installed; the rest is empty then.
    """

    name: str
    walls: tuple[float, ...] = ()
    cpus: tuple[float, ...] = ()
    memory: Memory | None = None
    missing: str = ""

    @property
    def best(self) -> float | None:
        """Seconds of the fastest run: the one that the rest of the machine disturbed least."""
        return min(self.walls) if self.walls else None

    @property
    def median(self) -> float | None:
        """Seconds of the run in the middle."""
        return statistics.median(self.walls) if self.walls else None

    @property
    def cpu(self) -> float | None:
        """Seconds of all cores, of the run that took least."""
        return min(self.cpus) if self.cpus else None


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure must come to. `value` is None where a route to it is missing."""

    text: str
    value: float | None
    limit: float
    unit: str
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether it is reached; None where that cannot be said."""
        if self.value is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass(frozen=True, slots=True)
class Grid:
    """Figures in rows and columns, such as seconds by stage; None where there is none."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float | None, ...]], ...]
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class Case:
    """One question and its answer; ratios are to the first row."""

    id: str
    rows: tuple[Row, ...] = ()
    targets: tuple[Target, ...] = ()
    grids: tuple[Grid, ...] = ()
    facts: tuple[str, ...] = ()
    """What was measured, in sentences: counts, sizes."""


def ratio(ours: Row, theirs: Row) -> float | None:
    """How many times as long the fastest run of `ours` took as that of `theirs`."""
    return ours.best / theirs.best if ours.best is not None and theirs.best else None


def difference(ours: Row, theirs: Row) -> float | None:
    """By how many seconds the fastest run of `ours` is slower."""
    known = ours.best is not None and theirs.best is not None
    return ours.best - theirs.best if known else None  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Results:
    """All cases of one machine; `sizes` says how much was measured."""

    machine: Mapping[str, str]
    sizes: Mapping[str, int]
    cases: tuple[Case, ...]

    def joined(self, later: "Results") -> "Results":
        """With the cases of `later` in place of its own. Raises ValueError for other machines."""
        if dict(self.machine) != dict(later.machine) or dict(self.sizes) != dict(later.sizes):
            raise ValueError("measured on another machine, with other versions or other sizes")
        fresh = {case.id: case for case in later.cases}
        kept = tuple(fresh.pop(case.id, case) for case in self.cases)
        return Results(self.machine, self.sizes, (*kept, *fresh.values()))


def save(results: Results, path: Path) -> None:
    """Write as JSON; seconds to the tenth of a millisecond."""
    data = _rounded(asdict(results))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> Results:
    """What `save` wrote."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Results(data["machine"], data["sizes"], tuple(_case(case) for case in data["cases"]))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value


def _case(data: dict[str, Any]) -> Case:
    return Case(
        data["id"],
        tuple(_row(row) for row in data["rows"]),
        tuple(Target(**target) for target in data["targets"]),
        tuple(_grid(grid) for grid in data["grids"]),
        tuple(data["facts"]),
    )


def _row(data: dict[str, Any]) -> Row:
    memory = Memory(**data["memory"]) if data["memory"] else None
    return Row(data["name"], tuple(data["walls"]), tuple(data["cpus"]), memory, data["missing"])


def _grid(data: dict[str, Any]) -> Grid:
    rows = tuple((name, tuple(values)) for name, values in data["rows"])
    return Grid(data["heading"], tuple(data["columns"]), rows, data["decimals"])


def row_of(name: str, timings: list[Timing], memory: Memory | None) -> Row:
    """A row of what was measured."""
    walls = tuple(timing.wall for timing in timings)
    return Row(name, walls, tuple(timing.cpu for timing in timings), memory)
