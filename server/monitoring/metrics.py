"""Counts and timings for Prometheus; labels are small fixed sets, never ids or names."""

import hmac

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound
from server.auth.visitor import bearer_token
from server.services import services_of
from server.settings import is_loopback

REGISTRY = CollectorRegistry()
disable_created_metrics()  # type: ignore[no-untyped-call]

requests_total = Counter(
    "arena_http_requests_total", "HTTP requests.", ["method", "route", "status"], registry=REGISTRY
)
request_seconds = Histogram(
    "arena_http_request_seconds",
    "Time until the response had been sent.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
sign_ins_total = Counter(
    "arena_sign_ins_total", "Attempts to sign in.", ["outcome"], registry=REGISTRY
)
mails_total = Counter(
    "arena_mails_total",
    "Mails: sent, failed (one attempt), given up after the last attempt, or refused.",
    ["outcome"],
    registry=REGISTRY,
)


async def metrics(request: Request) -> Response:
    """The numbers, for the bearer of ``ARENA_METRICS_TOKEN`` or, without one, this machine."""
    if not _may_read(request):
        raise NotFound
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(request: Request) -> bool:
    wanted = services_of(request).settings.metrics_token
    if wanted:
        shown = bearer_token(request.headers) or ""
        return hmac.compare_digest(shown.encode(), wanted.encode())
    is_proxied = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    host = request.client.host if request.client else ""
    return is_loopback(host) and not is_proxied


routes = [Route("/metrics", metrics, name="metrics")]
