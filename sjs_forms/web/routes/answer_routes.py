"""Routes that read and change the application: its state, answers, files, and undo."""

import secrets
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sjs_forms.jobs.session import Edit, SeenRow, State
from sjs_forms.web.routes.page_routes import rendered_form
from sjs_forms.web.routes.requests import body, in_thread, live, text_of, workspace
from sjs_forms.web.views.rendering import DataResponse
from sjs_forms.web.workspace.open_application import OpenApplication, state_data, with_passwords
from sjs_forms.web.workspace.uploads import receive

_MAX_EDITS = 500
_CHANGES = ("title", "pages", "rotate", "straighten", "password")


async def state(request: Request) -> Response:
    """`GET /api/state`; 204 without a body if the state is still that of `since`."""
    view = await in_thread(live(request).view)
    if request.query_params.get("since") == view.tag:
        return Response(status_code=204)
    return DataResponse(dict(state_data(view)))


async def put_application(request: Request) -> Response:
    """`PUT /api/application`: replace application.json; `If-Match` is the revision seen."""
    opened, given = live(request), await body(request)
    revision = request.headers.get("if-match", "").strip().strip('"')
    if not revision:
        raise HTTPException(428, "请写明所依据的版本。")

    def replaced() -> State:
        written = with_passwords(given, opened.session.state().written)
        return opened.session.replace(written, revision)

    await in_thread(replaced)
    return await _state_now(opened)


async def post_answers(request: Request) -> Response:
    """Set answers as typed, each with the value seen before; 409 if others have changed one.

    The response has the new page of the form, so that one request is enough.
    """
    opened, given = live(request), await body(request)
    edits = given.get("edits")
    if not isinstance(edits, list) or len(edits) > _MAX_EDITS:
        raise HTTPException(400, "看不懂这个请求。")
    here, made = workspace(request), [_edit(each) for each in edits]

    def edited() -> dict[str, Any]:
        view = opened.view(opened.session.edit(made))
        return {**state_data(view), "page": rendered_form(here, view)}

    return DataResponse(await in_thread(edited))


def _edit(given: Any) -> Edit:
    if not isinstance(given, dict) or not isinstance(given.get("path"), str):
        raise HTTPException(400, "看不懂这个请求。")
    typed: Any = given.get("typed")
    is_list = isinstance(typed, list) and all(isinstance(each, str) for each in typed)
    if not is_list and not isinstance(typed, str):
        raise HTTPException(400, "看不懂这个请求。")
    return Edit(given["path"], typed, given.get("seen"), _seen_row(given.get("within")))


def _seen_row(given: Any) -> SeenRow | None:
    if given is None:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("rows"), int):
        raise HTTPException(400, "看不懂这个请求。")
    return SeenRow(given["rows"], given.get("row"))


async def remove_item(request: Request) -> Response:
    """Remove one of repeating rows."""
    opened, given = live(request), await body(request)
    path, revision = text_of(given, "path") or "", text_of(given, "revision")
    await in_thread(opened.session.remove_item, path, revision)
    return await _state_now(opened)


async def undo(request: Request) -> Response:
    """Undo the last step, which may be another program's."""
    opened = live(request)
    await in_thread(opened.session.undo)
    opened.open_in_background()
    return await _state_now(opened)


async def add_file(request: Request) -> Response:
    """Add a file to a material. The body has its bytes, the query its name and material."""
    opened = live(request)
    material, name = request.query_params.get("material", ""), request.query_params.get("name", "")
    view = await in_thread(opened.view)
    folder = workspace(request).work / "uploads"
    folder.mkdir(exist_ok=True)
    target = folder / secrets.token_hex(8)
    await receive(request, target, view.programme.intake.max_bytes)
    try:
        await in_thread(opened.session.add_file, material, name or "文件", target)
    finally:
        target.unlink(missing_ok=True)
    await in_thread(opened.open_files)
    opened.open_in_background()
    return await _state_now(opened)


async def change_file(request: Request) -> Response:
    """Change, move or remove a file by its id."""
    opened, given = live(request), await body(request)
    view = await in_thread(opened.view)
    file = view.file(request.path_params["file"])
    if file is None:
        raise HTTPException(404, "这个文件已经不在了，请刷新页面。")
    revision = text_of(given, "revision")
    await in_thread(_changed, opened, file.where, given, revision)
    await in_thread(opened.open_files)
    opened.open_in_background()
    return await _state_now(opened)


def _changed(
    opened: OpenApplication, where: str, given: dict[str, Any], revision: str | None
) -> None:
    action = given.get("action")
    if action == "remove":
        opened.session.remove_file(where, revision)
    elif action == "move":
        position = given.get("position")
        at = position if isinstance(position, int) and not isinstance(position, bool) else None
        opened.session.move_file(where, text_of(given, "material"), at, revision)
    elif action == "change":
        typed = {key: text_of(given, key) for key in _CHANGES}
        opened.session.change_file(where, **typed, revision=revision)
    else:
        raise HTTPException(400, "看不懂这个请求。")


async def _state_now(opened: OpenApplication) -> Response:
    view = await in_thread(opened.view)
    return DataResponse(dict(state_data(view)))


ROUTES = [
    Route("/api/state", state),
    Route("/api/application", put_application, methods=["PUT"]),
    Route("/api/answers", post_answers, methods=["POST"]),
    Route("/api/items/remove", remove_item, methods=["POST"]),
    Route("/api/undo", undo, methods=["POST"]),
    Route("/api/files", add_file, methods=["POST"]),
    Route("/api/files/{file}", change_file, methods=["POST"]),
]
