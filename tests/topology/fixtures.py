"""One topology per test module; where a test with it fails, its logs are shown."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from tests.topology.topology import Topology


@pytest.fixture(scope="module")
def topology() -> Iterator[Topology]:
    """A proxy, two nodes, PostgreSQL and Valkey; a test that hurts them heals them."""
    with Topology() as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, Any]:
    """Add the logs of the topology to what is shown of a failed test."""
    report = yield
    running = getattr(item, "funcargs", {}).get("topology")
    if report.failed and isinstance(running, Topology):
        report.sections.append(("logs of the topology", running.tails()))
    return report
