"""Routes of the pages: each renders a template with its values."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from sjs_forms import __version__
from sjs_forms.base.errors import SjsFormsError
from sjs_forms.base.manifest import Manifest
from sjs_forms.jobs.notices.notice_jobs import NoticeEntry, installed_notices
from sjs_forms.printing.spreads import spreads
from sjs_forms.web.routes.requests import in_thread, workspace
from sjs_forms.web.views.import_views import proposal_view, roster_view
from sjs_forms.web.views.page_views import (
    PartView,
    about_scans,
    material_sections,
    other_file_findings,
    parts,
    sections,
    unplaced,
)
from sjs_forms.web.views.reading_views import reading_view
from sjs_forms.web.views.rendering import PAGES, PageResponse
from sjs_forms.web.wording.file_uses import shown_name, use_of
from sjs_forms.web.wording.page_wording import error_on_page, without_folders
from sjs_forms.web.wording.scan_verdicts import told
from sjs_forms.web.wording.shown_findings import ShownFinding, of_part, of_record
from sjs_forms.web.workspace.jobs import Job
from sjs_forms.web.workspace.open_application import View
from sjs_forms.web.workspace.recent_folders import HOME_FOLDER, place_in_words, recent
from sjs_forms.web.workspace.results import (
    FORM_FILES,
    Results,
    forms_folder,
    printed_forms,
    zipped,
)
from sjs_forms.web.workspace.workspace import Workspace

Values = Mapping[str, Any]


def _page(name: str, values: Callable[[Request, Workspace, View], Values]) -> Any:
    """Return the handler of a page of the open application; redirects to `/` if none is open."""

    def made(request: Request) -> Response:
        here = workspace(request)
        if here.live is None:
            return RedirectResponse("/", status_code=303)
        view = here.live.view()
        try:
            return _rendered(name, here, view, values(request, here, view))
        except SjsFormsError as problem:
            message, remedy = error_on_page(problem)
            words = {"message": message, "remedy": remedy}
            return _rendered("unreadable", here, view, {"problem": words})

    async def page(request: Request) -> Response:
        return await in_thread(made, request)

    return page


def _rendered(name: str, here: Workspace, view: View, values: Values) -> Response:
    return PageResponse(_html(name, here, view, values))


def _html(name: str, here: Workspace, view: View, values: Values) -> str:
    if not view.is_read and name not in ("unreadable",):
        name, values = "unreadable", {"problem": None}
    assert here.live is not None
    task_list: tuple[PartView, ...] = ()
    if view.state.programme is not None:
        task_list = parts(view, here.results(), here.preview_state(view))
    return PAGES.get_template(f"{name}.html").render(
        page=name,
        view=view,
        folder=here.live.folder,
        application_id=here.live.id,
        parts=task_list,
        version=__version__,
        **values,
    )


async def home(request: Request) -> Response:
    """Show 总览 of the open application, or the choice of applications."""
    here = workspace(request)
    if here.live is None:
        template = PAGES.get_template("home.html")
        notices = await in_thread(_usable_notices, here.programme_id)
        values = {"notices": notices, "home_folder": HOME_FOLDER}
        return PageResponse(await in_thread(lambda: template.render(recent=recent(), **values)))
    answer: Response = await _overview(request)
    return answer


def _usable_notices(first: str | None) -> list[NoticeEntry]:
    """Return the notices for a new application, the one with the id `first` before the others."""
    usable = [each for each in installed_notices() if not each.problem]
    return sorted(usable, key=lambda each: each.id != first)


def _overview_values(_: Request, __: Workspace, view: View) -> Values:
    made = sections(view)
    return {
        "groups": made,
        "programme": view.programme,
        "by_part": {
            part: of_part(view.findings, part)
            for part in ("form", "materials", "stamped", "whole")
        },
    }  # fmt: skip


def _form_values(_: Request | None, __: Workspace, view: View) -> Values:
    made = sections(view)
    return {
        "sections": made,
        "loose": unplaced(view, made),
        "forms": view.programme.forms,
        "findings": of_part(view.findings, "form"),
    }


def rendered_form(here: Workspace, view: View) -> str:
    """Return the page of the form as HTML."""
    return _html("form", here, view, _form_values(None, here, view))


def _materials_values(_: Request, __: Workspace, view: View) -> Values:
    made = material_sections(view)
    return {"sections": made, "loose": other_file_findings(view, made)}


def _preview_values(_: Request, here: Workspace, view: View) -> Values:
    job = here.preview_job()
    manifest = _draft_manifest(here) if here.preview_state(view) != "none" else None
    return {
        "forms": view.programme.forms,
        "job": job,
        "refused": _refused(job, view),
        "draft": here.preview_state(view),
        "spreads": spreads(manifest.parts, manifest.sides) if manifest else (),
        "sides": len(manifest.sides) if manifest else 0,
        "is_to_start": here.preview_state(view) != "new" and not _is_ended_by_hand(job, view),
    }


def _is_ended_by_hand(job: Job | None, view: View) -> bool:
    """Return whether this draft ended without a result and would again: it is not restarted."""
    if job is None or job.revision != view.state.revision:
        return False
    return (job.end or {}).get("end") in ("cancelled", "refused", "failed")


def _draft_manifest(here: Workspace) -> Manifest | None:
    try:
        return Manifest.read(here.draft_out)
    except SjsFormsError:
        return None


def _refused(job: Job | None, view: View) -> Any:
    """Return the error or the blocking findings of a job, as a page shows them."""
    if job is None or job.end is None:
        return None
    end = job.end
    if end.get("end") == "refused":
        left = _left_of(job, view)
        return {"findings": left, "message": "", "remedy": ""} if left else None
    if end.get("end") == "failed":
        return {"findings": (), "message": end["message"], "remedy": end["remedy"]}
    return None


def _left_of(job: Job, view: View) -> list[ShownFinding]:
    """Return those findings of a refused job that still hold.

    Some are of the job alone, such as those on scans: they hold until the application is changed.
    """
    findings = (job.end or {})["findings"]
    told = {(each["code"], each["where"]) for each in findings}
    left = [each for each in view.blocking if (each.code, each.where) in told]
    if job.revision == view.state.revision:
        known = {(each.code, each.where) for each in left}
        errors = [each for each in findings if each["severity"] == "error"]
        left += [of_record(one) for one in errors if (one["code"], one["where"]) not in known]
    return left


def _stamped_values(_: Request, here: Workspace, view: View) -> Values:
    job = here.jobs.latest("stamped")
    forms = [each for each in view.programme.materials if each.form]
    there = {file.material for file in view.state.files}
    verdict = job.last("verdict") if job and job.is_running else None
    remarks = job.last("remarks") if job and verdict else ()
    return {
        "job": job,
        "verdict": verdict,
        "remarks": told(remarks, here.scans.named),
        "refused": _refused(job, view) or _refused(here.jobs.latest("fill"), view),
        "names": here.scans.names,
        "awaited": [(each, each.id in there) for each in forms],
        "stamped_findings": about_scans(view),
        "printed": printed_forms(view_folder(here), here.live.file) if here.live else None,
    }


def view_folder(here: Workspace) -> Path:
    """Return the folder of the open application."""
    assert here.live is not None
    return here.live.folder


def _import_values(_: Request, here: Workspace, view: View) -> Values:
    return {
        "form_titles": [form.title for form in view.programme.forms],
        "source": here.importing.source,
        "roster": roster_view(here.importing, view.state.application),
        "proposal": proposal_view(here.importing),
    }


def _reading_values(_: Request, here: Workspace, view: View) -> Values:
    job = here.jobs.latest("read")
    running = job if job and job.is_running else None
    return {
        "job": running,
        "refused": _refused(job, view),
        # A job may end between both: a page that shows it as running loads itself anew at its end.
        "reading": None if running else reading_view(job, view),
    }


def _build_values(_: Request, here: Workspace, view: View) -> Values:
    job = here.jobs.latest("build")
    blocking = [each for each in view.blocking if each.part != "materials" or not each.is_todo]
    return {
        "stocks": view.programme.print.stocks,
        "standard_stock": view.programme.print.stock,
        "copies": view.programme.print.copies,
        "job": job if job and job.is_running else None,
        "last": job,
        "refused": _refused(job, view),
        "may_build": not view.blocking,
        "may_draft": not blocking,
        "warnings": [each for each in view.findings if not each.blocks],
        "results": here.results(),
    }


def _results_values(_: Request, here: Workspace, view: View) -> Values:
    found = here.results()
    lacking = found.manifest.print.missing if found else ()
    files = [each.file for each in found.manifest.inputs] if found else []
    return {
        "results": found,
        "draft_results": here.draft_results(),
        "programme": view.programme,
        "missing": [without_folders(each, files) for each in lacking],
        "place_of": place_in_words,
        "shown_name": shown_name,
        "use_of": use_of,
    }


_overview = _page("overview", _overview_values)


def _results(request: Request) -> Results:
    here = workspace(request)
    which = request.query_params.get("which")
    found = here.draft_results() if which == "draft" else here.results()
    if found is None:
        raise HTTPException(404, "还没有生成。")
    return found


async def result_file(request: Request) -> Response:
    """Send a file that a build wrote, as a download."""
    results = await in_thread(_results, request)
    file = results.file(request.path_params["file"])
    if file is None:
        raise HTTPException(404, "没有这个文件。")
    name = file.name.replace("/", "_")
    return FileResponse(file.path, media_type="application/octet-stream", filename=name)


async def results_zip(request: Request) -> Response:
    """Send all files that a build wrote, as one zip."""
    results = await in_thread(_results, request)
    name = quote(f"{results.folder.name}.zip")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return StreamingResponse(zipped(results), media_type="application/zip", headers=headers)


async def form_file(request: Request) -> Response:
    """Send one of the forms as Word or PDF, to be signed and sealed."""
    here = workspace(request)
    if here.live is None:
        raise HTTPException(404, "没有这个文件。")
    folder, name = forms_folder(here.live.folder), request.path_params["name"]
    known = [each.name for each in folder.iterdir()] if folder.is_dir() else []
    if name not in known or Path(name).suffix not in FORM_FILES:
        raise HTTPException(404, "没有这个文件。")
    return FileResponse(folder / name, media_type="application/octet-stream", filename=name)


ROUTES = [
    Route("/", home),
    Route("/form", _page("form", _form_values)),
    Route("/materials", _page("materials", _materials_values)),
    Route("/preview", _page("preview", _preview_values)),
    Route("/stamped", _page("stamped", _stamped_values)),
    Route("/import", _page("import", _import_values)),
    Route("/reading", _page("reading", _reading_values)),
    Route("/build", _page("build", _build_values)),
    Route("/results", _page("results", _results_values)),
    Route("/results/all.zip", results_zip),
    Route("/results/{file}", result_file),
    Route("/forms/{name}", form_file),
]
