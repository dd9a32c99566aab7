"""The headers that keep a page to itself, and what may be kept in caches."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.auth.device import say_who_is_signed_in
from server.auth.visitor import Visitor

TRUSTED_TYPES = "arena arena-worker ProseMirrorClipboard"
CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        f"trusted-types {TRUSTED_TYPES}",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TLS_ONLY = "max-age=31536000"
VARIES = ("Cookie", "Authorization", "Accept-Language", "Accept")


class SecurityHeaders:
    """Adds the headers to every response; what an endpoint has set itself stays."""

    def __init__(self, app: ASGIApp, is_secure: bool) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if is_secure:
            self._headers["Strict-Transport-Security"] = TLS_ONLY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                visitor = scope["state"].get("visitor")
                known = visitor if isinstance(visitor, Visitor) else None
                _say_who_may_keep_it(headers, known)
                say_who_is_signed_in(headers, known)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _say_who_may_keep_it(headers: MutableHeaders, visitor: Visitor | None) -> None:
    """Pages depend on person and language; a signed-in person's are kept nowhere."""
    if "cache-control" in headers:
        return
    is_personal = visitor is not None and visitor.is_signed_in
    headers["Cache-Control"] = "no-store" if is_personal else "private, no-cache"
    for name in VARIES:
        headers.add_vary_header(name)
