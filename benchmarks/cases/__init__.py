"""The cases: each asks one question, and says what the answer should be."""

from collections.abc import Callable

from benchmarks.bench import Bench
from benchmarks.cases import batch, cold, loop, overview, pages, scans, session, stages, start, web
from benchmarks.results import Case

CASES: dict[str, Callable[[Bench], Case]] = {
    "pages": pages.measure,
    "cold": cold.measure,
    "start": start.measure,
    "session": session.measure,
    "web": web.measure,
    "scans": scans.measure,
    "loop": loop.measure,
    "batch": batch.measure,
    "overview": overview.measure,
    "stages": stages.measure,
}
"""In the order of docs/performance.md."""
