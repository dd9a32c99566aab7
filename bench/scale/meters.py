"""What is counted: processor time (Linux only), and what the servers say of themselves."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
from redis import Redis

TICKS_PER_S = os.sysconf("SC_CLK_TCK")

Pids = Callable[[], list[int]]


class Processors:
    """Seconds of processor that some processes have used."""

    def __init__(self, name: str, pids: Pids) -> None:
        self._name = name
        self._pids = pids

    def read(self) -> dict[str, float]:
        return {self._name: sum(map(used_s, self._pids()))}

    def close(self) -> None: ...


class Postgres:
    """Transactions, changed rows and bytes of log of one database."""

    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner()
        self._url = url
        self._connection: Any = None

    def read(self) -> dict[str, float]:
        return self._runner.run(self._read())

    def close(self) -> None:
        self._runner.run(self._connection.close())
        self._runner.close()

    async def _read(self) -> dict[str, float]:
        if self._connection is None:
            self._connection = await asyncpg.connect(self._url)
        row = await self._connection.fetchrow(
            "SELECT xact_commit, tup_inserted + tup_updated + tup_deleted,"
            " pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"
            " FROM pg_stat_database WHERE datname = current_database()"
        )
        return {"commits": float(row[0]), "rows": float(row[1]), "log_bytes": float(row[2])}


class Valkey:
    """Publications, and bytes that went out to whoever listens."""

    def __init__(self, url: str) -> None:
        self._client = Redis.from_url(url)

    def read(self) -> dict[str, float]:
        commands: dict[str, Any] = self._client.info("commandstats")
        stats: dict[str, Any] = self._client.info("stats")
        published = commands.get("cmdstat_publish", {"calls": 0})["calls"]
        out = stats["total_net_output_bytes"]
        return {"publications": float(published), "relayed_bytes": float(out)}

    def close(self) -> None:
        self._client.close()


def family(pid: int) -> list[int]:
    """A process and its children, as PostgreSQL's backends are."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [pid, *map(int, listed.read_text().split())] if listed.exists() else [pid]


def used_s(pid: int) -> float:
    """Seconds of processor that all threads of a process have used; 0 if it has gone."""
    nanoseconds = 0
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            nanoseconds += int((task / "schedstat").read_text().split()[0])
    except (OSError, IndexError, ValueError):
        return _ticks(pid) / TICKS_PER_S
    return nanoseconds / 1e9


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])
