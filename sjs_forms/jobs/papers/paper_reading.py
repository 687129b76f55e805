"""Reads what the attachments say, and compares it with the answers: `read` and `check --read`."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sjs_forms.base.errors import Refused
from sjs_forms.base.findings.finding import Finding, capped, warning
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.findings.finding_places import WHOLE, FilePlace
from sjs_forms.base.findings.remedies import PlainAction, several
from sjs_forms.base.progress import Progress, Stage, quiet
from sjs_forms.base.system_errors import as_own_error
from sjs_forms.domain.answers.answer_values import value_at
from sjs_forms.domain.application import Application
from sjs_forms.domain.folder.application_folder import ApplicationFolder, read_folder
from sjs_forms.domain.places import place_of
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.reading_rules import Compared, PaperKind, ReadingRule
from sjs_forms.domain.sources import Source
from sjs_forms.intake import FactsCache, FileRefused
from sjs_forms.intake.file_remarks import ranges_of
from sjs_forms.intake.page_drawing import PageDrawing
from sjs_forms.intake.photographs.straightened_pages import PROGRAM, Photographer
from sjs_forms.intake.process.worker_pool import WorkerPool, Workers, WorkersOfJob
from sjs_forms.jobs.judgement import judged_files, notice_and_answers
from sjs_forms.jobs.options import PLAIN, Options
from sjs_forms.jobs.papers.reading_snippets import Snippet, snippets
from sjs_forms.reading.checks.comparison import Answer, Paper, comparisons
from sjs_forms.reading.checks.comparison_findings import ReadLine, finding_of, line_of
from sjs_forms.reading.checks.paper_faults import invoices_twice, material_faults, page_faults
from sjs_forms.reading.kinds import HEAD, kind_of
from sjs_forms.reading.page_text import PageText
from sjs_forms.reading.process.reading_process import PageReader, ReadingMeans
from sjs_forms.reading.rules import audit, facts_of

_log = logging.getLogger(__name__)

_NAMED = 5
"""Papers that a message names."""
MAX_PAGES = 12
"""Pages at the head of an attachment that are looked at and recognised (of an audit report
`audit.HEAD`); what is compared stands there.
"""
MAX_TEXT_PAGES = 100
"""Pages at the head of an attachment whose text layer is read."""


@dataclass(frozen=True, slots=True)
class UnreadPaper:
    """An attachment with pages, from 1, that were not read; all of them if `is_whole`.

    `is_compared` says that what is compared was read all the same, further ahead.
    """

    title: str
    pages: tuple[int, ...]
    is_whole: bool
    is_compared: bool

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"“{self.title}”" + ("" if self.is_whole else ranges_of(self.pages))


@dataclass(frozen=True)
class PapersRead:
    """What the papers of an application say.

    `findings` are warnings; `lines` the comparisons, also those that agree and those that could
    not be read. `means` says what this machine can read, and `unread` which pages were not.
    """

    papers: tuple[Paper, ...]
    lines: tuple[ReadLine, ...]
    findings: tuple[Finding, ...]
    means: ReadingMeans
    unread: tuple[UnreadPaper, ...] = ()


def read_papers(
    place: Path,
    options: Options = PLAIN,
    progress: Progress = quiet,
    show: Callable[[Snippet], None] | None = None,
) -> tuple[tuple[Finding, ...], PapersRead]:
    """Return the findings of `check` about an application, and what its papers say.

    `show` is given a picture of each place that findings speak of. Raises Refused if the answers
    cannot be read at all, and Cancelled.
    """
    progress(Stage.READING)
    return _read(read_folder(place), options, progress, WorkerPool, show)


def _read(
    folder: ApplicationFolder,
    options: Options,
    progress: Progress,
    workers: WorkersOfJob,
    show: Callable[[Snippet], None] | None = None,
) -> tuple[tuple[Finding, ...], PapersRead]:
    with judged_files(folder, options, progress, workers) as judged:
        read = papers_of(folder, judged.sources, judged.cache, progress)
        if show is not None:
            drawing = PageDrawing(judged.cache, judged.pool, progress.is_cancelled)
            for snippet in snippets(folder, judged.sources, read.findings, drawing):
                show(snippet)
        return judged.findings, read


def check_reading(
    place: Path, options: Options = PLAIN, progress: Progress = quiet
) -> tuple[Finding, ...]:
    """Return every finding about an application, also those of its papers. Raises Cancelled.

    Where the answers cannot be read at all, papers are not read either.
    """
    progress(Stage.READING)
    return check_folder_reading(read_folder(place), options, progress)


def check_folder_reading(
    folder: ApplicationFolder,
    options: Options = PLAIN,
    progress: Progress = quiet,
    workers: WorkersOfJob = WorkerPool,
) -> tuple[Finding, ...]:
    """Return what `check_reading` returns about an application that was read. Raises Cancelled."""
    try:
        return with_reading(*_read(folder, options, progress, workers))
    except Refused as refused:
        return refused.findings


def with_reading(findings: Sequence[Finding], read: PapersRead) -> tuple[Finding, ...]:
    """Return the findings of `check` with those of its papers; what both tell is told once."""
    doubted = {_file(found) for found in findings if found.has(Trait.DOUBT | Trait.MISSING)}
    told = (
        found for found in read.findings if not (found.has(Trait.DOUBT) and _file(found) in doubted)
    )
    return capped((*findings, *told, *_unread(read)))


def _unread(read: PapersRead) -> Iterator[Finding]:
    """Yield a warning that names the papers that were not compared."""
    unread = [paper for paper in read.unread if not paper.is_compared]
    if not unread:
        return
    names = "、".join(paper.name for paper in unread[:_NAMED])
    more = "等" if len(unread) > _NAMED else ""
    install = () if read.means.scans else (PlainAction.INSTALL_READER,)
    yield warning(
        "read-unread",
        WHOLE,
        "核对材料",
        f"有 {len(unread)} 份材料没有读出或没有读完，没读的没有核对：{names}{more}。",
        several("请打开这些材料，自己与表上核对。", *install),
    )


def _file(found: Finding) -> str:
    """Return the place of a finding's file, without the page."""
    place = found.place
    return place.path if isinstance(place, FilePlace) else str(place)


def papers_of(
    folder: ApplicationFolder,
    sources: Sequence[Source],
    cache: FactsCache,
    progress: Progress = quiet,
) -> PapersRead:
    """Return what the opened attachments say. Raises Refused and Cancelled."""
    programme, application = notice_and_answers(folder)
    limits = programme.intake
    with (
        PageReader(cache, limits, progress.is_cancelled) as reader,
        WorkerPool(PROGRAM) as pool,
    ):
        photographer = Photographer(cache, limits, Workers(pool, progress.is_cancelled))
        readers = _Readers(reader, photographer)
        papers = tuple(_papers(programme, sources, readers, progress))
        means = reader.means
    lines: list[ReadLine] = []
    findings: list[Finding] = []
    for rule in programme.reading:
        own = [paper for paper in papers if paper.material == rule.material]
        compared = tuple(comparisons(_answers(programme, application, rule), own))
        lines += map(line_of, compared)
        findings += filter(None, map(finding_of, compared))
        findings += material_faults(rule, own)
    findings += invoices_twice(papers)
    for paper in papers:
        findings += page_faults(paper)
    unread = tuple(_unread_paper(paper) for paper in papers if paper.unread_pages)
    return PapersRead(papers, tuple(lines), capped(findings), means, unread)


def _unread_paper(paper: Paper) -> UnreadPaper:
    missing = paper.unread_pages
    is_audit = paper.kind == "audit" and bool(paper.says("company") and paper.says("year"))
    is_compared = is_audit and not {*missing} & {*paper.bound[: audit.HEAD]}
    return UnreadPaper(paper.title, missing, len(missing) == len({*paper.bound}), is_compared)


@dataclass(frozen=True, slots=True)
class _Readers:
    """What reads the pages of papers, and what looks for photographs among them."""

    pages: PageReader
    photographs: Photographer


def _papers(
    programme: Programme, sources: Sequence[Source], readers: _Readers, progress: Progress
) -> Iterator[Paper]:
    wanted = {rule.material for rule in programme.reading}
    usable = [
        source
        for source in sources
        if source.facts is not None and source.pages and source.offered.material.id in wanted
    ]
    for done, source in enumerate(usable):
        progress(Stage.RECOGNISING, done, len(usable))
        yield _paper(source, readers)
    progress(Stage.RECOGNISING, len(usable), len(usable))


def _paper(source: Source, readers: _Readers) -> Paper:
    """Read the first of the pages that are bound."""
    assert source.facts is not None
    offered, bound = source.offered, tuple(index + 1 for index in source.pages)
    pages, kind = _pages(source.facts.clean, bound, readers.pages)
    return Paper(
        offered.file,
        offered.title,
        offered.material.id,
        offered.place,
        pages,
        kind,
        facts_of(kind, pages) if kind else (),
        tuple(source.facts.pages[index].seal for index in source.pages),
        offered.rotate,
        _photographs(source, readers.photographs),
        bound,
    )


def _pages(
    clean: Path, bound: Sequence[int], reader: PageReader
) -> tuple[tuple[PageText, ...], PaperKind | None]:
    """Read a paper's pages as far as its kind asks for, and return them with that."""
    head = tuple(map(PageText, reader.read_pages(clean, bound[:HEAD])))
    kind = kind_of(head)
    looked_at = audit.HEAD if kind == "audit" else MAX_PAGES
    further = (
        *reader.read_pages(clean, bound[HEAD:looked_at]),
        *reader.read_text_layers(clean, bound[looked_at:MAX_TEXT_PAGES]),
    )
    return (*head, *map(PageText, further)), kind


def _photographs(source: Source, photographer: Photographer) -> tuple[int, ...]:
    """Return the pages, from 1, that can be straightened and are not to be yet."""
    assert source.facts is not None
    if source.offered.straighten:
        return ()
    try:
        found = photographer.photographs(source.facts, source.pages[:MAX_PAGES])
    except FileRefused:
        _log.warning("photographs could not be looked at", exc_info=True)
        return ()
    except OSError as problem:
        raise as_own_error(problem) from problem
    return tuple(source.facts.origin_of(at) + 1 for at in found.outlined)


def _answers(
    programme: Programme, application: Application, rule: ReadingRule
) -> Mapping[Compared, Answer]:
    """Return the answers that a rule names and that are given."""
    found: dict[Compared, Answer] = {}
    for what, path in rule.answers.items():
        place = place_of(path)
        value = value_at(application, place)
        if value not in (None, ""):
            found[what] = Answer(place, programme.fields.label_of(place), _text(value))
    return found


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
