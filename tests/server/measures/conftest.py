"""The arena with organisations, fresh for each module; what other topics want is there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.idea.arena_of_all import everyone
from tests.server.measures.measuring import Measures, grant_the_rest


@pytest.fixture(autouse=True)
def _granted(monkeypatch: pytest.MonkeyPatch) -> None:
    grant_the_rest(monkeypatch)


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Measures]:
    folder: Path = tmp_path_factory.mktemp("measures")
    async with everyone(folder, var=folder) as found:
        yield await Measures.begun(found)
