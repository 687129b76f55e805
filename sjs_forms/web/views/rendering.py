"""The templates of the pages, and the page for an error."""

import json
import math
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

_SURROGATES = re.compile("[\ud800-\udfff]")
"""What stands for bytes of a file's name that are not UTF-8; it has no encoding."""

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


class PageResponse(HTMLResponse):
    """A page as a response; characters that cannot be encoded are shown as a question mark."""

    def render(self, content: str) -> bytes:
        """Return the bytes."""
        return _SURROGATES.sub("\ufffd", content).encode("utf-8")


class DataResponse(JSONResponse):
    """JSON as a response, whatever an applicant's JSON and names of files contain."""

    def render(self, content: Any) -> bytes:
        """Return the bytes. What browsers do not parse (NaN, Infinity) becomes null."""
        try:
            text = json.dumps(content, allow_nan=False)
        except ValueError:
            text = json.dumps(_finite(content), allow_nan=False)
        return text.encode("ascii")


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def problem_answer(request: Request, status: int, data: dict[str, object]) -> Response:
    """Return the response to an error: JSON for a script, a page with a link for a person.

    `data` has `message` and `remedy`.
    """
    if request.method != "GET" or request.url.path.startswith(_FOR_SCRIPTS):
        return DataResponse(data, status)
    return PageResponse(PAGES.get_template("problem.html").render(data), status)
