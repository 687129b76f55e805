"""Routes of 导入: Word forms or a roster come in, are compared, and what is chosen is taken."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sjs_forms.web.routes.requests import beside, body, live, workspace


async def add_file(request: Request) -> Response:
    """A Word form or a roster: its bytes are the body; nothing is read yet."""
    opened, here = live(request), workspace(request)
    view = await beside(opened.view)
    await here.importing.files.take(request, "表格.docx", view.programme.intake.max_bytes)
    return JSONResponse({"names": here.importing.files.names})


async def read_words(request: Request) -> Response:
    """Read the Word forms that were sent and compare them with the answers."""
    opened, importing = live(request), workspace(request).importing
    if not importing.files.files:
        raise HTTPException(400, "请先选填好的 Word 表格。")
    await beside(importing.read_words, opened.session)
    return JSONResponse({})


async def read_roster(request: Request) -> Response:
    """Read the roster that was sent; one with a single row is compared at once."""
    opened, importing = live(request), workspace(request).importing
    if not importing.files.files:
        raise HTTPException(400, "请先选填好的 Excel 名册。")
    await beside(importing.read_roster, opened.session)
    return JSONResponse({})


async def choose_row(request: Request) -> Response:
    """Compare one row of the roster with the answers."""
    opened, importing, given = live(request), workspace(request).importing, await body(request)
    number = given.get("row")
    if not isinstance(number, int):
        raise HTTPException(400, "看不懂这个请求。")
    await beside(importing.choose_row, opened.session, number)
    return JSONResponse({})


async def apply(request: Request) -> Response:
    """Take the chosen answers."""
    opened, importing, given = live(request), workspace(request).importing, await body(request)
    paths = given.get("paths")
    if not isinstance(paths, list) or not all(isinstance(each, str) for each in paths):
        raise HTTPException(400, "看不懂这个请求。")
    await beside(importing.apply, opened.session, paths)
    return JSONResponse({"taken": len(paths)})


async def drop(request: Request) -> Response:
    """Forget what was read; with `row` only which row was chosen."""
    importing, given = workspace(request).importing, await body(request)
    if given.get("row") is True and len(importing.rows) > 1:
        importing.proposal = None
    else:
        await beside(importing.clear)
    return JSONResponse({})


ROUTES = [
    Route("/api/import", add_file, methods=["POST"]),
    Route("/api/import/word", read_words, methods=["POST"]),
    Route("/api/import/roster", read_roster, methods=["POST"]),
    Route("/api/import/row", choose_row, methods=["POST"]),
    Route("/api/import/apply", apply, methods=["POST"]),
    Route("/api/import/drop", drop, methods=["POST"]),
]
