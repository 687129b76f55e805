"""Templates of the pages, and the page that stands in for one that cannot be shown."""

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
    """What went wrong: JSON for a script, and for a person a page that leads on.

    `data` has `message` and `remedy`.
    """
    if request.method != "GET" or request.url.path.startswith(_FOR_SCRIPTS):
        return JSONResponse(data, status)
    return HTMLResponse(PAGES.get_template("problem.html").render(data), status)
