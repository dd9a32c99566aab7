"""Sends spans to the collector of the operator over OTLP/HTTP; the only user of OpenTelemetry.

What comes with a request has no say: a stranger's trace headers would decide what is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from server.monitoring.tracing.spans import Opened, trace_with
from server.settings import Misconfigured, Settings

SPANS_MAX: Final = 2_048
"""So many wait for a collector that is slow or away; later ones are dropped."""

SEND_S: Final = 5.0
PATH: Final = "/v1/traces"

MISSING: Final = (
    "ARENA_OTLP_URL is set, but the packages for it are not installed. Install "
    "requirements/telemetry.txt, or unset ARENA_OTLP_URL."
)


@contextmanager
def tracing(settings: Settings, node: str, version: str) -> Iterator[None]:
    """Trace while the block runs, if a collector is set; what waits is sent at the end."""
    if settings.otlp_url is None:
        yield
        return
    provider = _provider(settings, node, version, _exporter(settings.otlp_url))
    trace_with(_opener(provider))
    try:
        yield
    finally:
        trace_with(None)
        provider.shutdown()


def demand_packages(settings: Settings) -> None:
    """Return if traces can be sent, or are not wanted.

    Raises:
        Misconfigured: a collector is set and OpenTelemetry is not installed.
    """
    if settings.otlp_url is not None:
        _exporter(settings.otlp_url).shutdown()


def _exporter(url: str) -> Any:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise Misconfigured(MISSING) from error
    sender = OTLPSpanExporter(endpoint=url.rstrip("/") + PATH, timeout=SEND_S)
    return BatchSpanProcessor(sender, max_queue_size=SPANS_MAX)


def _provider(settings: Settings, node: str, version: str, processor: Any) -> Any:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    described = {
        "service.name": "arena",
        "service.version": version,
        "service.instance.id": node,
    }
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(settings.otlp_share)),
        resource=Resource.create(described),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(processor)
    return provider


def _opener(provider: Any) -> Any:
    """Opens spans; of an error they keep its kind, for its message may quote people."""
    from opentelemetry.trace import Status, StatusCode

    tracer = provider.get_tracer("arena")

    @contextmanager
    def opened(name: str, attributes: dict[str, str | int]) -> Iterator[Any]:
        with tracer.start_as_current_span(
            name,
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except BaseException as error:
                span.set_attribute("error.type", type(error).__qualname__)
                span.set_status(Status(StatusCode.ERROR))
                raise

    def open_span(name: str, attributes: dict[str, str | int]) -> Opened:
        return opened(name, attributes)

    return open_span
