"""Recognises scans of signed and sealed forms; writes nothing."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sjs_forms.base.errors import Refused, UsageFault
from sjs_forms.base.files.plain_files import is_special
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, blocking
from sjs_forms.base.findings.finding_places import FilePlace, MaterialPlace
from sjs_forms.base.findings.remedies import PlainAction
from sjs_forms.base.processes.thread_guard import one_thread_only
from sjs_forms.base.progress import Progress, Stage
from sjs_forms.domain.application import Application
from sjs_forms.domain.checks import check_application, is_gap
from sjs_forms.domain.folder.application_folder import ApplicationFolder
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.seal_rules import unsealed
from sjs_forms.domain.source_facts import SealLook
from sjs_forms.intake import FactsCache, FileRefused, take_in
from sjs_forms.intake.page_drawing import PageDrawing, PageUndrawable
from sjs_forms.intake.process.worker_pool import WorkerPool, Workers
from sjs_forms.jobs.signed_scans.stamped_answers import sealed_answers
from sjs_forms.stamped.filing import FormToFile, scans_already_filed
from sjs_forms.stamped.recognition import (
    BadDecision,
    FormPage,
    Recognised,
    ScanDecision,
    ScanVerdict,
    decision_from,
    verdict_on,
)
from sjs_forms.stamped.scan_pdf import ScanPage
from sjs_forms.stamped.scan_reading import (
    PageRead,
    ScanComparison,
    compare_page,
    form_pages,
    page_read,
)
from sjs_forms.stamped.verdict_findings import (
    Names,
    ScanOrigin,
    awaited,
    findings_of,
    outdated,
    place_of_scan,
    too_many,
)

_MAX_PAGES = 400

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """Options for scans.

    `decisions` are the user's statements on pages, as written (`3=附4-1:2`). `replaces` lets new
    scans replace earlier ones. `password` opens encrypted files.
    """

    decisions: tuple[str, ...] = ()
    replaces: bool = False
    password: str | None = None
    cache: bool = True
    max_pages: int = _MAX_PAGES


@dataclass(frozen=True, slots=True)
class PrintedForms:
    """The generated forms: the appearance of their pages, and their names."""

    references: Mapping[FormPage, PageRead]
    lengths: Mapping[str, int]
    called: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OpenedScans:
    """All scanned pages: their origin, their clean PDF, and whether they have a seal."""

    origins: Mapping[int, ScanOrigin]
    pages: Mapping[int, ScanPage]
    seals: Mapping[int, SealLook]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """Recognised scans; nothing is written yet.

    `decisions` are the statements on pages so far. The scans' clean PDFs are in the given cache and
    must stay there. `applicant` is his number, if the scans were found in a pile of many's.
    """

    programme: Programme
    application: Application
    forms: PrintedForms
    scans: OpenedScans
    looked: Mapping[int, ScanComparison]
    decisions: tuple[ScanDecision, ...]
    verdict: ScanVerdict
    applicant: str = ""

    @property
    def names(self) -> Names:
        """The names of forms and pages."""
        forms = {form.id: form for form in self.programme.forms}
        places = {
            each.form: MaterialPlace(each.id) for each in self.programme.materials if each.form
        }
        return Names(forms, places, self.forms.lengths, self.scans.origins, self.applicant)

    @property
    def is_open(self) -> bool:
        """Whether the user can still decide something: the scans themselves are usable."""
        return not blocking(self.scans.findings)

    def decided(self, decisions: Sequence[str]) -> "Recognition":
        """Return this with further statements on pages, written like `--as` of `stamped`.

        A statement replaces an earlier one on the same page. Raises UsageFault.
        """
        more = _decisions(decisions, self.forms)
        _check_decisions(more, self.scans)
        numbers = {decision.number for decision in more}
        return self.with_decisions(
            [*(decision for decision in self.decisions if decision.number not in numbers), *more]
        )

    def with_decisions(self, decisions: Sequence[ScanDecision]) -> "Recognition":
        """Return this with other statements, and the verdict that follows from them."""
        looks = [page.seen for page in self.looked.values()]
        verdict = verdict_on(looks, self.forms.lengths, decisions)
        return replace(self, decisions=tuple(decisions), verdict=verdict)

    def findings(self, folder: ApplicationFolder, replaces: bool) -> tuple[Finding, ...]:
        """Return all findings before the scans are filed in a folder."""
        if not self.scans.origins:
            return self.scans.findings
        verdict, names = self.verdict, self.names
        return (
            *self.scans.findings,
            *findings_of(verdict, names),
            *_outdated(verdict, self.looked, names),
            *_unsealed(self.programme, verdict, self.scans, names),
            *scans_already_filed(folder, verdict, names, replaces),
            *_awaited(folder, verdict, names),
        )

    def complete(self) -> dict[str, FormToFile]:
        """Return the complete forms, ready to be filed."""
        return {
            form: FormToFile(
                [_upright(self.scans.pages[page.number], page) for page in pages],
                sealed_answers(self.programme, self.application, form, _unlike(pages, self.looked)),
            )
            for form, pages in self.verdict.complete.items()
        }


@one_thread_only
def recognise(
    folder: ApplicationFolder,
    scans: Sequence[Path],
    how: ScanOptions,
    cache: FactsCache,
    progress: Progress,
    pool: WorkerPool | None = None,
) -> Recognition:
    """Recognise every page of these scans. Raises what `file_stamped_scans` raises.

    Processes of `pool` open them, by default of one that ends with the call.
    """
    if pool is None:
        with WorkerPool() as own:
            return recognise(folder, scans, how, cache, progress, own)
    require_files(scans)
    programme, application = understood(folder)
    progress(Stage.TYPESETTING)
    forms = printed_forms(programme, application, progress)
    decisions = _decisions(how.decisions, forms)
    workers = Workers(pool, progress.is_cancelled)
    taken_in = opened_scans(scans, cache, programme, how, progress, workers)
    progress.expect(len(taken_in.pages))
    _check_decisions(decisions, taken_in)
    reads = scan_reads(taken_in, programme.intake, PageDrawing(cache, pool, progress.is_cancelled))
    looked = _look(reads, taken_in, forms, decisions, progress)
    verdict = verdict_on([page.seen for page in looked.values()], forms.lengths, decisions)
    return Recognition(programme, application, forms, taken_in, looked, tuple(decisions), verdict)


def require_files(scans: Sequence[Path]) -> None:
    """Raise before any work if a scan is missing."""
    absent = [scan for scan in scans if not scan.exists()]
    if absent:
        named = "、".join(f"“{FILE}”" for _ in absent)
        raise UsageFault(
            f"没有找到扫描件：{named}。", "请检查文件名（含后缀）和路径是否写对。", *absent
        )
    special = [scan for scan in scans if is_special(scan)]
    if special:
        raise UsageFault(
            f"“{FILE}”不是普通文件（是管道或设备），无法读取。",
            "请先把扫描件存成文件，再给出这个文件。",
            special[0],
        )
    folders = [scan for scan in scans if scan.is_dir()]
    if folders:
        raise UsageFault(f"“{FILE}”是文件夹，不是扫描件。", "请写明其中的文件。", folders[0])


def understood(folder: ApplicationFolder) -> tuple[Programme, Application]:
    """Return the notice and the answers. Raises Refused if the forms cannot be printed so."""
    if folder.programme is None or folder.application is None:
        raise Refused(folder.findings)
    judged = check_application(folder.programme, folder.application, folder.offered, folder.unread)
    findings = (*folder.unread.findings, *judged)
    if wrong := tuple(found for found in blocking(findings) if not is_gap(found)):
        raise Refused(wrong)
    return folder.programme, folder.application


def printed_forms(
    programme: Programme, application: Application, progress: Progress
) -> PrintedForms:
    """Return the pages of the forms as they would be printed now.

    Raises Fault, MachineLacks or Cancelled.
    """
    from sjs_forms.typesetting.typesetter import Cancellable, LocalTypesetter
    from sjs_forms.volume.layout import lay_out_forms

    references: dict[FormPage, PageRead] = {}
    called: dict[str, str] = {}
    typesetter = Cancellable(LocalTypesetter(), progress)
    for made in lay_out_forms(programme, application, typesetter):
        pdf = typesetter.paint(made.layout).result()
        for number, page in enumerate(form_pages(pdf), start=1):
            progress.check()
            references[FormPage(made.form.id, number)] = page
        names = (made.form.number, made.form.title, made.form.id, made.form.number.lstrip("附"))
        called |= dict.fromkeys(names, made.form.id)
    lengths: dict[str, int] = {}
    for place in references:
        lengths[place.form] = max(lengths.get(place.form, 0), place.page)
    return PrintedForms(references, lengths, called)


def _decisions(written: Sequence[str], forms: PrintedForms) -> list[ScanDecision]:
    try:
        decisions = [decision_from(text, forms.called, forms.lengths) for text in written]
    except BadDecision as problem:
        raise UsageFault(f"写明的页有误：{problem}。", PlainAction.ANSWER_BY_PAGE) from None
    numbers = [decision.number for decision in decisions]
    if len(set(numbers)) < len(numbers):
        raise UsageFault("对同一页写明了不止一次。", PlainAction.ANSWER_BY_PAGE)
    return decisions


def _check_decisions(decisions: Sequence[ScanDecision], scans: OpenedScans) -> None:
    beyond = [decision.number for decision in decisions if decision.number not in scans.origins]
    if beyond and not blocking(scans.findings):
        raise UsageFault(
            f"写明的页有误：扫描件共 {len(scans.origins)} 页，没有第 {beyond[0]} 页。",
            PlainAction.ANSWER_BY_PAGE,
        )


def opened_scans(
    scans: Sequence[Path],
    cache: FactsCache,
    programme: Programme,
    how: ScanOptions,
    progress: Progress,
    workers: Workers,
) -> OpenedScans:
    """Open all scans; those that cannot be used become findings.

    Raises Refused if they have more pages than `how` allows.
    """
    origins: dict[int, ScanOrigin] = {}
    pages: dict[int, ScanPage] = {}
    seals: dict[int, SealLook] = {}
    findings: list[Finding] = []
    for done, scan in enumerate(scans):
        progress(Stage.OPENING, done, len(scans))
        path, limits = scan.resolve(), programme.intake
        place = FilePlace(str(scan))
        try:
            facts = take_in(path, str(scan), cache, limits, how.password, workers)
        except FileRefused as problem:
            findings.append(problem.finding.at(place, "盖章扫描件"))
            continue
        findings += [remark.at(place, "盖章扫描件") for remark in facts.remarks]
        for index in range(len(facts.pages)):
            number = len(origins) + 1
            origins[number] = ScanOrigin(str(scan), facts.origin_of(index) + 1)
            pages[number] = ScanPage(facts.clean, index, 0)
            seals[number] = facts.pages[index].seal
    if len(origins) > how.max_pages:
        raise Refused((*findings, too_many(len(origins), how.max_pages)))
    return OpenedScans(origins, pages, seals, tuple(findings))


def _look(
    reads: Iterable[tuple[int, PageRead]],
    scans: OpenedScans,
    forms: PrintedForms,
    decisions: Sequence[ScanDecision],
    progress: Progress,
) -> dict[int, ScanComparison]:
    """Return the comparison of each scanned page with the forms, by its number."""
    decided = {decision.number: decision.page for decision in decisions}
    looked: dict[int, ScanComparison] = {}
    for number, read in reads:
        progress(Stage.RECOGNISING, number - 1, len(scans.origins))
        looked[number] = compare_page(number, read, forms.references, decided.get(number))
    return looked


def scan_reads(
    scans: OpenedScans, limits: IntakeLimits, drawing: PageDrawing
) -> Iterator[tuple[int, PageRead]]:
    """Yield every page, read by a worker, because even a clean PDF may crash PDFium.

    Raises PageUndrawable.
    """
    for number, read in drawable_reads(scans, limits, drawing):
        if read is None:
            raise PageUndrawable(f"扫描件第 {number} 页")
        yield number, read


def drawable_reads(
    scans: OpenedScans, limits: IntakeLimits, drawing: PageDrawing
) -> Iterator[tuple[int, PageRead | None]]:
    """Yield every page as `scan_reads`, None for one that cannot be drawn."""
    for number, page in scans.pages.items():
        try:
            read = page_read(drawing.reading(limits, page.clean, page.index + 1))
        except PageUndrawable:
            _log.warning("page %s of the scans cannot be drawn", number, exc_info=True)
            read = None
        yield number, read


def _outdated(
    verdict: ScanVerdict, looked: Mapping[int, ScanComparison], names: Names
) -> Iterator[Finding]:
    """Yield a warning for each page that shows other answers than the forms now have."""
    for page in verdict.pages:
        if page.state == "placed" and (unlike := _unlike([page], looked)):
            yield outdated(page, unlike, names)


def _unsealed(
    programme: Programme, verdict: ScanVerdict, scans: OpenedScans, names: Names
) -> Iterator[Finding]:
    """Yield a warning for each page that must have the seal and shows none."""
    rules = {rule: rule.material and programme.material(rule.material) for rule in programme.seals}
    wanted = {
        FormPage(material.form, names.lengths[material.form] if rule.at == "last" else 1)
        for rule, material in rules.items()
        if material and material.form
    }
    for page in verdict.pages:
        if page.state == "placed" and page.page in wanted:
            named = f"{names.scan(page.number)}（{names.place(page.page)}）"
            label = names.forms[page.page.form].title
            finding = unsealed(scans.seals[page.number], named, place_of_scan(page, names), label)
            if finding is not None:
                yield finding


def _unlike(pages: Sequence[Recognised], looked: Mapping[int, ScanComparison]) -> tuple[str, ...]:
    """Return the text of the recognised pages that the scans lack; nothing is known of blanks."""
    return tuple(
        text
        for page in pages
        if page.page is not None and page.number in looked
        for text in looked[page.number].unlike.get(page.page, ())
    )


def _awaited(folder: ApplicationFolder, verdict: ScanVerdict, names: Names) -> Iterator[Finding]:
    assert folder.programme is not None
    there = {page.page.form for page in verdict.pages if page.page and page.state == "placed"}
    for material in folder.programme.materials:
        offered = any(item.material == material and item.path for item in folder.offered)
        if material.form and material.form not in there and not offered:
            yield awaited(material.form, names)


def _upright(page: ScanPage, recognised: Recognised) -> ScanPage:
    return replace(page, turn=recognised.turn)
