"""Binds one volume into a folder: 装订版.pdf, verified, and all files for the print shop."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sjs_forms import TOOL, __version__
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.font_coverage import with_marks
from sjs_forms.base.manifest import MANIFEST, Since
from sjs_forms.base.progress import Progress
from sjs_forms.domain.answers.answer_values import role_of
from sjs_forms.domain.application import Application
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.binding.build_manifest import manifest_of_volume
from sjs_forms.jobs.binding.volume_examination import examination_of
from sjs_forms.jobs.options import Options, ReadyApplication
from sjs_forms.printing.print_job import PrintJob, chosen_stock, print_job, thickness
from sjs_forms.printing.reprint import Reprint, since
from sjs_forms.printing.sheet_files import read_earlier, write_reprint, write_runs
from sjs_forms.printing.wrap_and_job_sheet import JOB_SHEET, WRAP, PrintPages
from sjs_forms.typesetting.typesetter import FilledTemplate, Typesetter, typeset
from sjs_forms.volume.assemble import SideMarks, assemble
from sjs_forms.volume.binding_plan import BindingPlan
from sjs_forms.volume.built_folder import VOLUME
from sjs_forms.volume.layout import Volume, own_pdfs
from sjs_forms.volume.page_numbers import number_font
from sjs_forms.volume.sections import clean_pdfs
from sjs_forms.volume.side_origins import Origin, PdfPages


@dataclass(frozen=True, slots=True)
class BoundVolume:
    """A finished volume in a folder. `findings` are those of the whole job and its own.

    `sha256` is the volume's. `reprint` compares it with an earlier build, if one was given.
    """

    plan: BindingPlan
    job: PrintJob
    findings: tuple[Finding, ...]
    sha256: str
    reprint: Reprint | None = None


@dataclass(frozen=True, slots=True)
class Binder:
    """Binds the volumes of an application that is ready.

    `completed` blocks until the zip is done and returns `ready` with its findings and digest.
    """

    ready: ReadyApplication
    completed: Callable[[], ReadyApplication]
    options: Options
    typesetter: Typesetter
    progress: Progress

    def bind(self, volume: Volume, forms: Mapping[str, bytes], folder: Path) -> BoundVolume:
        """Write a volume and its files into `folder`. `forms` are the form PDFs by id.

        Raises Cancelled, and Fault if the volume, read by another library, differs from the plan.
        """
        plan, ready, typesetter = volume.plan, self.ready, self.typesetter
        pages = PrintPages(ready.programme, ready.application, typesetter)
        own = typesetter.paint(volume.own)
        job, _ = job_of(ready, plan, self.options)
        wrap = pages.order_wrap(job)
        pdfs = _pdfs(ready, volume, own.result(), forms)
        with examination_of(_origins(plan, pdfs), self.progress) as examination:
            streams = self._assemble(plan, pdfs, folder / VOLUME)
            painted_wrap = pages.wrap(wrap.result(), job)
            with examination.of(folder, plan, streams, job) as examined:
                ready = self.completed()
                job, findings = job_of(ready, plan, self.options)
                sha256 = examined.sha256
                job_sheet = pages.order_job_sheet(job, sha256, examined.pictures)
                digests = examined.digests  # computed here while the job sheet is laid out
                (folder / JOB_SHEET).write_bytes(job_sheet())
                (folder / WRAP).write_bytes(painted_wrap.result())
        if self.options.split_colour:
            write_runs(plan, digests, folder, streams, self.progress)
        reprint, compared = self._compared(plan, digests, folder, streams)
        bound = BoundVolume(plan, job, findings, sha256, reprint)
        files = files_in(folder, {**ready.digests, VOLUME: sha256}, self.progress)
        _write_manifest(ready, files, folder, bound, digests, compared)
        return bound

    def _assemble(
        self, plan: BindingPlan, pdfs: Mapping[str, PdfPages], target: Path
    ) -> dict[int, bytes]:
        programme = self.ready.programme
        mark = {"mark": programme.volume.draft_mark}
        page = FilledTemplate(programme.templates, "pages/draft.html", mark)
        draft = typeset(self.typesetter, page) if plan.draft else None
        marks = SideMarks(programme.binding, number_font(), programme.print.copies, draft)
        info = _info(programme, self.ready.application, plan)
        return assemble(plan, pdfs, marks, info, target, self.progress)

    def _compared(
        self,
        plan: BindingPlan,
        digests: tuple[str, ...],
        folder: Path,
        streams: Mapping[int, bytes],
    ) -> tuple[Reprint | None, Since | None]:
        if self.options.since is None:
            return None, None
        earlier = read_earlier(self.options.since, plan.edition.ordinal)
        reprint = write_reprint(plan, digests, earlier, folder, streams, self.progress)
        return reprint, since(reprint, earlier.manifest)


def job_of(
    ready: ReadyApplication, plan: BindingPlan, options: Options
) -> tuple[PrintJob, tuple[Finding, ...]]:
    """Return the print job of a plan, and all findings, with those on its thickness."""
    programme = ready.programme
    stock = chosen_stock(programme, options.stock)
    job = print_job(
        programme,
        ready.application,
        plan,
        ready.findings,
        stock,
        with_marks(options.filing_number),
    )
    return job, (*ready.findings, *thickness(programme, job))


def _pdfs(
    ready: ReadyApplication, volume: Volume, own: bytes, forms: Mapping[str, bytes]
) -> dict[str, PdfPages]:
    """Return the PDFs with the plan's pages, by its keys."""
    pdfs = own_pdfs(volume, own, forms)
    for key, facts in clean_pdfs(ready.sources):
        pdfs[key] = PdfPages(facts.clean, streams=facts.streams)
    return pdfs


def _origins(plan: BindingPlan, pdfs: Mapping[str, PdfPages]) -> dict[int, Origin]:
    """Return the page that each side shows, by side."""
    return {
        side.side: Origin(
            given.data, given.first + side.page, side.source or side.pdf, given.streams
        )
        for side in plan.sides
        if side.pdf is not None
        for given in (pdfs[side.pdf],)
    }


def _info(programme: Programme, application: Application, plan: BindingPlan) -> dict[str, str]:
    return {
        "/Title": f"{programme.title}{programme.volume.cover_title}{plan.edition.ordinal}",
        "/Author": role_of(programme.fields, application, "applicant") or "",
        "/Creator": TOOL,
        "/Producer": f"{TOOL} {__version__}",
    }


def files_in(
    folder: Path, known: Mapping[str, str], progress: Progress
) -> dict[str, tuple[str, int]]:
    """Return SHA-256 and bytes of every file below a folder by its relative path.

    `known` are digests of files that are not read again. Raises Cancelled.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names = [path.relative_to(folder).as_posix() for path in files]
    return {
        name: (known.get(name) or digest(path, progress), path.stat().st_size)
        for name, path in zip(names, files, strict=True)
    }


def _write_manifest(
    ready: ReadyApplication,
    files: Mapping[str, tuple[str, int]],
    folder: Path,
    bound: BoundVolume,
    digests: Sequence[str],
    compared: Since | None,
) -> None:
    data = manifest_of_volume(
        ready.programme,
        ready.application,
        ready.sources,
        files,
        bound.plan,
        bound.job,
        bound.findings,
        digests,
        compared,
    )
    (folder / MANIFEST).write_bytes(data.as_bytes())
