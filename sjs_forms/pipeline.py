"""The jobs: check, fill, plan, build. Each reads like the drawing in docs/architecture.md."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sjs_forms import __version__
from sjs_forms.application import Application
from sjs_forms.checks import check_all, check_application
from sjs_forms.errors import Fault, Refused
from sjs_forms.findings import ATTACHMENT_CODES, Finding, blocking
from sjs_forms.finished import VOLUME
from sjs_forms.folder import ApplicationFolder, read_folder
from sjs_forms.gather import Progress, gather_sources, shelf_of_run
from sjs_forms.intake import Shelf
from sjs_forms.manifest import TOOL, manifest
from sjs_forms.programme import DividerColour, Programme
from sjs_forms.publish import (
    MANIFEST,
    digest,
    json_bytes,
    put_files,
    refuse_foreign,
    swap_folder,
    work_folder,
)
from sjs_forms.reprint import Reprint, since
from sjs_forms.sources import Gap, Source, clean_pdfs

if TYPE_CHECKING:
    from sjs_forms.plan import BindingPlan
    from sjs_forms.printing import PrintJob
    from sjs_forms.volume import LaidOutForm, Volume

_GAP_CODES = frozenset({"material-missing", "authorisation-missing", "duplicate-attachment"})


@dataclass(frozen=True, slots=True)
class Options:
    """How a job is to be done.

    `draft` carries gaps in the materials as placeholder pages; `cache` keeps opened attachments
    for the next time; `stock` is the id of the paper, None for the notice's own; `dividers` says
    where their colour comes from; `split_colour` writes coloured sheets into a file of their own;
    `since` is the folder of an earlier build, with which every sheet is compared.
    """

    draft: bool = False
    cache: bool = True
    stock: str | None = None
    dividers: DividerColour = "ink"
    split_colour: bool = False
    since: Path | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """An application that was read and judged: nothing in it blocks the job at hand."""

    programme: Programme
    application: Application
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """What a build has made."""

    folder: Path
    plan: "BindingPlan"
    job: "PrintJob"
    findings: tuple[Finding, ...]
    reprint: Reprint | None = None


def quiet(stage: str, done: int, total: int) -> None:
    """A progress callback that tells nobody."""


def check(
    place: Path, options: Options = Options(), progress: Progress = quiet
) -> tuple[Finding, ...]:
    """Every finding about an application at once."""
    folder = read_folder(place)
    with shelf_of_run(options.cache) as shelf:
        return _judge(folder, shelf, progress)[1]


def fill(place: Path, out: Path) -> tuple[Finding, ...]:
    """Write the notice's forms as Word and PDF into `out`; returns the warnings.

    Only the answers are judged: the forms come first, the scans of them later.
    """
    folder = read_folder(place)
    programme, application = _understood(folder)
    findings = check_application(programme, application, folder.offered)
    findings = tuple(found for found in findings if not _is_gap(found))
    if blocking(findings):
        raise Refused(findings)
    from sjs_forms.volume import lay_out_forms

    put_files(_form_files(programme, application, lay_out_forms(programme, application)), out)
    return findings


def plan(
    place: Path, options: Options = Options(), progress: Progress = quiet
) -> tuple["BindingPlan", tuple[Finding, ...]]:
    """The volume side by side, and the warnings; nothing is written."""
    with shelf_of_run(options.cache) as shelf:
        ready = _ready(place, shelf, options, progress)
        volume = _laid_out(ready, options)
    ready, _ = _with_print_job(ready, volume.plan, options)
    return volume.plan, ready.findings


def build(
    place: Path, out: Path, options: Options = Options(), progress: Progress = quiet
) -> Built:
    """The main job: everything a print shop and the portal need, in `out`, whole or not at all."""
    from sjs_forms.print_files import write_print_files
    from sjs_forms.sheet_files import read_earlier, side_digests, write_reprint, write_runs

    refuse_foreign(out)
    earlier = read_earlier(options.since) if options.since else None
    with shelf_of_run(options.cache) as shelf, work_folder(out) as work:
        ready = _ready(place, shelf, options, progress)
        progress("排版", 0, 1)
        volume = _write_files(ready, work, options, progress)
        progress("核对", 0, 1)
        _verified(work, volume.plan)
        ready, job = _with_print_job(ready, volume.plan, options)
        progress("封面书脊和印制单", 0, 1)
        write_print_files(ready.programme, ready.application, job, work)
        digests = side_digests(volume.plan, work)
        if options.split_colour:
            write_runs(volume.plan, digests, work)
        reprint = write_reprint(volume.plan, digests, earlier, work) if earlier else None
        compared = since(reprint, earlier.manifest) if reprint and earlier else None
        _write_manifest(ready, work, volume.plan, job, digests, compared)
        swap_folder(work, out)
    progress("完成", 1, 1)
    return Built(out, volume.plan, job, ready.findings, reprint)


def _ready(place: Path, shelf: Shelf, options: Options, progress: Progress) -> Ready:
    """Read and judge; raises Refused with all findings where any of them blocks."""
    from sjs_forms.printing import chosen_stock

    folder = read_folder(place)
    sources, findings = _judge(folder, shelf, progress)
    stopping = [found for found in blocking(findings) if not (options.draft and _is_gap(found))]
    if stopping:
        raise Refused(findings)
    programme, application = _understood(folder)
    chosen_stock(programme, options.stock)
    gaps = tuple(_gaps(programme, sources, findings)) if options.draft else ()
    return Ready(programme, application, sources, findings, gaps)


def _judge(
    folder: ApplicationFolder, shelf: Shelf, progress: Progress
) -> tuple[tuple[Source, ...], tuple[Finding, ...]]:
    if folder.programme is None or folder.application is None:
        return (), folder.findings
    sources, unusable = gather_sources(folder.programme, folder.offered, shelf, progress)
    judged = check_all(folder.programme, folder.application, sources)
    return sources, (*folder.findings, *judged, *unusable)


def _understood(folder: ApplicationFolder) -> tuple[Programme, Application]:
    if folder.programme is None or folder.application is None:
        raise Refused(folder.findings)
    return folder.programme, folder.application


def _is_gap(finding: Finding) -> bool:
    """Whether it is a gap in the materials, which a draft may carry."""
    return finding.code.startswith(ATTACHMENT_CODES) or finding.code in _GAP_CODES


def _gaps(
    programme: Programme, sources: Sequence[Source], findings: Sequence[Finding]
) -> Iterable[Gap]:
    """A placeholder for each file that cannot be used and each material that is not there."""
    reasons = {
        found.where.removesuffix(".file").removesuffix(".pages"): found.message
        for found in findings
        if found.severity == "error"
    }
    for source in sources:
        if source.facts is None:
            offered = source.offered
            yield Gap(offered.material, offered.title, reasons.get(offered.where, ""))
    offered_materials = {source.offered.material.id for source in sources}
    for material in programme.materials:
        if material.id not in offered_materials and not material.form:
            yield Gap(material, material.title, "缺少此项材料。")
    for found in findings:
        if found.code == "authorisation-missing":
            rule = programme.material(programme.authorisation.material)
            yield Gap(rule, "授权证明", found.message)


def _form_files(
    programme: Programme, application: Application, forms: Sequence["LaidOutForm"]
) -> dict[str, bytes]:
    """Each form as Word and PDF, by file name."""
    from sjs_forms.context import form_context
    from sjs_forms.render import paint
    from sjs_forms.word import fill_word

    context = form_context(programme, application)
    files = {}
    for made in forms:
        files[f"{made.form.stem}.docx"] = fill_word(programme, made.form.id, context)
        files[f"{made.form.stem}.pdf"] = paint(made.layout)
    return files


def _laid_out(ready: Ready, options: Options) -> "Volume":
    from sjs_forms.volume import lay_out_volume

    return lay_out_volume(
        ready.programme,
        ready.application,
        ready.sources,
        ready.gaps,
        options.draft,
        options.dividers,
    )


def _write_files(ready: Ready, work: Path, options: Options, progress: Progress) -> "Volume":
    """Everything but the manifest, into the work folder."""
    from sjs_forms.assemble import Furniture, PdfPages, assemble
    from sjs_forms.numbering import number_font
    from sjs_forms.render import render
    from sjs_forms.volume import painted

    programme, application = ready.programme, ready.application
    volume = _laid_out(ready, options)
    files = _form_files(programme, application, volume.forms)
    for name, data in files.items():
        (work / name).write_bytes(data)
    progress("合并", 0, 1)
    pdfs = painted(volume, {made.form.id: files[f"{made.form.stem}.pdf"] for made in volume.forms})
    pdfs |= {key: PdfPages(facts.clean) for key, facts in clean_pdfs(ready.sources)}
    mark = {"mark": programme.volume.draft_mark}
    draft = render(programme, "pages/draft.html", mark) if options.draft else None
    furniture = Furniture(programme.binding, number_font(), programme.print.copies, draft)
    assemble(volume.plan, pdfs, furniture, _info(programme, application), work / VOLUME)
    return volume


def _info(programme: Programme, application: Application) -> dict[str, str]:
    return {
        "/Title": f"{programme.title}{programme.volume.cover_title}",
        "/Author": application.applicant.name or "",
        "/Creator": TOOL,
        "/Producer": f"{TOOL} {__version__}",
    }


def _verified(work: Path, made: "BindingPlan") -> None:
    """Raise Fault unless the volume, read by another library, is what was planned."""
    from sjs_forms.verify import verify_volume
    from sjs_forms.views import manifest_sides

    faults = list(verify_volume(work / VOLUME, manifest_sides(made)))
    if faults:
        raise Fault("生成的装订版与计划不符：" + "；".join(faults[:5]) + "。")


def _with_print_job(
    ready: Ready, made: "BindingPlan", options: Options
) -> tuple[Ready, "PrintJob"]:
    """The print job of a plan, and `ready` with what it makes known of the volume's thickness."""
    from sjs_forms.printing import chosen_stock, print_job, thickness

    programme = ready.programme
    stock = chosen_stock(programme, options.stock)
    job = print_job(programme, ready.application, made, ready.findings, stock)
    return replace(ready, findings=(*ready.findings, *thickness(programme, job))), job


def _write_manifest(
    ready: Ready,
    work: Path,
    made: "BindingPlan",
    job: "PrintJob",
    digests: Sequence[str],
    compared: dict[str, Any] | None,
) -> None:
    files = {path.name: (digest(path), path.stat().st_size) for path in sorted(work.iterdir())}
    data = manifest(
        ready.programme,
        ready.application,
        ready.sources,
        files,
        made,
        job,
        ready.findings,
        digests,
    )
    if compared is not None:
        data["since"] = compared
    (work / MANIFEST).write_bytes(json_bytes(data))
