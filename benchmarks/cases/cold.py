"""`build` of the whole sample in a process of its own, beside making a merged PDF elsewhere."""

from collections.abc import Callable

from benchmarks import routes
from benchmarks.bench import Bench, clear, sjs_forms
from benchmarks.measuring import Command
from benchmarks.race import Contender, absent, commands, race
from benchmarks.results import Case, Target, ratio

OURS = "sjs_forms build, attachments never seen"
KNOWN = "sjs_forms build, attachments in the cache"
OFFICE = "LibreOffice for the two forms, qpdf for the merge"
CHROMIUM = "Chromium for the pages, qpdf for the merge"
TYPST = "Typst for the pages, qpdf for the merge"


def measure(bench: Bench) -> Case:
    """The others make one merged PDF; ours makes all that a print shop needs, and checks it."""
    prepared = bench.prepared
    forms = bench.subject.programme.forms
    ids = [form.id for form in forms]
    stems = [form.stem for form in forms]
    merge = routes.merge
    contenders = [
        _ours(bench, OURS, kept=False),
        _ours(bench, KNOWN, kept=True),
        _other(
            OFFICE,
            "soffice",
            lambda: (routes.word_to_pdf(prepared), merge(prepared, ids[:1], ids[1:])),
        ),
        _other(
            CHROMIUM,
            "chromium",
            lambda: (
                *routes.html_to_pdf(prepared),
                merge(prepared, ["pages", stems[0]], stems[1:]),
            ),
        ),
        _other(
            TYPST,
            "typst",
            lambda: (
                routes.typst_process(prepared),
                merge(prepared, ["volume", ids[0]], ids[1:]),
            ),
        ),
    ]
    rows = race(contenders, bench.sizes.runs)
    found = {row.name: row for row in rows}
    target = Target("of the LibreOffice route's time", ratio(found[OURS], found[OFFICE]), 1.0, "×")
    return Case("cold", rows, (target,))


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
