"""Results as Markdown tables. Pure: the same results give the same text."""

from collections.abc import Sequence

from benchmarks.results import Case, Grid, Row, Target

_HEADINGS = (
    "route",
    "fastest",
    "median",
    "cores' time",
    "× the first",
    "largest process",
    "all processes",
    "thereof own",
)
_NONE = "–"


def tables(case: Case) -> str:
    """All of a case: its facts, its routes, its other figures, its targets."""
    parts = [" ".join(case.facts)]
    if case.rows:
        parts.append(routes_table(case.rows))
    parts += [grid_table(grid) for grid in case.grids]
    if case.targets:
        parts.append(targets_table(case.targets))
    return "\n\n".join(part for part in parts if part)


def routes_table(rows: Sequence[Row]) -> str:
    """A line for each route; ratios are of the fastest runs, to the first row that has one."""
    first = next((row.best for row in rows if row.best), None)
    lines = [_line(row, first) for row in rows]
    kept = [0, *(n for n in range(1, len(_HEADINGS)) if any(line[n] != _NONE for line in lines))]
    return _table(
        [_HEADINGS[n] for n in kept],
        [[line[n] for n in kept] for line in lines],
    )


def grid_table(grid: Grid) -> str:
    """Figures as they are; an empty place where there is none."""
    rows = [
        [name, *(_figure(value, grid.decimals) for value in values)] for name, values in grid.rows
    ]
    return _table([grid.heading, *grid.columns], rows)


def targets_table(targets: Sequence[Target]) -> str:
    """What was to be reached, what came out, and whether it is enough."""
    return _table(
        ["target", "at most or least", "measured", ""],
        [[target.text, _limit(target), _value(target), _verdict(target)] for target in targets],
    )


def _line(row: Row, first: float | None) -> list[str]:
    if row.missing:
        return [row.name, f"not installed: {row.missing}", *[_NONE] * (len(_HEADINGS) - 2)]
    memory = row.memory
    return [
        row.name,
        _seconds(row.best),
        _seconds(row.median),
        _seconds(row.cpu),
        _NONE if row.best is None or not first else f"{row.best / first:.2f}",
        _mega(memory.process if memory else None),
        _mega(memory.tree if memory else None),
        _mega(memory.own if memory else None),
    ]


def _seconds(value: float | None) -> str:
    if value is None:
        return _NONE
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s"


def _mega(value: int | None) -> str:
    return _NONE if value is None else f"{value / 1e6:.0f} MB"


def _figure(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:.{decimals}f}"


def _amount(value: float, unit: str) -> str:
    figure = f"{value:.0f}" if unit == "MB" else f"{value:.2f}"
    return f"{figure} {unit}"


def _limit(target: Target) -> str:
    return f"{'≥' if target.at_least else '≤'} {_amount(target.limit, target.unit)}"


def _value(target: Target) -> str:
    return _NONE if target.value is None else _amount(target.value, target.unit)


def _verdict(target: Target) -> str:
    return {True: "met", False: "**not met**", None: "not measured"}[target.met]


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    ruled = "|---|" + "---:|" * (len(headings) - 1)
    return "\n".join([line(headings), ruled, *map(line, rows)])
