"""What a request passes before any endpoint: origin, identity, language.

Sockets check origin and identity themselves, when they are opened.
"""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from collab.errors import NotAllowed, Refusal
from server.auth.visitor import authenticate, bearer_token, guest, origin_allowed
from server.errors import refused
from server.language import COOKIE, PARAMETER, language_of
from server.services import services_of
from server.settings import Settings

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# Nobody is anybody here: these answer machines, also when the database does not.
IMPERSONAL: Final = ("/assets/", "/healthz", "/readyz", "/metrics")
LANGUAGE_COOKIE_S = 365 * 24 * 3600


class OriginGuard:
    """Refuses requests that change something and come from a page that is not ours (CSRF)."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_checked = scope["type"] == "http" and scope["method"] not in SAFE
        if is_checked and not may_change(self._settings, Headers(scope=scope)):
            response = refused(HTTPConnection(scope), NotAllowed("foreign-origin"))
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


def may_change(settings: Settings, headers: Headers) -> bool:
    """Whether an unsafe request comes from our own pages, or from no browser at all."""
    if bearer_token(headers) and "cookie" not in headers:
        return True
    # Browsers set it and pages cannot; the Origin header decides where it is absent or "cross".
    if headers.get("sec-fetch-site") in {"same-origin", "none"}:
        return True
    if headers.get("sec-fetch-site") in {"same-site", "cross-site"}:
        return headers.get("origin") in {settings.address, *settings.origins}
    return origin_allowed(settings, headers)


class Identity:
    """Finds out who asks and in which language, before any endpoint runs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if scope["path"].startswith(IMPERSONAL):
            scope["state"]["visitor"] = guest(connection)
            await self._app(scope, receive, send)
            return
        try:
            scope["state"]["visitor"] = await authenticate(services_of(connection), connection)
        except Refusal as refusal:
            await refused(connection, refusal)(scope, receive, send)
            return
        await self._app(scope, receive, _remembering_language(connection, send))


def _remembering_language(connection: HTTPConnection, send: Send) -> Send:
    """Keep the wish of ``?lang=`` in a cookie."""
    language = language_of(connection.query_params.get(PARAMETER))
    if language is None:
        return send
    secure = "; Secure" if services_of(connection).settings.is_secure else ""
    cookie = f"{COOKIE}={language}; Path=/; Max-Age={LANGUAGE_COOKIE_S}; SameSite=Lax{secure}"

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("Set-Cookie", cookie)
        await send(message)

    return send_with_cookie
