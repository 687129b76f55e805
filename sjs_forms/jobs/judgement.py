"""Opens the attachments of an application and checks all of it, for all jobs that need this."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sjs_forms.base.errors import Refused
from sjs_forms.base.findings.finding import Finding, blocking, capped
from sjs_forms.base.findings.finding_places import AnswerPlace, FindingPlace
from sjs_forms.base.progress import Progress
from sjs_forms.domain.application import Application
from sjs_forms.domain.checks import check_all, check_application, is_gap
from sjs_forms.domain.checks.notice_rules import needed_files
from sjs_forms.domain.folder.application_folder import (
    ApplicationFolder,
    word_files,
)
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.sources import Gap, Source
from sjs_forms.intake import FactsCache
from sjs_forms.intake.attachment_opening import Opening, cache_of_run
from sjs_forms.intake.process.worker_pool import WorkerPool, WorkersOfJob
from sjs_forms.jobs.options import Options, ReadyApplication


def open_attachments(
    folder: ApplicationFolder, cache: FactsCache, pool: WorkerPool | None = None
) -> Opening:
    """Start opening the attachments. Raises Refused if the notice is unknown."""
    programme, _ = notice_and_answers(folder)
    return Opening(programme, folder.offered, cache, pool)


@dataclass(frozen=True, slots=True)
class JudgedFiles:
    """The opened files of an application and all findings; files can be drawn from the cache."""

    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    cache: FactsCache
    pool: WorkerPool


@contextmanager
def judged_files(
    folder: ApplicationFolder, options: Options, progress: Progress, workers: WorkersOfJob
) -> Iterator[JudgedFiles]:
    """Open the attachments of an application, judge all of it, and keep them for the `with` body.

    Raises Refused if application.json as a whole could not be parsed, and Cancelled.
    """
    with (
        workers() as pool,
        cache_of_run(options.cache) as cache,
        open_attachments(folder, cache, pool) as opening,
    ):
        yield JudgedFiles(*judge_all(folder, opening, progress), cache, pool)


def ready_to_build(
    folder: ApplicationFolder, opening: Opening, options: Options, progress: Progress
) -> ReadyApplication:
    """Check what was read. Raises Refused with all findings if any of them blocks."""
    from sjs_forms.printing.print_job import chosen_stock

    sources, findings = judge_all(folder, opening, progress)
    stopping = [found for found in blocking(findings) if not (options.draft and is_gap(found))]
    if stopping:
        raise Refused(capped(findings))
    programme, application = notice_and_answers(folder)
    chosen_stock(programme, options.stock)
    gaps = tuple(_gaps(programme, sources, findings)) if options.draft else ()
    return ReadyApplication(programme, application, sources, findings, gaps)


def judge_answers(folder: ApplicationFolder) -> tuple[Finding, ...]:
    """Return all findings about the answers that affect the forms."""
    judged = check_application(*notice_and_answers(folder), folder.offered, folder.unread)
    return tuple(found for found in judged if not is_gap(found))


def judge_all(
    folder: ApplicationFolder, opening: Opening, progress: Progress
) -> tuple[tuple[Source, ...], tuple[Finding, ...]]:
    """Return the opened files and all findings. Raises Cancelled."""
    sources, unusable = opening.sources(progress)
    return sources, judge(folder, sources, unusable)


def judge(
    folder: ApplicationFolder, sources: Sequence[Source], unusable: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Return all findings about an application. `unusable` are those from opening its files.

    Raises Refused if application.json as a whole could not be parsed.
    """
    programme, application = notice_and_answers(folder)
    judged = check_all(programme, application, sources, folder.unread)
    changed = _changed_since(folder, sources)
    return (*folder.findings, *judged, *unusable, *_stale(folder), *changed)


def _stale(folder: ApplicationFolder) -> tuple[Finding, ...]:
    """Return warnings about Word forms in the folder; without any, imports nothing for it."""
    found = word_files(folder)
    files = [(name, path) for name, path in found if name not in folder.word_forms]
    if not files or folder.programme is None or folder.application is None:
        return ()
    from sjs_forms.word_import.word_files import stale_forms

    return stale_forms(folder.programme, folder.application, files, folder.unread)


def _changed_since(folder: ApplicationFolder, sources: Sequence[Source]) -> tuple[Finding, ...]:
    """Return warnings about answers on sealed forms; without any, imports nothing for it."""
    if not folder.stamped or folder.programme is None or folder.application is None:
        return ()
    from sjs_forms.jobs.signed_scans.stamped_answers import changed_since

    programme, application = folder.programme, folder.application
    return tuple(changed_since(programme, application, sources, folder.stamped, folder.unread))


def notice_and_answers(folder: ApplicationFolder) -> tuple[Programme, Application]:
    """Return both. Raises Refused if application.json as a whole could not be parsed."""
    if folder.programme is None or folder.application is None:
        raise Refused(folder.findings)
    return folder.programme, folder.application


def _gaps(
    programme: Programme, sources: Sequence[Source], findings: Sequence[Finding]
) -> Iterable[Gap]:
    """Yield a placeholder for each unusable file and each missing document."""
    reasons = {
        _of_file(found.place): found.message for found in findings if found.severity == "error"
    }
    for source in sources:
        if source.facts is None:
            offered = source.offered
            yield Gap(offered.material, offered.title, reasons.get(offered.place, ""))
    offered_materials = {source.offered.material.id for source in sources}
    for material in programme.materials:
        if material.id not in offered_materials and not material.form:
            yield Gap(material, material.title, "缺少此项材料。")
    for found in needed_files(programme, findings):
        needed = programme.needed_file
        yield Gap(programme.material(needed.material), needed.title, found.message)


def _of_file(place: FindingPlace) -> FindingPlace:
    """Return the place of the listed file that a place belongs to, or the place itself."""
    return AnswerPlace(place.steps[:2]) if isinstance(place, AnswerPlace) else place
