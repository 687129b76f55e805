"""The job of `batch --stamped`: recognises one pile of scans, and files each applicant's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sjs_forms.base.errors import Refused, UsageFault
from sjs_forms.base.findings.finding import Finding, blocking
from sjs_forms.base.progress import Progress, Stage
from sjs_forms.batch.batch_folder import alone_in, numbered
from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.batch.sources.combined_sources import read_sources
from sjs_forms.batch.sources.own_scans import OwnScans, own_scans, recover_own_scans, with_own_scans
from sjs_forms.batch.stamped_pile.pile_calls import (
    PileCall,
    PileDecision,
    calls_on,
    pile_decision,
    place_in_pile,
)
from sjs_forms.batch.stamped_pile.pile_filing import (
    FiledApplicant,
    file_applicant,
    filing_place,
    recognition_of,
)
from sjs_forms.batch.stamped_pile.pile_list import write_list
from sjs_forms.batch.stamped_pile.pile_pages import PilePages, read_pages
from sjs_forms.batch.stamped_pile.pile_result import PileResult
from sjs_forms.batch.stamped_pile.pile_wording import (
    blank_pages,
    by_order,
    open_finding,
    question,
)
from sjs_forms.batch.stamped_pile.printed_applicants import (
    PrintedApplicant,
    PrintedApplicants,
    print_applicants,
)
from sjs_forms.intake.attachment_opening import cache_of_run
from sjs_forms.intake.page_drawing import PageDrawing
from sjs_forms.intake.process.worker_pool import WorkerPool, Workers
from sjs_forms.jobs.signed_scans.scan_questions import Ask
from sjs_forms.jobs.signed_scans.scan_recognition import (
    OpenedScans,
    Recognition,
    ScanOptions,
    drawable_reads,
    opened_scans,
    require_files,
)
from sjs_forms.stamped.recognition import ScanDecision
from sjs_forms.stamped.verdict_findings import Names

_MAX_PAGES = 3_000
"""Pages of one pile."""


def file_pile(
    sources: Sequence[Path],
    out: Path,
    scans: Sequence[Path],
    how: ScanOptions,
    progress: Progress,
    ask: Ask | None = None,
    programme_id: str | None = None,
) -> PileResult:
    """Recognise the pages of a pile by applicant and form, and file them, each applicant's whole.

    For an open page `ask` is called; without it the page is a blocking finding. What is filed, open
    and missing is listed in the output folder. Raises UsageFault for sources, scans or statements
    that cannot be used, OutputUnwritable, Refused for too many pages, and Cancelled.
    """
    require_files(scans)
    progress(Stage.READING)
    rows = read_sources(sources, out, progress.is_cancelled, programme_id)
    with alone_in(out) as state, cache_of_run(how.cache) as cache, WorkerPool() as pool:
        recover_own_scans(out)
        rows, _ = with_own_scans(numbered(rows, state), out)
        own, _ = own_scans(rows, out)
        printed = print_applicants(rows, progress)
        _require_anyone(printed)
        limits = next(iter(printed.known.values())).programme
        how = replace(how, max_pages=_MAX_PAGES)
        opened = opened_scans(
            scans, cache, limits, how, progress, Workers(pool, progress.is_cancelled)
        )
        if wrong := blocking(opened.findings):
            raise Refused(wrong)  # the numbers of pages would mean others once it is mended
        progress.expect(len(opened.pages))
        count = len(opened.origins)
        said = [pile_decision(text, printed.known, count) for text in how.decisions]
        drawing = PageDrawing(cache, pool, progress.is_cancelled)
        reads = drawable_reads(opened, limits.intake, drawing)
        pages = read_pages(printed.gallery, reads, count, progress)
        pile = Pile(rows, printed, opened, pages)
        calls = pile.calls(_once(said))
        if ask is not None and not blocking(opened.findings):
            calls = pile.asked(calls, _once(said), ask)
        progress(Stage.PUBLISHING)
        result = pile.filed(calls, out, own, how.replaces)
        write_list(out, result)
    progress.finish()
    return result


def _require_anyone(printed: PrintedApplicants) -> None:
    if not printed.known:
        raise UsageFault(
            "没有一家的表可以排印，无从辨认扫描件。",
            "请先用 sjs-forms batch --check 看各家的填写内容要改正什么。",
        )


def _once(said: Sequence[PileDecision]) -> list[PileDecision]:
    numbers = [each.decision.number for each in said]
    if len(set(numbers)) < len(numbers):
        raise UsageFault("--as 对同一页写了不止一次。", "请每页只留一个。")
    return list(said)


@dataclass(frozen=True, slots=True)
class Pile:
    """A pile that was read; nothing is written yet."""

    rows: tuple[SourceRow, ...]
    printed: PrintedApplicants
    scans: OpenedScans
    pages: PilePages

    def calls(self, said: Sequence[PileDecision]) -> tuple[PileCall, ...]:
        """Return whose page each is."""
        files = {number: origin.file for number, origin in self.scans.origins.items()}
        return calls_on(self.pages, files, self.printed.everyone, said)

    def names(self, calls: Sequence[PileCall]) -> dict[int, Names]:
        """Return the names for messages about each applicant."""
        return {number: each.names for number, each in self._recognised(calls).items()}

    def asked(
        self, calls: Sequence[PileCall], said: Sequence[PileDecision], ask: Ask
    ) -> tuple[PileCall, ...]:
        """Ask about every open page. An answer of None ends the questions."""
        told, names, everyone = list(said), self.names(calls), self.printed.everyone
        for call in calls:
            if not call.is_open:
                continue
            answer = _answer(call, question(call, names, everyone), self.printed.known, ask)
            if answer is None:
                break
            told.append(answer)
        return self.calls(told)

    def filed(
        self,
        calls: tuple[PileCall, ...],
        out: Path,
        own: Mapping[int, OwnScans],
        replaces: bool,
    ) -> PileResult:
        """File every applicant's forms that are complete and beyond doubt."""
        seen = self._recognised(calls)
        names = {number: each.names for number, each in seen.items()}
        open_pages = [call for call in calls if call.is_open]
        doubts = {
            call.number: open_finding(call, names, self.printed.everyone) for call in open_pages
        }
        findings = (*self.scans.findings, *_blanks(calls, names))
        filed: dict[int, FiledApplicant] = {}
        for number in self.printed.known:
            each = seen[number]
            if blocking(self.scans.findings):
                filed[number] = FiledApplicant(number, each)
                continue
            his = [doubts[call.number] for call in open_pages if number in call.likely]
            place = filing_place(self.printed.known[number].row, out, own)
            made = file_applicant(place, each, his, replaces)
            filed[number] = replace(
                made, findings=(*made.findings, *_by_order(calls, number, each))
            )
        refused = self.printed.refused
        return PileResult(self.rows, calls, filed, refused, findings, doubts, names)

    def _recognised(self, calls: Sequence[PileCall]) -> dict[int, Recognition]:
        return {
            number: recognition_of(each, calls, self.pages, self.scans)
            for number, each in self.printed.everyone.items()
        }


def _by_order(calls: Sequence[PileCall], number: int, seen: Recognition) -> list[Finding]:
    his = [call for call in calls if call.applicant == number and call.ground == "order"]
    return [by_order(his, seen.names)] if his else []


def _blanks(calls: Sequence[PileCall], names: Mapping[int, Names]) -> list[Finding]:
    blank = [call.number for call in calls if call.ground == "blank"]
    return [blank_pages(blank, next(iter(names.values())))] if blank else []


def _answer(
    call: PileCall, text: str, known: Mapping[int, PrintedApplicant], ask: Ask
) -> PileDecision | None:
    asked = text
    while (answer := ask(asked)) is not None:
        plain = answer.strip()
        page = call.page.page
        if plain.lower() in ("y", "yes", "是") and call.applicant in known and page is not None:
            return PileDecision(call.applicant, ScanDecision(call.number, page, call.page.turn))
        if plain.lower() in ("n", "no", "否", "不用"):
            return PileDecision(None, ScanDecision(call.number, None))
        try:
            return place_in_pile(call.number, plain, known)
        except UsageFault as problem:
            asked = f"{problem.message}{text}"
    return None
