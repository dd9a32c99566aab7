"""A span per request, named by the pattern of its route; only where traces are collected."""

from __future__ import annotations

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.middleware.requests import METHODS, QUIET, pattern_of
from server.monitoring.tracing.spans import span


class Traced:
    """Opens a span around each request and says how it ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET:
            await self._app(scope, receive, send)
            return
        status = 500

        async def noting_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"] if scope["method"] in METHODS else "other"
        with span(f"{method}", **{"http.request.method": method}) as opened:
            trace = f"{opened.get_span_context().trace_id:032x}" if opened is not None else None
            try:
                with structlog.contextvars.bound_contextvars(trace=trace):
                    await self._app(scope, receive, noting_send)
            finally:
                if opened is not None:
                    route = pattern_of(scope.get("route"))
                    opened.update_name(f"{method} {route}")
                    opened.set_attribute("http.route", route)
                    opened.set_attribute("http.response.status_code", status)
