"""Some nodes, PostgreSQL and Valkey on this machine, as durable as in earnest; no proxy.

The proxy is left out because clients choose their node by turns, as it would for them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

from bench.load.databases import DurablePostgres, PostgresDatabases
from bench.load.population import Population
from bench.scale import meters
from bench.scale.meters import Processors, family
from bench.scale.sampling import Meter
from tests.harness.process import ArenaProcess
from tests.servers.valkey import Valkey, valkey


class Cluster:
    """A fresh database and ``nodes`` processes on it."""

    def __init__(self, databases: PostgresDatabases, folder: Path, *, nodes: int) -> None:
        self._databases = databases
        self._folder = folder
        self._count = nodes
        self._url = ""
        self.population = Population((), ())
        self.valkey: Valkey = valkey()
        self.nodes: list[ArenaProcess] = []

    @property
    def postgres(self) -> DurablePostgres:
        return self._databases.server

    def start(self, *, persons: int, rooms: int) -> Self:
        """Fill a database and start everything."""
        self.population, self._url = self._databases.filled(persons, rooms, None)
        self.valkey.start()
        redis = {"ARENA_REDIS_URL": self.valkey.url} if self._count > 1 else {}
        for number in range(1, self._count + 1):
            folder = self._folder / f"node-{number}"
            folder.mkdir(parents=True)
            node = ArenaProcess(self._url, folder, ARENA_DEMO="0", **redis)
            self.nodes.append(node)
            node.start()
        return self

    def stop(self) -> None:
        """End everything but PostgreSQL, which goes on to the next."""
        for node in self.nodes:
            if node.is_alive:
                node.stop()
        self.valkey.stop()

    def place(self, client: int, room: int, node: int) -> str:
        """Path, document, token and port of a client, as the generator reads them."""
        address = self.population.addresses[room]
        token = self.population.tokens[client]
        return f"/collab/{address} {address} {token} {self.nodes[node].port}"

    def meters(self) -> list[Meter]:
        """What is read while a load runs."""
        return [
            Processors("nodes_cpu_s", lambda: [node.pid for node in self.nodes]),
            Processors("database_cpu_s", lambda: family(self.postgres.pid)),
            Processors("relay_cpu_s", lambda: [self.valkey.pid]),
            meters.Postgres(self._url),
            meters.Valkey(self.valkey.url),
        ]
