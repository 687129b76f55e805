"""Measure, show as tables, and keep.

    python -m benchmarks [CASE …] [--quick] [--size NAME=N …] [--scratch FOLDER] [--keep]

Results lie in FOLDER (out/bench), with the page made from them. With --keep they become
benchmarks/results.json and docs/performance.md: all cases anew, or the named ones in place of
those of an earlier run with the same machine, versions and sizes.
"""

import argparse
import compileall
import sys
from dataclasses import replace
from pathlib import Path

import sjs_forms
from benchmarks.bench import QUICK, Bench, Sizes
from benchmarks.cases import CASES
from benchmarks.machine import machine
from benchmarks.measuring import CommandFailed
from benchmarks.page import PAGE, RESULTS, write_page
from benchmarks.results import Results, load, save
from benchmarks.table import tables

SCRATCH = Path(__file__).resolve().parents[1] / "out" / "bench"


def main() -> int:
    """Measure the cases asked for; 1 where one of them failed, the others are kept."""
    asked = _arguments()
    # An installed program is compiled, and the environment may forbid to keep what is compiled.
    compileall.compile_dir(Path(sjs_forms.__file__).parent, quiet=1)
    sizes = replace(QUICK if asked.quick else Sizes(), **dict(asked.size))
    asked.scratch.mkdir(parents=True, exist_ok=True)
    bench = Bench(asked.scratch.resolve(), sizes)
    empty = Results(machine(), sizes.as_dict(), ())
    earlier = _earlier(empty, asked)
    cases = []
    for name in asked.cases or CASES:
        print(f"## {name}\n", flush=True)
        try:
            cases.append(CASES[name](bench))
            print(tables(cases[-1]), end="\n\n", flush=True)
        except CommandFailed as failure:
            print(failure, file=sys.stderr)
    _keep(earlier.joined(replace(empty, cases=tuple(cases))), asked)
    return 0 if len(cases) == len(asked.cases or CASES) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--quick", action="store_true", help="the same, small")
    sizes = ", ".join(f"{name}={count}" for name, count in Sizes().as_dict().items())
    parser.add_argument(
        "--size",
        type=_size,
        action="append",
        default=[],
        metavar="NAME=N",
        help=f"another number of what is measured; in full: {sizes}",
    )
    parser.add_argument("--keep", action="store_true", help="make docs/performance.md of it")
    parser.add_argument("--scratch", type=Path, default=SCRATCH, metavar="FOLDER")
    asked = parser.parse_args()
    if unknown := [name for name in asked.cases if name not in CASES]:
        parser.error(f"no such case: {', '.join(unknown)}; there are {', '.join(CASES)}")
    if asked.keep and asked.quick:
        parser.error("--quick measures too little to be kept")
    return asked


def _size(told: str) -> tuple[str, int]:
    name, _, count = told.partition("=")
    if name not in Sizes().as_dict() or not count.isdecimal() or int(count) < 1:
        raise argparse.ArgumentTypeError(f"{told} is not NAME=N")
    return name, int(count)


def _earlier(empty: Results, asked: argparse.Namespace) -> Results:
    """What the cases measured now join. Ends the program where they cannot, before all work."""
    if not (asked.keep and asked.cases and RESULTS.is_file()):
        return empty
    earlier = load(RESULTS)
    try:
        return earlier.joined(empty)
    except ValueError as problem:
        sys.exit(f"{RESULTS.name}: {problem}; measure all cases.")


def _keep(results: Results, asked: argparse.Namespace) -> None:
    place = RESULTS if asked.keep else asked.scratch / "results.json"
    page = PAGE if asked.keep else asked.scratch / "performance.md"
    save(results, place)
    write_page(results, page)
    print(page)


if __name__ == "__main__":
    sys.exit(main())
