"""Checks host, one-time link, cookie and origin of every request, and adds headers to responses.

A page of another site may make the browser send requests here. Such a request fails, because it
names another host (DNS rebinding) or has no cookie (SameSite=Strict). Nor can it have our header
without a preflight, which is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sjs_forms.web.access.keys import Keys
from sjs_forms.web.access.running_servers import LINK_PATH, SECRET_HEADER

WRITE_HEADER = "x-sjs-forms"
"""Header of every write; other sites cannot send it without a preflight, which is refused."""
_READS = ("GET", "HEAD")
_OPEN, _STATIC = "/open", "/static/"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "img-src 'self' blob:",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Address:
    """The address of the server: its host names and its port."""

    names: tuple[str, ...]
    port: int

    @property
    def hosts(self) -> frozenset[str]:
        """The accepted values of the Host header."""
        return frozenset(f"{name}:{self.port}" for name in self.names)

    @property
    def cookie(self) -> str:
        """The name of the cookie, with the port in it, because cookies are shared by all ports."""
        return f"sjs-forms-{self.port}"


class Guard:
    """ASGI middleware that passes on only requests of our own pages."""

    def __init__(self, app: ASGIApp, address: Address, keys: Keys) -> None:
        self._app, self._address, self._keys = app, address, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on and add the headers to its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        answer = self._refusal(scope, Headers(scope=scope))
        await (answer or self._app)(scope, receive, guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Return the response to a request that is not passed on, or None."""
        if headers.getlist("host") not in [[host] for host in self._address.hosts]:
            return PlainTextResponse("421 Misdirected Request", status_code=421)
        method, path = scope["method"], scope["path"]
        if path == _OPEN and method == "GET":
            return self._opened(scope)
        if path.startswith(_STATIC) and method in _READS:
            return None
        if path == LINK_PATH and method == "POST" and SECRET_HEADER in headers:
            if not self._keys.is_secret(headers[SECRET_HEADER]):
                return PlainTextResponse("403 Forbidden", status_code=403)
            return JSONResponse({"token": self._keys.new_link()})
        if not self._keys.has_issued(self._cookie(headers)):
            return _no_entry("请从打开本软件时弹出的页面进入。")
        if method not in _READS and not self._is_own_write(headers):
            return PlainTextResponse("403 Forbidden", status_code=403)
        return None

    def _opened(self, scope: Scope) -> Response:
        tokens = parse_qs(scope["query_string"].decode("latin-1")).get("t", [""])
        cookie = self._keys.exchange(tokens[0])
        if cookie is None:
            return _no_entry("这个链接已经用过，或不是这一次打开的。")
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(self._address.cookie, cookie, httponly=True, samesite="strict", path="/")
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    def _cookie(self, headers: Headers) -> str:
        # Other programs of this machine may have set cookies that http.cookies does not parse.
        pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
        return next((value for name, _, value in pairs if name == self._address.cookie), "")

    def _is_own_write(self, headers: Headers) -> bool:
        origin = headers.get("origin", "")
        site = headers.get("sec-fetch-site", "same-origin")
        return (
            origin == f"http://{headers['host']}"
            and headers.get(WRITE_HEADER) == "1"
            and site == "same-origin"
        )


def _no_entry(why: str) -> Response:
    page = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>无法打开</title><link rel="stylesheet" href="/static/style.css">'
        f'<main class="page narrow"><h1>无法打开</h1><p>{why}</p>'
        "<p>页面若还开着，可以接着用；已经关掉的，请重新打开本软件。</p></main></html>"
    )
    return HTMLResponse(page, status_code=403)
