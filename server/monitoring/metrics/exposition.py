"""``/metrics``: who may read the numbers, and the answer."""

import hmac

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound
from server.auth.visitor import bearer_token
from server.monitoring.metrics.registry import written
from server.services import services_of
from server.settings import is_loopback


async def metrics(request: Request) -> Response:
    """The numbers, for the bearer of ``ARENA_METRICS_TOKEN`` or, without one, this machine."""
    if not _may_read(request):
        raise NotFound
    request.app.state.sampler.gather()
    return Response(written(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(request: Request) -> bool:
    wanted = services_of(request).settings.metrics_token
    if wanted:
        shown = bearer_token(request.headers) or ""
        return hmac.compare_digest(shown.encode(), wanted.encode())
    is_proxied = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    host = request.client.host if request.client else ""
    return is_loopback(host) and not is_proxied


routes = [Route("/metrics", metrics, name="metrics")]
