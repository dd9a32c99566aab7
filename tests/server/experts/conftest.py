"""The arena with a person of every role, in which nobody has declared anything yet."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from storage.database import METADATA
from tests.server.idea.arena_of_all import Everyone, everyone


@pytest.fixture(scope="module")
async def everybody(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    folder: Path = tmp_path_factory.mktemp("experts")
    async with everyone(folder) as arena:
        yield arena


@pytest.fixture
async def arena(everybody: Everyone) -> Everyone:
    async with everybody.arena.services.database.write() as tx:
        for name in ("expert_invitation", "expert_topic", "expert_profile"):
            await tx.run(delete(METADATA.tables[name]))
    return everybody
