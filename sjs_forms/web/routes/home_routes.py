"""Routes that open, create and close applications, and end the server."""

from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sjs_forms.domain.places import where
from sjs_forms.jobs.session import Edit
from sjs_forms.web.routes.requests import body, in_thread, text_of, workspace
from sjs_forms.web.views.rendering import DataResponse
from sjs_forms.web.workspace.open_application import OpenApplication
from sjs_forms.web.workspace.recent_folders import new_folder, new_sample, recent
from sjs_forms.web.workspace.workspace import Workspace


async def open_application(request: Request) -> Response:
    """Open a recent application, a new one, or a copy of the sample."""
    here, given = workspace(request), await body(request)
    _refuse_while_building(here)
    place = await in_thread(_place, here, given)
    opened = await in_thread(here.open, place)
    if isinstance(name := given.get("name"), str):
        await in_thread(_named, opened, name)
    return DataResponse({})


def _named(opened: OpenApplication, name: str) -> None:
    """Set the applicant's name in a new application."""
    state = opened.session.state()
    applicant = state.programme.fields.role("applicant") if state.programme else None
    if applicant is not None:
        opened.session.edit([Edit(where(applicant.place), name.strip(), None)])


def _place(here: Workspace, given: dict[str, Any]) -> Path:
    if given.get("sample") is True:
        return new_sample()
    name = text_of(given, "name")
    if name is not None:
        if not name.strip():
            raise HTTPException(400, "请写上单位名称。")
        return new_folder(name, text_of(given, "notice") or here.programme_id)
    chosen = text_of(given, "id")
    found = next((each for each in recent() if each.id == chosen), None)
    if found is None:
        raise HTTPException(404, "这个文件夹已经不在了。")
    return found.path


def _refuse_while_building(here: Workspace) -> None:
    """Raise HTTPException (409) while a build is running."""
    if here.jobs.is_running("build"):
        raise HTTPException(409, "正在生成，还没有做完。请等它做完，或先在“生成”页点“停止”。")


async def leave(request: Request) -> Response:
    """Close the application, unless it is being built, and show the choice of applications."""
    _refuse_while_building(workspace(request))
    await in_thread(workspace(request).leave)
    return DataResponse({})


async def end(request: Request) -> Response:
    """End the server after this response was sent, unless something is being built."""
    _refuse_while_building(workspace(request))
    workspace(request).end()
    return DataResponse({})


async def here(_request: Request) -> Response:
    """Acknowledge that a page is still open; see `idle_shutdown`."""
    return Response(status_code=204)


ROUTES = [
    Route("/api/open", open_application, methods=["POST"]),
    Route("/api/leave", leave, methods=["POST"]),
    Route("/api/end", end, methods=["POST"]),
    Route("/api/here", here),
]
