"""The committer: one document harms no other, and a database that is away is asked once."""

from __future__ import annotations

import asyncio
from typing import Any, cast
from unittest.mock import AsyncMock, patch
from uuid import uuid4

import pytest

from server.realtime.rooms.committer import Committer
from storage.database import StorageUnavailable
from storage.documents import Batch, Committed
from tests.storage.making import NOW


def a_batch() -> Batch:
    """An empty turn of some document."""
    return Batch(uuid4(), epoch=1, seq=1, access_version=0, rows=[], new_clients={})


async def outcomes_of(commit_batch: AsyncMock, batches: list[Batch]) -> list[Any]:
    """What becomes of the batches, handed in at once, if storage answers like this."""
    with patch("storage.documents.commit_batch", commit_batch):
        committer = Committer(cast("Any", None), lambda: NOW)
        running = asyncio.create_task(committer.run())
        waiting = (committer.commit(batch) for batch in batches)
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    return outcomes


async def test_s21_a_database_that_is_away_is_asked_once_for_all() -> None:
    away = AsyncMock(side_effect=StorageUnavailable("disk full"))
    outcomes = await outcomes_of(away, [a_batch() for _ in range(5)])
    assert [type(each) for each in outcomes] == [StorageUnavailable] * 5
    assert away.await_count == 1


async def test_s3_a_document_that_cannot_be_written_does_not_hold_up_the_others() -> None:
    bad, good = a_batch(), a_batch()

    async def commit(_database: Any, batches: list[Batch], _now: Any) -> dict[Any, Any]:
        if bad in batches:
            raise ValueError("a value that no column takes")
        return {batch.document_id: Committed(batch.seq) for batch in batches}

    outcomes = await outcomes_of(AsyncMock(side_effect=commit), [bad, good])
    assert isinstance(outcomes[0], ValueError)
    assert outcomes[1] == Committed(1)
