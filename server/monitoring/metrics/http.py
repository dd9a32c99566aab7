"""What is asked over HTTP, by the pattern of the route."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from server.monitoring.metrics.registry import REGISTRY

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
rate_limited_total = Counter(
    "arena_rate_limited_total",
    "Acts over HTTP that were one too many for their person or address.",
    registry=REGISTRY,
)

for _outcome in ("ok", "refused"):
    sign_ins_total.labels(_outcome)
