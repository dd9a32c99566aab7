"""The evening that tests of workshops share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.workshop.evening import Evening, evening


@pytest.fixture
async def kiez(tmp_path: Path) -> AsyncIterator[Evening]:
    async with evening(tmp_path) as found:
        yield found
