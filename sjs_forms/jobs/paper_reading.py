"""Reads what the attachments say, and compares it with the answers: `read` and `check --read`."""

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
from sjs_forms.domain.answers.answer_values import value_at
from sjs_forms.domain.application import Application
from sjs_forms.domain.folder.application_folder import ApplicationFolder, read_folder
from sjs_forms.domain.places import place_of
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.reading_rules import Compared, ReadingRule
from sjs_forms.domain.sources import Source
from sjs_forms.intake import FactsCache
from sjs_forms.intake.page_drawing import PageDrawing
from sjs_forms.intake.process.worker_pool import WorkerPool, WorkersOfJob
from sjs_forms.jobs.judgement import judged_files, notice_and_answers
from sjs_forms.jobs.options import PLAIN, Options
from sjs_forms.jobs.reading_snippets import Snippet, snippets
from sjs_forms.reading.comparison import Answer, Paper, comparisons
from sjs_forms.reading.comparison_findings import ReadLine, finding_of, line_of
from sjs_forms.reading.kinds import kind_of
from sjs_forms.reading.page_text import PageText
from sjs_forms.reading.paper_faults import invoices_twice, material_faults, page_faults
from sjs_forms.reading.reading_process import PageReader, ReadingMeans
from sjs_forms.reading.rules import facts_of

_NAMED = 5
"""Papers that a message names."""
MAX_PAGES = 12
"""Pages at the head of an attachment that are read; what is compared stands there."""


@dataclass(frozen=True)
class PapersRead:
    """What the papers of an application say.

    `findings` are warnings; `lines` the comparisons, also those that agree and those that could
    not be read. `means` says what this machine can read, and `unread` names attachments of which
    a page could not be read.
    """

    papers: tuple[Paper, ...]
    lines: tuple[ReadLine, ...]
    findings: tuple[Finding, ...]
    means: ReadingMeans
    unread: tuple[str, ...] = ()


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
    if not read.unread:
        return
    names = "、".join(f"“{title}”" for title in read.unread[:_NAMED])
    more = "等" if len(read.unread) > _NAMED else ""
    install = () if read.means.scans else (PlainAction.INSTALL_READER,)
    yield warning(
        "read-unread",
        WHOLE,
        "核对材料",
        f"有 {len(read.unread)} 份材料没有读出文字，没有核对：{names}{more}。",
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
    with PageReader(cache, programme.intake, progress.is_cancelled) as reader:
        papers, means = tuple(_papers(programme, sources, reader, progress)), reader.means
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
    unread = tuple(paper.title for paper in papers if not paper.is_read)
    return PapersRead(papers, tuple(lines), capped(findings), means, unread)


def _papers(
    programme: Programme, sources: Sequence[Source], reader: PageReader, progress: Progress
) -> Iterator[Paper]:
    wanted = {rule.material for rule in programme.reading}
    usable = [
        source
        for source in sources
        if source.facts is not None and source.pages and source.offered.material.id in wanted
    ]
    for done, source in enumerate(usable):
        progress(Stage.RECOGNISING, done, len(usable))
        yield _paper(source, reader)
    progress(Stage.RECOGNISING, len(usable), len(usable))


def _paper(source: Source, reader: PageReader) -> Paper:
    """Read the first of the pages that are bound."""
    assert source.facts is not None
    chosen = source.pages[:MAX_PAGES]
    readings = reader.read_pages(source.facts.clean, [index + 1 for index in chosen])
    pages = tuple(map(PageText, readings))
    kind = kind_of(pages)
    offered = source.offered
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
    )


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
