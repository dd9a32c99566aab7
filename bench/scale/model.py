"""The capacity model: how many nodes a size needs, how busy every part is, what breaks first.

On paper: averages only. ``bench.scale.simulation`` deals people out one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bench.scale.fitting import MICRO, Costs

BUSY_MAX: Final = 0.6
"""So busy a processor may be on average; beyond it waiting grows faster than work."""
SOCKETS_MAX: Final = 20_000
"""Of one node (server.serving)."""
CONNECTIONS_PER_NODE: Final = 20
"""That a node opens to PostgreSQL when it is busy (storage.engine.connect)."""
CONNECTIONS_MAX: Final = 500
"""That one PostgreSQL bears without a pooler."""
DATABASE_PROCESSORS: Final = 16
LOG_BYTES_MAX: Final = 100e6
"""A second, to the disk of one PostgreSQL and to its replicas."""
RELAY_BYTES_MAX: Final = 100e6
"""A second: the network of one Valkey at 1 Gbit/s, with some room."""
NODES_MAX: Final = 2_000


class Dealing(StrEnum):
    """How people come to nodes."""

    ANYWHERE = "anywhere"
    """By turns: a room's people are at many nodes."""
    BY_DOCUMENT = "by document"
    """The proxy sends all people of a document to one node."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are at the same time, and how they write."""

    people: int
    rooms: int
    typing: float = 0.1
    """The share of them who type now."""
    edits_per_s: float = 2.0
    """Updates that a typing person sends a second."""

    @property
    def people_per_room(self) -> float:
        return self.people / self.rooms

    @property
    def edits(self) -> float:
        """Edits a second, of all."""
        return self.people * self.typing * self.edits_per_s

    @property
    def deliveries(self) -> float:
        """Deliveries a second, of all."""
        return self.edits * max(0.0, self.people_per_room - 1)


SIZES: Final = (Size(100, 10), Size(1_000, 100), Size(10_000, 1_000), Size(100_000, 10_000))


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a size needs, and how much of each limit it uses (1 is the limit)."""

    size: Size
    dealing: Dealing
    nodes: int
    crosses: float
    """Other nodes that an edit goes to, on average."""
    used: Mapping[str, float]

    @property
    def first_to_break(self) -> str:
        """The part that is nearest to its limit."""
        return max(self.used, key=lambda name: self.used[name])


def capacity(costs: Costs, size: Size, dealing: Dealing) -> Capacity:
    """The fewest nodes that carry the size, and how busy everything is then."""
    for nodes in range(1, NODES_MAX + 1):
        crosses = _crosses(size, nodes, dealing)
        busy = node_s(costs, size, nodes, crosses)
        if busy <= nodes * BUSY_MAX and size.people <= nodes * SOCKETS_MAX:
            break
    return Capacity(size, dealing, nodes, crosses, used(costs, size, nodes, crosses))


def node_s(costs: Costs, size: Size, nodes: int, crosses: float) -> float:
    """Processor seconds a second of all nodes together."""
    edit = edit_us(costs, nodes) + crosses * costs.node_crossing_us
    working = (size.edits * edit + size.deliveries * costs.node_delivery_us) / MICRO
    return working + nodes * costs.node_idle


def edit_us(costs: Costs, nodes: int) -> float:
    """Microseconds of an edit at the node that takes it, with its share of a commit."""
    told = costs.node_publication_us if nodes > 1 else 0.0
    return costs.node_edit_us + costs.commits_per_edit * costs.node_commit_us + told


def used(costs: Costs, size: Size, nodes: int, crosses: float) -> dict[str, float]:
    """The share of each limit."""
    stored_us = costs.database_edit_us + costs.commits_per_edit * costs.database_commit_us
    database_s = size.edits * stored_us / MICRO + nodes * costs.database_idle
    relay_s = size.edits * (costs.relay_edit_us + crosses * costs.relay_crossing_us)
    relay_bytes = size.edits * crosses * costs.relay_bytes_per_crossing
    is_alone = nodes == 1
    return {
        "nodes' processors": node_s(costs, size, nodes, crosses) / (nodes * BUSY_MAX),
        "sockets of a node": size.people / (nodes * SOCKETS_MAX),
        "connections of PostgreSQL": nodes * CONNECTIONS_PER_NODE / CONNECTIONS_MAX,
        "PostgreSQL's processors": database_s / (DATABASE_PROCESSORS * BUSY_MAX),
        "PostgreSQL's log": size.edits * costs.log_bytes_per_edit / LOG_BYTES_MAX,
        "Valkey's processor": 0.0 if is_alone else relay_s / MICRO / BUSY_MAX,
        "Valkey's network": 0.0 if is_alone else relay_bytes / RELAY_BYTES_MAX,
    }


def _crosses(size: Size, nodes: int, dealing: Dealing) -> float:
    """Other nodes with people of the same room: of k people on n nodes, n (1 − (1 − 1/n)^k)."""
    if dealing is Dealing.BY_DOCUMENT or nodes == 1:
        return 0.0
    occupied: float = nodes * (1 - (1 - 1 / nodes) ** size.people_per_room)
    return max(0.0, occupied - 1)
