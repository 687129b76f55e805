"""The application as ASGI: all routes behind the guard."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.web.access.guard import Address, Guard
from sjs_forms.web.access.keys import Keys
from sjs_forms.web.routes import (
    answer_routes,
    home_routes,
    import_routes,
    job_routes,
    page_routes,
    picture_routes,
)
from sjs_forms.web.routes.requests import error_response, fault_response, invalid_request_response
from sjs_forms.web.workspace.workspace import Workspace

_STATIC = Path(__file__).parent / "static"


def make_app(workspace: Workspace, address: Address, keys: Keys) -> ASGIApp:
    """Return the ASGI application with all routes and middleware."""
    app = Starlette(
        routes=[
            *page_routes.ROUTES,
            *answer_routes.ROUTES,
            *picture_routes.ROUTES,
            *job_routes.ROUTES,
            *home_routes.ROUTES,
            *import_routes.ROUTES,
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        exception_handlers={
            SjsFormsError: error_response,
            HTTPException: invalid_request_response,
            OSError: fault_response,
            MemoryError: fault_response,
            Exception: fault_response,
        },
    )
    app.state.workspace = workspace
    return Guard(app, address, keys)
