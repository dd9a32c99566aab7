"""The demonstration of the run, to read."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.harness.fixtures import Demonstration


@pytest.fixture(scope="module")
async def filled(
    demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Database]:
    """A database that holds the demonstration; the tests only read it."""
    database = await Database.open(demonstration.copy_to(tmp_path_factory.mktemp("filled")))
    yield database
    await database.close()
