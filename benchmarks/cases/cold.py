"""`build` of the whole sample in a process of its own, beside making a merged PDF elsewhere."""

from collections.abc import Callable, Iterator, Sequence

from benchmarks import routes
from benchmarks.bench import Bench, clear, sjs_forms
from benchmarks.measuring import Command
from benchmarks.race import Contender, absent, commands, race, staying
from benchmarks.resident import resident
from benchmarks.results import Case, Target, ratio

OURS = "sjs_forms build, attachments never seen"
KNOWN = "sjs_forms build, attachments in the cache"
WARM = "sjs_forms build, second and later in a process"
OFFICE = "LibreOffice for the two forms, qpdf for the merge"
CHROMIUM = "Chromium for the pages, qpdf for the merge"
TYPST = "Typst for the pages, qpdf for the merge"


def measure(bench: Bench) -> Case:
    """The others make one merged PDF; ours makes all that a print shop needs, and checks it."""
    out, cache = bench.scratch / "warm-out", bench.scratch / "warm-cache"
    extra = {"XDG_CACHE_HOME": str(cache)}
    with resident("whole-build", str(bench.sample), str(out), extra=extra) as process:
        contenders = (
            _ours(bench, OURS, kept=False),
            _ours(bench, KNOWN, kept=True),
            staying(WARM, process),
            *_others(bench),
        )
        rows = race(contenders, bench.sizes.runs)
    found = {row.name: row for row in rows}
    target = Target("of the LibreOffice route's time", ratio(found[OURS], found[OFFICE]), 2.0, "×")
    return Case("cold", rows, (target,))


def _others(bench: Bench) -> Iterator[Contender]:
    prepared = bench.prepared
    first, second = bench.subject.programme.forms

    def merge(before: Sequence[str], after: str) -> Command:
        return routes.merge(prepared, before, [after])

    yield _other(
        OFFICE, "soffice", lambda: (routes.word_to_pdf(prepared), merge([first.id], second.id))
    )
    yield _other(
        CHROMIUM,
        "chromium",
        lambda: (*routes.html_to_pdf(prepared), merge(["pages", first.stem], second.stem)),
    )
    yield _other(
        TYPST,
        "typst",
        lambda: (routes.typst_process(prepared), merge(["volume", first.id], second.id)),
    )


def _ours(bench: Bench, name: str, *, kept: bool) -> Contender:
    out, cache = bench.scratch / "cold-out", bench.scratch / "cold-cache"

    def ready() -> None:
        clear(out)  # known: by the contender before, which left its cache
        if not kept:
            clear(cache)

    return commands(name, [sjs_forms("build", bench.sample, "-o", out, cache=cache)], ready)


def _other(name: str, program: str, words: Callable[[], tuple[Command, ...]]) -> Contender:
    missing = routes.lacking(program, "qpdf")
    return absent(name, missing) if missing else commands(name, words())
