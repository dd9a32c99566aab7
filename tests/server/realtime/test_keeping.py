"""What a room derives from its document: snapshots that are sure to read as the log does."""

import pytest

from collab.sync.messages import Acknowledged
from collab.sync.text import DossierText, sha256
from server.realtime.rooms import keeping
from storage import documents
from storage.database import Database
from storage.log.rows import SNAPSHOT
from tests.server.realtime.table import Table, laid


async def snapshots(database: Database) -> int:
    async with database.read() as tx:
        return len((await tx.run(SNAPSHOT.select())).all())


async def written(table: Table, paragraphs: int) -> None:
    ana = await table.sit()
    for number in range(paragraphs):
        await table.type(ana, f"Absatz {number}")
        await ana.until(Acknowledged, number + 1)
    await table.hub.flush(table.document_id)


async def test_a_long_tail_becomes_a_snapshot_and_the_log_stays(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SNAPSHOT_ROWS", 5)
    async with laid(database) as table:
        await written(table, 6)
        assert await snapshots(database) == 1
        async with database.read() as tx:
            assert len(await documents.log(tx, table.document_id, 1)) == 7


async def test_s7_a_state_that_would_read_differently_is_no_snapshot(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SNAPSHOT_ROWS", 5)
    calls = iter(range(1_000))

    def differing(text: DossierText) -> str:
        return f"{sha256(text)[:-4]}{next(calls):04}"

    async with laid(database) as table:
        monkeypatch.setattr(keeping, "sha256", differing)
        await written(table, 6)
        assert await snapshots(database) == 0
