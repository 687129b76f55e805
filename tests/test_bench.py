"""The benchmarks' tables say what was measured, whatever was; measuring itself needs no test."""

from pathlib import Path

import pytest

from benchmarks.measuring import Command, CommandFailed, Memory, time_commands
from benchmarks.memory import growth, series
from benchmarks.page import page_text
from benchmarks.race import Contender, absent, race
from benchmarks.results import Case, Grid, Results, Row, Target, load, ratio, save
from benchmarks.stages import ORDER, stage_of
from benchmarks.table import grid_table, routes_table, tables, targets_table

OURS = Row("ours", (0.5, 0.4, 0.9), (0.3, 0.35, 0.3), Memory(90_000_000, 120_000_000, 80_000_000))
THEIRS = Row("theirs", (2.0, 2.2), (1.8, 1.9), Memory(50_000_000))
LACKING = Row("other", missing="Typst")
MACHINE = {"cores": "2"}


def test_ratios_are_of_the_fastest_runs_to_the_first_route() -> None:
    table = routes_table((OURS, THEIRS))
    assert "| ours | 0.400 s | 0.500 s | 0.300 s | 1.00 | 90 MB | 120 MB | 80 MB |" in table
    assert "| theirs | 2.00 s | 2.10 s | 1.80 s | 5.00 | 50 MB | – | – |" in table
    assert ratio(OURS, THEIRS) == pytest.approx(0.2)


def test_a_route_that_is_not_there_is_named_and_leaves_its_targets_open() -> None:
    assert "| other | not installed: Typst |" in routes_table((OURS, LACKING))
    target = Target("of Typst's time", ratio(OURS, LACKING), 2.0, "×")
    assert target.met is None
    assert "| of Typst's time | ≤ 2.00 × | – | not measured |" in targets_table((target,))


def test_a_table_of_nothing_but_missing_routes_is_still_a_table() -> None:
    assert "not installed: Typst" in tables(Case("batch", (LACKING,)))


@pytest.mark.parametrize(
    ("value", "at_least", "met"), [(1.8, True, True), (1.7, True, False), (1.9, False, False)]
)
def test_a_target_is_met_at_its_limit_and_beyond(value: float, at_least: bool, met: bool) -> None:
    assert Target("", value, 1.8, "×", at_least).met is met


def test_columns_that_nobody_fills_are_left_out() -> None:
    assert "largest process" not in routes_table((Row("bare", (1.0,), (1.0,)),))


def test_a_grid_leaves_empty_what_it_does_not_know() -> None:
    grid = Grid("Seconds", ("a", "b"), (("intake", (1.234, None)),))
    assert "| intake | 1.23 |  |" in grid_table(grid)


def test_results_come_back_from_their_file_as_they_were(tmp_path: Path) -> None:
    target = Target("of theirs", 0.2, 0.5, "×")
    grid = Grid("MB", ("1",), (("MB", (10.0,)),))
    case = Case("pages", (OURS, THEIRS, LACKING), (target,), (grid,), ("17 pages.",))
    results = Results(MACHINE, {"runs": 3}, (case,))
    save(results, tmp_path / "results.json")
    assert load(tmp_path / "results.json") == results


def test_cases_measured_later_take_the_place_of_the_same_and_no_other() -> None:
    before = Results(MACHINE, {}, (Case("pages"), Case("cold", (OURS,))))
    after = Results(MACHINE, {}, (Case("pages", (THEIRS,)), Case("scans")))
    joined = before.joined(after)
    assert [case.id for case in joined.cases] == ["pages", "cold", "scans"]
    assert joined.cases[0].rows == (THEIRS,)
    with pytest.raises(ValueError, match="another machine"):
        before.joined(Results({"cores": "8"}, {}, ()))


def test_the_page_is_the_same_from_the_same_results_and_says_what_is_not_measured() -> None:
    results = Results(MACHINE, {}, (Case("pages", (OURS, THEIRS)),))
    page = page_text(results)
    assert page == page_text(results)
    assert "| cores | 2 |" in page
    assert "| theirs |" in page
    assert "Not measured." in page


def test_memory_that_stays_has_no_growth_and_memory_that_leaks_has() -> None:
    loaded = [100.0] * 50
    assert growth([*loaded, *[200.0] * 100]) == pytest.approx(0.0)
    assert (growth([*loaded, *(200.0 + n for n in range(100))]) or 0) > 30
    assert growth([1.0, 2.0]) is None
    assert series("MB", [1.0, 2.0, 3.0]).columns == ("1", "3")


def test_contenders_run_in_turn_after_each_has_warmed_up() -> None:
    told: list[str] = []

    def one(name: str) -> Contender:
        def warm() -> Memory:
            told.append(name.upper())
            return Memory(1)

        from benchmarks.measuring import Timing

        return Contender(name, lambda: told.append(name) or Timing(1.0, 1.0), warm)

    rows = race([one("a"), absent("gone", "qpdf"), one("b")], 2)
    assert told == ["A", "B", "a", "b", "a", "b"]
    assert [len(row.walls) for row in rows] == [2, 0, 2]


def test_a_command_that_fails_is_named_with_what_it_said() -> None:
    with pytest.raises(CommandFailed, match=r"sh -c .* ended with 3\nalas"):
        time_commands([Command(("sh", "-c", "echo alas >&2; exit 3"))])


def test_code_outside_of_any_stage_counts_as_the_rest() -> None:
    import sys

    assert stage_of(sys._getframe()) == ORDER[-1]
