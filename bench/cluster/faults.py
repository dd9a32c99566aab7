"""What can happen to a part of the topology, and how it is done to it.

Everything here blocks: it is called in a thread, beside the people who type.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from tests.servers.valkey import Valkey
from tests.topology.node import Node
from tests.topology.topology import Topology

ANSWER_S: Final = 5


class Fault(StrEnum):
    """One kind of blow."""

    NODE_KILLED = "node killed"
    NODE_PAUSED = "node paused"
    REDIS_KILLED = "Redis killed"
    REDIS_FLUSHED = "Redis flushed"
    REDIS_PAUSED = "Redis paused"
    REDIS_CUT_OFF = "node cut off from Redis"
    REDIS_STALLED = "line of a node to Redis stalled"
    DATABASE_KILLED = "PostgreSQL killed"
    DATABASE_RESTARTED = "PostgreSQL restarted in order"
    DATABASE_CUT_OFF = "node cut off from PostgreSQL"
    DATABASE_STALLED = "line of a node to PostgreSQL stalled"
    NODES_RESTARTED = "rolling restart"
    PROXY_KILLED = "proxy killed"
    PROXY_RESTARTED = "proxy restarted in order"


DATABASE_IS_AWAY: Final = frozenset({Fault.DATABASE_KILLED, Fault.DATABASE_RESTARTED})
"""Meanwhile nobody can look into the log."""

IN_ORDER: Final = frozenset(
    {Fault.REDIS_FLUSHED, Fault.NODES_RESTARTED, Fault.PROXY_RESTARTED, Fault.PROXY_KILLED}
)
"""Nothing that holds text dies without a word."""


def strike(topology: Topology, fault: Fault, number: int) -> None:
    """Let it happen; where it happens to one node it is the one with this number."""
    _STRIKES[fault](topology, struck(topology, number))


def struck(topology: Topology, number: int) -> Node:
    """The node of this number, whose turn comes round."""
    return topology.nodes[number % len(topology.nodes)]


def _flush(valkey: Valkey) -> None:
    """Let it forget everything that it was told."""
    with socket.create_connection(("127.0.0.1", valkey.port), timeout=ANSWER_S) as connection:
        connection.sendall(b"FLUSHALL\r\n")
        answer = connection.recv(16)
    assert answer.startswith(b"+OK"), answer


_STRIKES: Final[Mapping[Fault, Callable[[Topology, Node], None]]] = {
    Fault.NODE_KILLED: lambda _, node: node.kill(),
    Fault.NODE_PAUSED: lambda _, node: node.pause(),
    Fault.REDIS_KILLED: lambda all_, _: all_.valkey.kill(),
    Fault.REDIS_FLUSHED: lambda all_, _: _flush(all_.valkey),
    Fault.REDIS_PAUSED: lambda all_, _: all_.valkey.pause(),
    Fault.REDIS_CUT_OFF: lambda _, node: node.redis.cut(),
    Fault.REDIS_STALLED: lambda _, node: node.redis.stall(),
    Fault.DATABASE_KILLED: lambda all_, _: all_.postgres.kill(),
    Fault.DATABASE_RESTARTED: lambda all_, _: all_.postgres.end(),
    Fault.DATABASE_CUT_OFF: lambda _, node: node.database.cut(),
    Fault.DATABASE_STALLED: lambda _, node: node.database.stall(),
    Fault.NODES_RESTARTED: lambda all_, _: all_.rolling_restart(),
    Fault.PROXY_KILLED: lambda all_, _: all_.proxy.kill(),
    Fault.PROXY_RESTARTED: lambda all_, _: all_.proxy.end(),
}
