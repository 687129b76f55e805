"""Routes around an application: opening one, new ones, the sample, Word forms, and the end."""

from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.domain.places import where
from sjs_forms.web.recent_folders import new_folder, new_sample, recent
from sjs_forms.web.routes.requests import beside, body, live, text_of, workspace
from sjs_forms.web.wording.page_words import plain_words
from sjs_forms.web.workspace import Workspace


async def open_application(request: Request) -> Response:
    """Open a recent application, a new one, or a copy of the sample."""
    here, given = workspace(request), await body(request)
    place = await beside(_place, given)
    await beside(here.open, place)
    return JSONResponse({})


def _place(given: dict[str, Any]) -> Path:
    if given.get("sample") is True:
        return new_sample()
    name = text_of(given, "name")
    if name is not None:
        if not name.strip():
            raise HTTPException(400, "请写上单位名称。")
        return new_folder(name)
    chosen = text_of(given, "id")
    found = next((each for each in recent() if each.id == chosen), None)
    if found is None:
        raise HTTPException(404, "这个文件夹已经不在了。")
    return found.path


async def leave(request: Request) -> Response:
    """Close the application, back to the choice of one."""
    await beside(workspace(request).leave)
    return JSONResponse({})


async def end(request: Request) -> Response:
    """End the server, once this answer is on its way."""
    workspace(request).end()
    return JSONResponse({})


async def add_word(request: Request) -> Response:
    """A filled Word form: its bytes are the body; nothing is read yet."""
    opened, here = live(request), workspace(request)
    view = await beside(opened.view)
    await here.words.take(request, "表格.docx", view.programme.intake.max_bytes)
    return JSONResponse({"names": here.words.names})


async def read_words(request: Request) -> Response:
    """Read the Word forms that were sent and hold them against the answers."""
    opened, here = live(request), workspace(request)
    if not here.words.files:
        raise HTTPException(400, "请先选填好的 Word 表格。")
    try:
        here.proposal = await beside(opened.session.import_word, list(here.words.files))
    except SjsFormsError as problem:
        raise _with_names(problem, here) from problem
    finally:
        await beside(here.words.clear)
    return JSONResponse({})


def _with_names(problem: SjsFormsError, here: Workspace) -> SjsFormsError:
    """The same error, speaking of files by their names and not by where they lie on the way."""
    problem.message = here.words.named(problem.message)
    problem.remedy = here.words.named(problem.remedy)
    return problem


async def apply_word(request: Request) -> Response:
    """Take the chosen answers from the Word forms that were read."""
    opened, here, given = live(request), workspace(request), await body(request)
    paths = given.get("paths")
    if here.proposal is None:
        raise HTTPException(409, "请重新选一次 Word 表格。")
    if not isinstance(paths, list) or not all(isinstance(each, str) for each in paths):
        raise HTTPException(400, "看不懂这个请求。")
    await beside(opened.session.apply, here.proposal, paths)
    here.proposal = None
    return JSONResponse({"taken": len(paths)})


async def drop_word(request: Request) -> Response:
    """Forget the Word forms that were read."""
    workspace(request).proposal = None
    return JSONResponse({})


def proposal_view(here: Workspace) -> dict[str, Any] | None:
    """What Word forms say otherwise, for the page; None where none were read."""
    if here.proposal is None:
        return None
    proposal = here.proposal.proposal
    choosable = {where(each.place) for each in proposal.choices}
    return {
        "rows": [
            {
                "path": where(each.place),
                "label": each.label,
                "ours": each.ours,
                "theirs": each.theirs,
                "is_choice": where(each.place) in choosable,
            }
            for each in proposal.unlike
        ],
        "findings": [
            (plain_words(found.message, f"“{found.label}”请对照 Word 表格核对。"),
             plain_words(found.remedy, "请在“填写”页核对这一项。"))
            for found in proposal.transcript.findings
        ],
        "unplaced": [(each.label, each.text) for each in proposal.transcript.unplaced],
    }  # fmt: skip


ROUTES = [
    Route("/api/open", open_application, methods=["POST"]),
    Route("/api/leave", leave, methods=["POST"]),
    Route("/api/end", end, methods=["POST"]),
    Route("/api/word", add_word, methods=["POST"]),
    Route("/api/word/read", read_words, methods=["POST"]),
    Route("/api/word/apply", apply_word, methods=["POST"]),
    Route("/api/word/drop", drop_word, methods=["POST"]),
]
