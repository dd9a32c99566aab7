"""The other nodes: who is there, who has come, who has gone.

Every node says once a second that it is alive. Who was not heard for a while is gone, whatever
has become of him; who ends in good order says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from server.realtime.relay.messages import Alive, Leaving
from server.realtime.relay.relay import Relay

log = structlog.get_logger(__name__)

BEAT_S = 1.0
GONE_S = 5.0
"""A node that was not heard for so long is gone."""

NODES_MAX = 1_000


@dataclass(slots=True)
class Node:
    """Another node, as it was heard last."""

    alive: Alive
    heard_at: float


class Nodes:
    """The nodes that this one hears of; the loop's clock measures silence."""

    def __init__(
        self, relay: Relay, say: Callable[[datetime], Alive], clock: Callable[[], datetime]
    ) -> None:
        self._relay = relay
        self._say = say
        self._clock = clock
        self._nodes: dict[str, Node] = {}
        self._expected: dict[str, float] = {}
        self.on_come: list[Callable[[str], None]] = []
        self.on_gone: list[Callable[[str], None]] = []
        relay.on(Alive, self._heard)
        relay.on(Leaving, lambda node, _: self._forget(node))

    def __len__(self) -> int:
        return len(self._nodes)

    def __contains__(self, node: str) -> bool:
        return node in self._nodes

    def expect(self, node: str) -> None:
        """Something was heard of a node: it is gone, too, if it does not say that it is alive."""
        if node not in self._nodes and len(self._expected) < NODES_MAX:
            self._expected.setdefault(node, _now())

    def beat(self) -> None:
        """Say that this node is there, and let go of those who say so no more."""
        self._relay.tell_all(self._say(self._clock()))
        for node in [name for name, each in self._nodes.items() if self._is_silent(each)]:
            log.warning("a node was not heard for a while", node=node)
            self._forget(node)
        for node in [name for name, at in self._expected.items() if _now() - at > GONE_S]:
            del self._expected[node]
            if node not in self._nodes:
                for each in self.on_gone:
                    each(node)

    def leave(self) -> None:
        """Say that this node ends."""
        self._relay.tell_all(Leaving())

    async def run(self) -> None:
        """Beat for ever."""
        while True:
            self.beat()
            await asyncio.sleep(BEAT_S)

    def _heard(self, node: str, alive: Alive) -> None:
        known = self._nodes.get(node)
        if known is None and len(self._nodes) >= NODES_MAX:
            return
        self._nodes[node] = Node(alive, _now())
        if known is None:
            log.info("a node has come", node=node, version=alive.version)
            for each in self.on_come:
                each(node)

    def _forget(self, node: str) -> None:
        if self._nodes.pop(node, None) is not None:
            for each in self.on_gone:
                each(node)

    @staticmethod
    def _is_silent(node: Node) -> bool:
        return _now() - node.heard_at > GONE_S


def _now() -> float:
    return asyncio.get_running_loop().time()
