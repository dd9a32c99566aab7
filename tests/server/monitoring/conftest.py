"""The busy arena, once for all who look at it."""

from __future__ import annotations

import pytest

from tests.server.monitoring.busy import Busy, lived


@pytest.fixture(scope="session")
async def busy(tmp_path_factory: pytest.TempPathFactory) -> Busy:
    """What an operator sees of a busy arena."""
    return await lived(tmp_path_factory.mktemp("busy"))
