"""docs/performance.md, made from the results and a hand-written template.

python -m benchmarks.page          makes it anew from benchmarks/results.json
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.measuring import EVERY
from benchmarks.results import Results, load
from benchmarks.table import tables

_HERE = Path(__file__).resolve().parent
RESULTS = _HERE / "results.json"
PAGE = _HERE.parent / "docs" / "performance.md"


def page_text(results: Results) -> str:
    """The page; a case that was not measured says so."""
    made = Environment(
        loader=FileSystemLoader(_HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    known = {case.id: tables(case) for case in results.cases}
    return made.get_template("performance.md.j2").render(
        machine=results.machine,
        sizes=results.sizes,
        every=round(EVERY * 1000),
        table=lambda case: known.get(case, "Not measured."),
    )


def write_page(results: Results, target: Path) -> None:
    """Write the page of these results."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page_text(results), encoding="utf-8")


if __name__ == "__main__":
    write_page(load(RESULTS), PAGE)
    print(PAGE)
