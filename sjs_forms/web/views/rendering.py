"""The templates of the pages, and the page for an error."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_FOR_SCRIPTS = ("/api/", "/pictures/", "/static/")


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1_000_000 else f"{max(count // 1000, 1)} KB"


PAGES.filters["size"] = _size


def problem_answer(request: Request, status: int, data: dict[str, object]) -> Response:
    """Return the response to an error: JSON for a script, a page with a link for a person.

    `data` has `message` and `remedy`.
    """
    if request.method != "GET" or request.url.path.startswith(_FOR_SCRIPTS):
        return JSONResponse(data, status)
    return HTMLResponse(PAGES.get_template("problem.html").render(data), status)
