"""One log line and two measurements per request."""

import time
from http import HTTPStatus
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.monitoring.metrics.http import request_seconds, requests_total

QUIET = frozenset({"/healthz", "/readyz", "/metrics", "/assets"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger("arena.request")


class RequestLog:
    """Names each request by a fresh id, logs how it ended, and counts it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        scope["state"]["request_id"] = request_id
        status = HTTPStatus.INTERNAL_SERVER_ERROR.value

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                _note(scope, status, time.perf_counter() - started)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = pattern_of(scope.get("route"))
    method = scope["method"] if scope["method"] in METHODS else "other"
    requests_total.labels(method, route, str(status)).inc()
    request_seconds.labels(route).observe(seconds)
    level = "debug" if route in QUIET else "info"
    getattr(log, level)("request", method=method, route=route, status=status, ms=_ms(seconds))


def pattern_of(route: BaseRoute | None) -> str:
    """The route's path with its placeholders; paths themselves may contain secrets."""
    return str(getattr(route, "path", "none"))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
