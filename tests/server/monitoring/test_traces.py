"""Traces: nothing of them while nobody collects, and of an error only its kind."""

from __future__ import annotations

import builtins
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from collab.process.actors import Role
from server.actions import people
from server.monitoring.tracing import export
from server.monitoring.tracing.export import demand_packages
from server.monitoring.tracing.spans import is_tracing, span
from server.settings import Misconfigured, load_settings
from tests.server.monitoring.busy import MARKED
from tests.server.running import running
from tests.sources import ROOT

URL = "http://127.0.0.1:4318"


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Where spans go instead of a collector."""
    memory = InMemorySpanExporter()
    monkeypatch.setattr(export, "_exporter", lambda _url: SimpleSpanProcessor(memory))
    return memory


def test_t57_without_a_collector_nothing_of_it_is_loaded() -> None:
    """The client of the broker looks for parts of OpenTelemetry by itself; these are ours."""
    program = (
        "import sys; from server.app import build_app; from server.settings import load_settings;"
        "build_app(load_settings()); print([name for name in sys.modules if name.startswith("
        "('opentelemetry.exporter', 'opentelemetry.sdk.trace.export', 'opentelemetry.proto'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_t57_without_a_collector_a_span_is_nothing() -> None:
    assert not is_tracing()
    with span("commit", documents=1) as opened:
        assert opened is None
    assert span("commit") is span("job")


def test_t57_a_collector_without_the_packages_refuses_to_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    imported = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name.startswith("opentelemetry"):
            raise ImportError(name)
        return imported(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Misconfigured, match=r"requirements/telemetry\.txt"):
        demand_packages(load_settings(otlp_url=URL))
    demand_packages(load_settings())


@pytest.mark.parametrize(
    "wrong", ["collector:4318", "ftp://collector", "http://", "http://collector:4318?token=x"]
)
def test_t57_a_wrong_address_is_refused_by_its_name(wrong: str) -> None:
    with pytest.raises(Misconfigured, match="ARENA_OTLP_URL"):
        load_settings(otlp_url=wrong)


@pytest.mark.parametrize("wrong", [-0.1, 1.1])
def test_t57_a_wrong_share_is_refused_by_its_name(wrong: float) -> None:
    with pytest.raises(Misconfigured, match="ARENA_OTLP_SHARE"):
        load_settings(otlp_share=wrong)


async def test_t57_of_an_error_only_its_kind_is_told(
    tmp_path: Path, exported: InMemorySpanExporter
) -> None:
    async with running(tmp_path, otlp_url=URL, otlp_share=1.0) as arena:
        with pytest.raises(ValueError, match=MARKED), span("job mail-leaves"):
            raise ValueError(f"no mail to {MARKED}")
        await people.add_person(
            arena.services, None, handle="ana", name=MARKED, roles=[Role.PARTICIPANT]
        )
        strange = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
        await arena.client.get(f"/people/{MARKED}?q={MARKED}", headers=strange)
    spans = {each.name: each for each in exported.get_finished_spans()}
    failed = spans["job mail-leaves"]
    assert failed.attributes == {"error.type": "ValueError"}
    assert not failed.events
    assert "action people.add_person" in spans
    assert MARKED not in "".join(each.to_json() for each in spans.values())
    assert f"{int('a' * 32, 16):x}" not in "".join(each.to_json() for each in spans.values())
    assert not is_tracing()


async def test_t57_so_many_traces_are_kept_as_was_said(
    tmp_path: Path, exported: InMemorySpanExporter
) -> None:
    async with running(tmp_path, otlp_url=URL, otlp_share=0.0) as arena:
        await arena.client.get("/")
    assert not exported.get_finished_spans()
