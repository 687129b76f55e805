"""Functions shared by all routes: request bodies, responses to errors, and the workspace."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sjs_forms.base.errors import Fault, MachineLacks, Refused, SjsFormsError, UsageFault
from sjs_forms.base.system_errors import as_own_error
from sjs_forms.domain.folder.application_lock import ApplicationBusy
from sjs_forms.intake.page_drawing import PageUndrawable
from sjs_forms.jobs.previews import Outdated
from sjs_forms.jobs.session import AnswersDiffer, NothingToUndo, StaleRevision
from sjs_forms.web.views.rendering import problem_answer
from sjs_forms.web.wording.page_wording import error_on_page
from sjs_forms.web.wording.shown_findings import shown
from sjs_forms.web.workspace.open_application import OpenApplication
from sjs_forms.web.workspace.uploads import UploadBroken, UploadTooLarge
from sjs_forms.web.workspace.workspace import Workspace

MAX_BODY = 4_000_000
"""Limit in bytes on a JSON body."""

_STATUS: tuple[tuple[type[SjsFormsError], int], ...] = (
    (StaleRevision, 412),
    (AnswersDiffer, 409),
    (NothingToUndo, 409),
    (Outdated, 409),
    (PageUndrawable, 422),
    (ApplicationBusy, 503),
    (UploadTooLarge, 413),
    (UploadBroken, 400),
    (Refused, 422),
    (UsageFault, 400),
)
_GONE = {
    "message": "这份申报的文件夹不在原处了，可能被移走或改了名。",
    "remedy": "请移回原处；或换一份申报。",
}
_APPLICATION_HEADER = "x-sjs-application"
"""The application that the page shows; another page may have opened another one."""
_Made = TypeVar("_Made")


def workspace(request: Request) -> Workspace:
    """Return the workspace of the server."""
    found = request.app.state.workspace
    assert isinstance(found, Workspace)
    return found


def live(request: Request) -> OpenApplication:
    """Return the open application. Raises HTTPException (409) if none or another one is open."""
    found = workspace(request).live
    if found is None:
        raise HTTPException(409, "这份申报没有打开，请先打开它。")
    if request.headers.get(_APPLICATION_HEADER, found.id) != found.id:
        raise HTTPException(409, "别的页面已换了一份申报，这一页的内容不会写进那一份。")
    return found


async def in_thread(function: Callable[..., _Made], *given: Any) -> _Made:
    """Run a function that reads or writes files in a thread, so that the server is not blocked."""
    return await run_in_threadpool(function, *given)


async def body(request: Request) -> dict[str, Any]:
    """Return the JSON object in a request's body. Raises HTTPException (400, 413)."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MAX_BODY:
            raise HTTPException(413, "内容太长。")
    try:
        value = json.loads(bytes(data) or b"{}")
    except (ValueError, RecursionError):
        raise HTTPException(400, "看不懂这个请求。") from None
    if not isinstance(value, dict):
        raise HTTPException(400, "看不懂这个请求。")
    return value


def text_of(value: dict[str, Any], key: str) -> str | None:
    """Return a text from a body, None if missing. Raises HTTPException for anything else."""
    found = value.get(key)
    if found is not None and not isinstance(found, str):
        raise HTTPException(400, "看不懂这个请求。")
    return found


def error_response(request: Request, problem: Exception) -> Response:
    """Return the response to one of our exceptions: its message, and data that a page needs."""
    assert isinstance(problem, SjsFormsError)
    status = next((code for kind, code in _STATUS if isinstance(problem, kind)), 500)
    message, remedy = error_on_page(problem)
    data: dict[str, Any] = {"message": message, "remedy": remedy}
    if isinstance(problem, StaleRevision):
        data["revision"] = problem.revision
    if isinstance(problem, AnswersDiffer):
        data["now"] = problem.now
    if isinstance(problem, Refused):
        first = shown(problem.findings, None)[:1]
        data["message"] = first[0].message if first else data["message"]
        data["remedy"] = first[0].remedy if first else data["remedy"]
        data["findings"] = [found.as_dict() for found in problem.findings]
    if isinstance(problem, UsageFault | MachineLacks) and _is_gone(request):
        data |= _GONE
        status = 503  # once the folder is back, the page saves what was typed
    return problem_answer(request, status, data)


def _is_gone(request: Request) -> bool:
    """Return whether the file of the open application no longer exists."""
    opened = workspace(request).live
    return opened is not None and not opened.file.is_file()


def invalid_request_response(request: Request, problem: Exception) -> Response:
    """Return the response to an invalid request."""
    assert isinstance(problem, HTTPException)
    known = problem.detail if not problem.detail.isascii() else "没有这一页。"
    return problem_answer(request, problem.status_code, {"message": known, "remedy": ""})


def fault_response(request: Request, problem: Exception) -> Response:
    """Return the response to any other exception; its details are in the log, not on the page.

    A full disk, a folder that cannot be written and the like are told as that, and are no fault.
    """
    known = as_own_error(problem)
    if not isinstance(known, Fault):
        return error_response(request, known)
    words = {"message": "这一步没有做成，是本软件的问题。", "remedy": "请刷新页面后再试。"}
    return problem_answer(request, 500, dict(words))
