"""Routes that send pictures of pages of a form, a file, a volume or a scan, rendered as PNG."""

from collections.abc import Callable
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.jobs.previews import Preview
from sjs_forms.jobs.session import FileState
from sjs_forms.volume.built_folder import VOLUME
from sjs_forms.web.form.form_places import places
from sjs_forms.web.routes.requests import in_thread, live, workspace
from sjs_forms.web.views.page_views import all_questions
from sjs_forms.web.views.rendering import DataResponse
from sjs_forms.web.workspace.open_application import OpenApplication, version_of

_FINE, _FINEST = 60, 160


async def _answer(request: Request, drawn: Callable[[float], tuple[Preview, str]]) -> Response:
    """Send the picture that `drawn` makes for a resolution, with the version that it shows.

    The browser may keep it only if it asked for that version: the application may have been changed
    meanwhile.
    """
    try:
        dpi = float(request.query_params.get("dpi", _FINE))
    except ValueError:
        dpi = _FINE
    preview, version = await in_thread(drawn, max(10.0, min(dpi, _FINEST)))
    is_asked_for = request.query_params.get("v", "") == version
    kept = "private, max-age=3600" if is_asked_for else "no-store"
    headers = {"X-Pages": str(preview.pages), "Cache-Control": kept}
    return Response(preview.png, media_type="image/png", headers=headers)


async def form_page(request: Request) -> Response:
    """Send a page of a form with the current answers."""
    opened = live(request)

    def drawn(dpi: float) -> tuple[Preview, str]:
        view = opened.view()
        application = view.state.application
        if application is None:
            raise HTTPException(404, "现在还读不出申报内容。")
        form, page = request.path_params["form"], request.path_params["page"]
        made = opened.previews.form_page(view.programme, application, form, page, dpi)
        return made, view.state.revision

    return await _answer(request, drawn)


async def form_places(request: Request) -> Response:
    """Send the form and page on which each answer is printed, by its path."""
    opened = live(request)

    def found() -> dict[str, tuple[str, int]]:
        view = opened.view()
        application = view.state.application
        if application is None:
            return {}
        texts = {
            form.id: opened.previews.form_texts(view.programme, application, form.id)
            for form in view.programme.forms
        }
        return places(all_questions(view), texts)

    return DataResponse(await in_thread(found))


async def file_page(request: Request) -> Response:
    """Send a page of a file, as in its clean PDF."""
    return await _file_page(request, lambda _, file: file.facts)


async def _file_page(
    request: Request, facts_of: Callable[[OpenApplication, FileState], SourceFacts | None]
) -> Response:
    opened = live(request)

    def drawn(dpi: float) -> tuple[Preview, str]:
        view = opened.view()
        file, page = view.file(request.path_params["file"]), request.path_params["page"]
        facts = facts_of(opened, file) if file else None
        if facts is None:
            raise HTTPException(404, "这个文件没有可看的页。")
        made = opened.previews.attachment_page(view.programme, facts, page, dpi)
        return made, version_of(facts)

    return await _answer(request, drawn)


async def photograph_page(request: Request) -> Response:
    """Send a page of a file as it was before any photograph was straightened."""
    return await _file_page(request, lambda _, file: file.original)


async def straightened_page(request: Request) -> Response:
    """Send a page of a file as it is, or would be, with its photographs straightened."""
    return await _file_page(request, OpenApplication.straightened)


async def volume_page(request: Request) -> Response:
    """Send a side of the preview's volume."""
    opened, here = live(request), workspace(request)
    volume, page = here.draft_out / VOLUME, request.path_params["page"]
    if not volume.is_file():
        raise HTTPException(404, "预览还没有做好。")

    def drawn(dpi: float) -> tuple[Preview, str]:
        made = opened.previews.volume_side(opened.view().programme, volume, page, dpi)
        job = here.preview_job()
        return made, job.id if job else ""

    return await _answer(request, drawn)


async def scan_page(request: Request) -> Response:
    """Send a page of a recognised scan, by its number."""
    job = workspace(request).jobs.get(request.path_params["job"])
    verdict = job.last("verdict") if job else None
    pages = {each["number"]: each for each in verdict["pages"]} if verdict else {}
    found = pages.get(request.path_params["page"])
    if found is None:
        raise HTTPException(404, "没有这一页。")
    opened, clean, page = live(request), Path(found["clean"]), found["index"] + 1

    def drawn(dpi: float) -> tuple[Preview, str]:
        made = opened.previews.volume_side(opened.view().programme, clean, page, dpi)
        return made, request.query_params.get("v", "")  # the job is in the address

    return await _answer(request, drawn)


async def paper_place(request: Request) -> Response:
    """Send the picture of a place on a paper, by its number in the last reading."""
    here = workspace(request)
    picture = here.reading_pictures / f"{request.path_params['number']}.png"
    job = here.jobs.latest("read")  # of the open application; the pictures are those of its last
    if job is None or job.id != request.path_params["job"] or not picture.is_file():
        raise HTTPException(404, "没有这张图。")
    return FileResponse(picture, media_type="image/png", headers={"Cache-Control": "no-store"})


ROUTES = [
    Route("/api/form-places", form_places),
    Route("/pictures/form/{form}/{page:int}.png", form_page),
    Route("/pictures/file/{file}/{page:int}.png", file_page),
    Route("/pictures/photograph/{file}/{page:int}.png", photograph_page),
    Route("/pictures/straightened/{file}/{page:int}.png", straightened_page),
    Route("/pictures/volume/{page:int}.png", volume_page),
    Route("/pictures/scan/{job}/{page:int}.png", scan_page),
    Route("/pictures/reading/{job}/{number:int}.png", paper_place),
]
