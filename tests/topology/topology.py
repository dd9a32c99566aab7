"""Proxy, nodes, PostgreSQL and Valkey together: started, hurt, healed and ended as one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from tests.harness.fixtures import HANDLES, settle
from tests.harness.process import ArenaProcess
from tests.harness.waiting import until
from tests.servers.caddy import Caddy, caddy
from tests.servers.postgresql import postgres
from tests.servers.valkey import valkey
from tests.topology.node import Node

NODES_MAX = 3
SEEN_S = 60
PROBE = "/seen-by-the-proxy"
"""A page that is not there: what it costs is the least, and it is logged all the same."""


class Topology:
    """What compose.yaml runs, on free ports of this machine.

    Every node reaches the servers over lines of its own (``Node.database``, ``Node.redis``), which
    can be cut or stalled. All nodes share one ``ARENA_VAR``, as the replicas of compose.yaml do.
    """

    def __init__(self, *, nodes: int = 2, is_secure: bool = False, **variables: str) -> None:
        assert 1 <= nodes <= NODES_MAX
        self.folder = Path(tempfile.mkdtemp(prefix="arena-topology-"))
        self.postgres = postgres(durable=True)
        self.valkey = valkey()
        self.proxy: Caddy = caddy(is_secure=is_secure)
        self.nodes: list[Node] = []
        self.tokens: dict[str, str] = {}
        """A bearer token per person, by handle."""
        self._count = nodes
        self._variables = {
            "ARENA_LOG_FORMAT": "json",
            "ARENA_PROXIES": "127.0.0.1",
            "ARENA_VAR": str(self.folder / "var"),
            **variables,
        }

    @property
    def origin(self) -> str:
        """Where browsers find Arena: the proxy."""
        return self.proxy.url

    # Life.

    def start(self, handles: Sequence[str] = HANDLES) -> Self:
        """Start everything; returns when every node is ready and the proxy sends to each."""
        try:
            self.postgres.start()
            self.valkey.start()
            self.tokens = settle(ArenaProcess(self.postgres.url, self.folder), handles)
            self.nodes = [self._node(number) for number in range(1, self._count + 1)]
            self.proxy.upstreams = [node.upstream for node in self.nodes]
            self.proxy.start()
            self._launch(self.nodes)
            self.until_seen()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End everything, in whatever state it is, and remove it."""
        for end in (
            self.proxy.stop,
            *(node.end for node in self.nodes),
            self.valkey.stop,
            self.postgres.stop,
        ):
            end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # What can be done to all of it; to a part it is done at the part.

    def rolling_restart(self) -> None:
        """Restart one node after the other, each ready and seen before the next ends."""
        for node in self.nodes:
            node.restart()
            self.until_seen([node])

    def heal(self) -> None:
        """Let everything run again that was killed, paused or cut; returns when all are seen."""
        for node in self.nodes:
            node.database.heal()
            node.redis.heal()
            if node.is_alive:
                node.resume()
        for server in (self.postgres, self.valkey, self.proxy):
            if server.is_alive:
                server.resume()
            else:
                server.restart()
        self._launch([node for node in self.nodes if not node.is_alive])
        self.until_seen()

    def until_seen(self, nodes: Sequence[Node] | None = None) -> None:
        """Wait until the proxy has sent a request to each of the nodes."""
        waited_for = self.nodes if nodes is None else nodes
        before = {node.name: sum(node.served().values()) for node in waited_for}

        def all_seen() -> bool:
            self.proxy.status_of(PROBE)
            return all(sum(node.served().values()) > before[node.name] for node in waited_for)

        names = ", ".join(before)
        until(all_seen, f"the proxy sends to {names}\n{self.tails()}", timeout_s=SEEN_S)

    def tails(self) -> str:
        """The ends of all logs, for messages of failed tests."""
        logs = {node.name: node.tail() for node in self.nodes}
        logs |= {server.name: server.tail() for server in (self.proxy, self.postgres, self.valkey)}
        return "\n".join(f"--- {name}\n{tail}" for name, tail in logs.items())

    def _node(self, number: int) -> Node:
        return Node(
            number,
            self.folder,
            database_url=self.postgres.url,
            redis_url=self.valkey.url,
            **self._variables,
        )

    def _launch(self, nodes: Sequence[Node]) -> None:
        """Start the nodes side by side."""
        for node in nodes:
            node.launch(ARENA_BASE_URL=self.origin)
        for node in nodes:
            node.until_ready()
