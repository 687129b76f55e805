"""The jobs check, fill, plan and build. Each follows the drawing in docs/architecture.md."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sjs_forms.base.errors import Refused
from sjs_forms.base.findings.finding import Finding, blocking, capped, warning
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.findings.remedies import RunJob
from sjs_forms.base.libraries.openpyxl_loader import load_openpyxl
from sjs_forms.base.manifest import MANIFEST, Manifest
from sjs_forms.base.output.output_folder import (
    put_outputs,
    refuse_foreign,
    swap_folder,
    work_folder,
)
from sjs_forms.base.processes.thread_guard import one_thread_only
from sjs_forms.base.progress import Progress, Stage, quiet
from sjs_forms.domain.answers.answer_values import has_answers
from sjs_forms.domain.application import Application
from sjs_forms.domain.checks import is_gap
from sjs_forms.domain.folder.application_folder import (
    ApplicationFolder,
    read_folder,
)
from sjs_forms.domain.programme import Form, Programme
from sjs_forms.domain.sources import Source
from sjs_forms.intake.attachment_opening import Opening, cache_of_run
from sjs_forms.intake.process.worker_pool import WorkerPool, WorkersOfJob
from sjs_forms.jobs.judgement import (
    judge_all,
    judge_answers,
    judged_files,
    notice_and_answers,
    open_attachments,
    ready_to_build,
)
from sjs_forms.jobs.options import PLAIN, Options, ReadyApplication
from sjs_forms.typesetting.typesetter import Cancellable
from sjs_forms.typesetting.typesetting_process import Typesetting, typesetter_of_job
from sjs_forms.volume.built_folder import VOLUME
from sjs_forms.volume.sections import sections

if TYPE_CHECKING:
    from sjs_forms.jobs.binding.volume_files import Binder, BoundVolume
    from sjs_forms.printing.print_job import PrintJob
    from sjs_forms.printing.reprint import Reprint
    from sjs_forms.typesetting.typesetter import Typesetter
    from sjs_forms.volume.binding_plan import BindingPlan, Edition, Section
    from sjs_forms.volume.layout import LaidOutForm, PendingForm, Volume


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The result of a build from `sources`: the volumes, usually one, in `folder`."""

    folder: Path
    sources: tuple[Source, ...]
    volumes: tuple["BoundVolume", ...]

    @property
    def plan(self) -> "BindingPlan":
        """The plan of the first volume."""
        return self.volumes[0].plan

    @property
    def job(self) -> "PrintJob":
        """The print job of the first volume."""
        return self.volumes[0].job

    @property
    def reprint(self) -> "Reprint | None":
        """The first volume's comparison with an earlier build, if one was given."""
        return self.volumes[0].reprint

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, each once."""
        return tuple(dict.fromkeys(found for volume in self.volumes for found in volume.findings))


def check(place: Path, options: Options = PLAIN, progress: Progress = quiet) -> tuple[Finding, ...]:
    """Return every finding about an application at once. Raises Cancelled."""
    progress(Stage.READING)
    return check_folder(read_folder(place), options, progress)


def check_folder(
    folder: ApplicationFolder,
    options: Options = PLAIN,
    progress: Progress = quiet,
    workers: WorkersOfJob = WorkerPool,
) -> tuple[Finding, ...]:
    """Return every finding about an application that was read. Raises Cancelled."""
    if folder.programme is None or folder.application is None:
        return folder.findings
    with judged_files(folder, options, progress, workers) as judged:
        return capped(judged.findings)


@one_thread_only
def fill(place: Path, out: Path, progress: Progress = quiet) -> tuple[Finding, ...]:
    """Write the notice's forms as Word and PDF into `out`; returns the warnings.

    Only the answers are checked, because scans of the forms come later. Without any answers, the
    forms are blank. Raises Cancelled.
    """
    progress(Stage.READING)
    return fill_folder(read_folder(place), out, progress)


def fill_folder(
    folder: ApplicationFolder, out: Path, progress: Progress = quiet
) -> tuple[Finding, ...]:
    """Write the forms of an application that was read; see `fill`."""
    programme, application = notice_and_answers(folder)
    findings = (*folder.unread.findings, *_judge_form_answers(folder))
    if blocking(findings):
        raise Refused(capped(findings))
    from sjs_forms.typesetting.typesetter import LocalTypesetter
    from sjs_forms.volume.layout import lay_out_forms

    progress(Stage.TYPESETTING)
    typesetter = Cancellable(LocalTypesetter(), progress)
    forms = lay_out_forms(programme, application, typesetter)
    files = _word_files(programme, application, progress)
    files |= {f"{one.form.stem}.pdf": typesetter.paint(one.layout).result() for one in forms}
    progress(Stage.PUBLISHING)
    kept = put_outputs(files.items(), out)
    progress.finish()
    return (*findings, *(_kept_finding(name) for name in kept))


def _kept_finding(name: str) -> Finding:
    return warning(
        "output-kept",
        WHOLE,
        "输出文件",
        f"原有的同名文件不是本软件生成的，或生成后被改动过，已改名保留为“{name}”。",
        RunJob("改动过的 Word 表格，可用{}读回；不再需要的请删去。", ("import",)),
    )


@one_thread_only
def plan(
    place: Path, options: Options = PLAIN, progress: Progress = quiet
) -> tuple["BindingPlan", tuple[Finding, ...]]:
    """Return the planned volume and the warnings; writes nothing. Raises Cancelled."""
    progress(Stage.READING)
    with typesetter_of_job() as given, cache_of_run(options.cache) as cache:
        typesetter = Cancellable(given, progress)
        folder = read_folder(place)
        with open_attachments(folder, cache) as opening:
            ordered = _ordered_forms(folder, opening, progress, typesetter)
            forms = tuple(one.laid_out() for one in ordered)
            ready = ready_to_build(folder, opening, options, progress)
        progress(Stage.TYPESETTING)
        from sjs_forms.jobs.binding.volume_files import job_of
        from sjs_forms.volume.layout import lay_out_volume

        made = lay_out_volume(
            ready.programme,
            ready.application,
            _sections(ready, forms),
            typesetter,
            ready.gaps,
            _edition(options),
        ).plan
    return made, job_of(ready, made, options)[1]


def build(
    place: Path,
    out: Path,
    options: Options = PLAIN,
    progress: Progress = quiet,
    typesetting: Typesetting = typesetter_of_job,
) -> BuildResult:
    """Build the application at `place`: see build_application."""
    progress(Stage.READING)
    with typesetting() as typesetter:  # it starts while the folder is read
        folder = read_folder(place)
        return build_application(folder, out, options, progress, lambda: nullcontext(typesetter))


@one_thread_only
def build_application(
    folder: ApplicationFolder,
    out: Path,
    options: Options = PLAIN,
    progress: Progress = quiet,
    typesetting: Typesetting = typesetter_of_job,
    workers: WorkersOfJob = WorkerPool,
) -> BuildResult:
    """Write everything for print shop and portal into `out`, as a whole or not at all.

    Several volumes get a folder each (第一册 …), with a manifest of its own. `typesetting` creates
    the typesetter, `workers` the pool that opens attachments; the job enters and leaves both.
    Raises Refused with all findings if any of them blocks, and Cancelled; nothing of the build is
    left then.
    """
    refuse_foreign(out)
    if options.since is not None:
        Manifest.read(options.since)
    with (
        typesetting() as given,
        cache_of_run(options.cache) as cache,
        work_folder(out) as work,
    ):
        typesetter = Cancellable(given, progress)
        with workers() as pool, open_attachments(folder, cache, pool) as opening:
            ordered = _ordered_forms(folder, opening, progress, typesetter)
            programme, application = notice_and_answers(folder)
            for name, data in _word_files(programme, application, progress).items():
                (work / name).write_bytes(data)
            _import_what_binds()
            forms = tuple(one.laid_out() for one in ordered)
            painted = {made.form: typesetter.paint(made.layout) for made in forms}
            ready = ready_to_build(folder, opening, options, progress)
        progress(Stage.TYPESETTING)
        from sjs_forms.jobs.binding.volume_files import Binder
        from sjs_forms.volume.layout import start_volumes

        whole, most = _sections(ready, forms), _most_sheets(ready, options)
        laid_out = start_volumes(
            programme, application, whole, typesetter, ready.gaps, _edition(options), most
        )
        pdfs = _written(painted, work)
        with _packing(ready, work, options, progress) as completed:
            binder = Binder(ready, completed, options, typesetter, progress)
            bound = [_bound(binder, volume, pdfs, work) for volume in laid_out()]
            if len(bound) > 1:
                _write_manifest_of_volumes(completed(), work, bound, progress)
        progress(Stage.PUBLISHING)
        swap_folder(work, out)
    progress.finish()
    return BuildResult(out, ready.sources, tuple(bound))


def _import_what_binds() -> None:
    """Import the modules of the later stages, while other processes set type and open files."""
    from sjs_forms.pdf.pypdf_names import quiet_pypdf

    quiet_pypdf()  # before the others import pypdf with all that it can use
    import pypdfium2  # noqa: F401

    import sjs_forms.jobs.binding.volume_files
    import sjs_forms.portal  # noqa: F401

    load_openpyxl()


def _bound(
    binder: "Binder", volume: "Volume", forms: Mapping[str, bytes], work: Path
) -> "BoundVolume":
    """Bind a volume into its own folder of `work`, or into `work` if there is one volume."""
    place = work / volume.plan.edition.ordinal
    place.mkdir(exist_ok=True)
    return binder.bind(volume, forms, place)


@contextmanager
def _packing(
    ready: ReadyApplication, work: Path, options: Options, progress: Progress
) -> Iterator[Callable[[], ReadyApplication]]:
    """Write the portal's zip while the `with` body runs.

    Yields a function that blocks until it is done and returns `ready` with its findings and digest.
    """
    from sjs_forms.portal import PORTAL, Submission, packing

    submission = Submission(
        ready.programme, ready.application, ready.sources, ready.gaps, options.draft
    )

    with packing(submission, work, progress) as packed:

        def completed() -> ReadyApplication:
            made = packed()
            findings = (*ready.findings, *made.findings)
            return replace(ready, findings=findings, digests={PORTAL: made.sha256})

        yield completed


def _edition(options: Options) -> "Edition":
    from sjs_forms.volume.binding_plan import Edition

    return Edition(options.draft, options.dividers)


def _sections(ready: ReadyApplication, forms: Sequence["LaidOutForm"]) -> tuple["Section", ...]:
    pages = {made.form.id: made.layout.pages for made in forms}
    return sections(ready.programme, ready.sources, pages, ready.gaps)


def _most_sheets(ready: ReadyApplication, options: Options) -> int | None:
    """Return the maximum sheets of a volume; None if there must be one, however thick."""
    if not options.split:
        return None
    from sjs_forms.printing.print_job import chosen_stock
    from sjs_forms.printing.spine import most_sheets

    rules = ready.programme.print
    stock = chosen_stock(ready.programme, options.stock)
    return most_sheets(stock, rules.cover, rules.spine)


def _write_manifest_of_volumes(
    ready: ReadyApplication, work: Path, bound: Sequence["BoundVolume"], progress: Progress
) -> None:
    """Write the manifest of a folder with several volumes."""
    from sjs_forms.jobs.binding.build_manifest import manifest_of_volumes
    from sjs_forms.jobs.binding.volume_files import files_in

    known = {f"{volume.plan.edition.ordinal}/{VOLUME}": volume.sha256 for volume in bound}
    known |= ready.digests
    data = manifest_of_volumes(
        ready.programme,
        ready.application,
        ready.sources,
        files_in(work, known, progress),
        [(volume.plan, volume.job) for volume in bound],
        ready.findings,
    )
    (work / MANIFEST).write_bytes(data.as_bytes())


def _ordered_forms(
    folder: ApplicationFolder, opening: Opening, progress: Progress, typesetter: "Typesetter"
) -> tuple["PendingForm", ...]:
    """Start the layout of the forms while attachments are opened.

    If an answer blocks, raises Refused with all findings, also about files.
    """
    answers = (*folder.findings, *judge_answers(folder))
    if any(not is_gap(found) for found in blocking(answers)):
        raise Refused(capped(judge_all(folder, opening, progress)[1]))
    from sjs_forms.volume.layout import start_forms

    return start_forms(*notice_and_answers(folder), typesetter)


def _judge_form_answers(folder: ApplicationFolder) -> tuple[Finding, ...]:
    """Return the findings on the answers; without any answers, only that the forms are blank."""
    programme, application = notice_and_answers(folder)
    if folder.unread.findings or has_answers(programme.fields, application):
        return judge_answers(folder)
    return (
        warning(
            "forms-blank",
            WHOLE,
            "申报数据",
            "申报数据一项也没有填，生成的是空白表格。",
            RunJob("可以打印后手填，或在 Word 里填好后用{}读回。", ("import",)),
        ),
    )


def _word_files(
    programme: Programme, application: Application, progress: Progress
) -> dict[str, bytes]:
    """Return each form as Word by file name."""
    from sjs_forms.typesetting.word_filling import word_forms

    with progress.interruptible():
        return word_forms(programme, application)


def _written(painted: Mapping[Form, "Future[bytes]"], work: Path) -> dict[str, bytes]:
    """Write the form PDFs into `work`; returns them by form id."""
    pdfs = {}
    for form, pdf in painted.items():
        pdfs[form.id] = pdf.result()
        (work / f"{form.stem}.pdf").write_bytes(pdfs[form.id])
    return pdfs
