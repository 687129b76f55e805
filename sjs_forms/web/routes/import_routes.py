"""Routes of 导入: receive Word forms or a roster, compare them, and apply the chosen answers."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sjs_forms.web.routes.requests import body, in_thread, live, text_of, workspace
from sjs_forms.web.views.rendering import DataResponse


async def add_file(request: Request) -> Response:
    """Receive a Word form or a roster; the body has its bytes. It is not read yet."""
    opened, here = live(request), workspace(request)
    view = await in_thread(opened.view)
    await here.importing.files.take(request, "表格.docx", view.programme.intake.max_bytes)
    return DataResponse({"names": here.importing.files.names})


async def read_words(request: Request) -> Response:
    """Read the received Word forms and compare them with the answers."""
    opened, importing = live(request), workspace(request).importing
    if not importing.files.files:
        raise HTTPException(400, "请先选填好的 Word 表格。")
    await in_thread(importing.read_words, opened.session)
    return DataResponse({})


async def read_roster(request: Request) -> Response:
    """Read the received roster; one with a single row is compared at once."""
    opened, importing = live(request), workspace(request).importing
    if not importing.files.files:
        raise HTTPException(400, "请先选填好的 Excel 名册。")
    await in_thread(importing.read_roster, opened.session)
    return DataResponse({})


async def choose_row(request: Request) -> Response:
    """Compare one row of the roster with the answers."""
    opened, importing, given = live(request), workspace(request).importing, await body(request)
    number = given.get("row")
    if not isinstance(number, int):
        raise HTTPException(400, "看不懂这个请求。")
    await in_thread(importing.choose_row, opened.session, number)
    return DataResponse({})


async def apply(request: Request) -> Response:
    """Apply the chosen answers."""
    opened, importing, given = live(request), workspace(request).importing, await body(request)
    paths = given.get("paths")
    if not isinstance(paths, list) or not all(isinstance(each, str) for each in paths):
        raise HTTPException(400, "看不懂这个请求。")
    await in_thread(importing.apply, opened.session, paths, text_of(given, "proposal") or "")
    return DataResponse({"taken": len(paths)})


async def drop(request: Request) -> Response:
    """Discard what was read; with `row`, only the choice of a row."""
    importing, given = workspace(request).importing, await body(request)
    if given.get("row") is True and len(importing.rows) > 1:
        importing.proposal = None
    else:
        await in_thread(importing.clear)
    return DataResponse({})


ROUTES = [
    Route("/api/import", add_file, methods=["POST"]),
    Route("/api/import/word", read_words, methods=["POST"]),
    Route("/api/import/roster", read_roster, methods=["POST"]),
    Route("/api/import/row", choose_row, methods=["POST"]),
    Route("/api/import/apply", apply, methods=["POST"]),
    Route("/api/import/drop", drop, methods=["POST"]),
]
