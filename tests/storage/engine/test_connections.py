"""How many connections to PostgreSQL one process opens, and what for."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url, text

from storage.database import Database
from storage.engine.connect import CONNECTIONS, CONNECTIONS_MIN, shares
from tests.harness.waiting import until_async, until_true

POSTGRESQL = make_url("postgresql+asyncpg://here/arena")


@pytest.mark.parametrize("connections", [CONNECTIONS_MIN, 9, CONNECTIONS, 500])
def test_t76_connections_are_dealt_to_the_last_and_nothing_is_left_without(
    connections: int,
) -> None:
    dealt = shares(POSTGRESQL, connections)
    assert dealt.all == connections
    assert min(dealt.read, dealt.write, dealt.holding, dealt.group) >= 1


def test_t76_a_process_wants_no_more_than_twenty() -> None:
    assert shares(POSTGRESQL).all <= 20


class Lasting:
    """Work on a native connection that goes on until it is told to end."""

    def __init__(self, ends: asyncio.Event) -> None:
        self._ends = ends

    def in_sqlite(self, connection: object) -> None:
        raise AssertionError("this is about PostgreSQL")

    async def in_postgresql(self, connection: Any) -> None:
        await connection.execute("SELECT 1")
        await self._ends.wait()


async def test_t76_a_process_never_holds_more_connections_than_it_may(postgres_url: str) -> None:
    database = await Database.open(postgres_url, CONNECTIONS_MIN)
    ends, begun = asyncio.Event(), 0

    async def lasts(kind: str) -> None:
        nonlocal begun
        async with database.read() if kind == "read" else database.write() as tx:
            await tx.run(text("SELECT 1"))
            begun += 1
            await ends.wait()

    most = database.shares
    many = 2 * CONNECTIONS_MIN
    tasks = [asyncio.create_task(lasts(kind)) for kind in ("read", "write") * many]
    tasks += [asyncio.create_task(database.hold(Lasting(ends))) for _ in range(many)]
    tasks += [asyncio.create_task(database.run_natively(Lasting(ends))) for _ in range(many)]
    watching = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    counting = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )

    async def all_are_open() -> bool:
        return bool(await watching.fetchval(counting) >= most.all)

    try:
        await until_true(lambda: begun == most.read + most.write, "the pools are exhausted")
        waiting = 2 * many - begun
        await until_true(lambda: database.load.waiting == waiting, "the others wait")
        await until_async(all_are_open, "every kind of work has what it may")
        assert await watching.fetchval(counting) == CONNECTIONS_MIN
        ends.set()
        await asyncio.gather(*tasks)
        assert begun == 2 * many, "whoever waited had his turn"
        assert await watching.fetchval(counting) == CONNECTIONS_MIN
    finally:
        ends.set()
        await watching.close()
        await database.close()
