"""The generated pages of the sample, laid out and painted, beside the forms alone elsewhere."""

from contextlib import ExitStack

from benchmarks import routes
from benchmarks.bench import Bench
from benchmarks.race import Contender, absent, commands, race, staying
from benchmarks.resident import Resident, resident
from benchmarks.results import Case, Row, Target, ratio

OURS = "sjs_forms, second and later in a process"
OFFICE = "LibreOffice, the two Word forms alone"
TYPST = "Typst, second and later in a process"
TYPST_FRESH = "Typst, a process of its own"
CHROMIUM = "Chromium, printing the same HTML"


def measure(bench: Bench) -> Case:
    """Both forms, cover, contents and dividers: 17 pages from the same answers by every route."""
    with ExitStack() as stack:
        ours = stack.enter_context(resident("own-pages", str(bench.sample), str(bench.cache)))
        contenders = [staying(OURS, ours), _office(bench)]
        contenders += _typst(bench, stack)
        contenders.append(_chromium(bench))
        rows = race(contenders, bench.sizes.runs)
    found = {row.name: row for row in rows}
    return Case("pages", rows, _targets(found))


def _targets(found: dict[str, Row]) -> tuple[Target, ...]:
    return (
        Target("of the LibreOffice route's time", ratio(found[OURS], found[OFFICE]), 0.45, "×"),
    )


def _office(bench: Bench) -> Contender:
    if missing := routes.lacking("soffice"):
        return absent(OFFICE, missing)
    return commands(OFFICE, [routes.word_to_pdf(bench.prepared)])


def _typst(bench: Bench, stack: ExitStack) -> list[Contender]:
    if missing := routes.lacking("typst"):
        return [absent(TYPST, missing), absent(TYPST_FRESH, missing)]
    prepared = bench.prepared
    given = (str(bench.sample), str(bench.cache), str(prepared.typst_fonts))
    warm: Resident = stack.enter_context(resident("typst-pages", *given))
    return [staying(TYPST, warm), commands(TYPST_FRESH, [routes.typst_process(prepared)])]


def _chromium(bench: Bench) -> Contender:
    if missing := routes.lacking("chromium"):
        return absent(CHROMIUM, missing)
    return commands(CHROMIUM, routes.html_to_pdf(bench.prepared))
