"""A volume of many scanned pages: time beside qpdf's, and memory."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks import routes
from benchmarks.applications import scanned_application
from benchmarks.bench import Bench, clear, sjs_forms
from benchmarks.measuring import settle
from benchmarks.race import Contender, absent, commands, race
from benchmarks.results import Case, Row, Target, ratio
from benchmarks.scans import scan_set

OURS = "sjs_forms build, attachments never seen"
KNOWN = "sjs_forms build, attachments in the cache"
QPDF = "qpdf, merging the same files"
UNSEEN, KNOWN_BEFORE, PEAK = 4.0, 2.2, 400.0
"""Times qpdf's, attachments never seen and known; megabytes of all processes."""


def measure(bench: Bench) -> Case:
    """Intake, binding, checking against the plan and all print files, beside a bare merge."""
    scans, application = scanned(bench)
    rows = race(
        [
            _ours(bench, application, OURS, kept=False),
            _ours(bench, application, KNOWN, kept=True),
            _qpdf(bench, scans),
        ],
        bench.sizes.slow_runs,
    )
    ours, known, merged = rows
    sizes = bench.sizes
    mega = sum(path.stat().st_size for path in scans) / 1e6
    fact = f"{len(scans)} files, {sizes.scan_files * sizes.scan_pages} pages, {mega:.0f} MB."
    targets = (
        Target("never seen: of qpdf's time", ratio(ours, merged), UNSEEN, "×"),
        Target("never seen: peak of all processes", _peak(ours), PEAK, "MB"),
        Target("in the cache: of qpdf's time", ratio(known, merged), KNOWN_BEFORE, "×"),
        Target("in the cache: peak of all processes", _peak(known), PEAK, "MB"),
    )
    return Case("scans", rows, targets, facts=(fact,))


def scanned(bench: Bench) -> tuple[tuple[Path, ...], Path]:
    """The files of the scan set, and the application folder that has them for attachments."""
    sizes = bench.sizes
    name = f"scans-{sizes.scan_files}x{sizes.scan_pages}"
    scans = scan_set(bench.scratch / name, sizes.scan_files, sizes.scan_pages)
    return scans, scanned_application(bench.scratch / f"{name}-application", scans)


def _peak(row: Row) -> float | None:
    return row.memory.tree / 1e6 if row.memory and row.memory.tree is not None else None


def _ours(bench: Bench, application: Path, name: str, *, kept: bool) -> Contender:
    out, cache = bench.scratch / "scans-out", bench.scratch / "scans-cache"

    def ready() -> None:
        clear(out)  # known: by the contender before, which left its cache
        if not kept:
            clear(cache)
        settle()

    return commands(name, [sjs_forms("build", application, "-o", out, cache=cache)], ready)


def _qpdf(bench: Bench, scans: Sequence[Path]) -> Contender:
    if missing := routes.lacking("qpdf"):
        return absent(QPDF, missing)
    target = bench.scratch / "scans-merged.pdf"
    words = routes.merge_files([str(path) for path in scans], target)

    def ready() -> None:
        target.unlink(missing_ok=True)
        settle()

    return commands(QPDF, [words], ready)
