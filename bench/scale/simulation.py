"""The same sizes, dealt out one by one: rooms of very different sizes, the busiest node and room.

Averages hide what breaks first in a city: one room that everybody wants to see. Rooms are as
large as Zipf's law has it; people come to nodes by chance, as a proxy sends them.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

from bench.scale.fitting import MICRO, Costs
from bench.scale.model import Capacity, Dealing, Size, capacity, edit_us

ROOM_MAX = 2_000
"""People that a room takes (collab.sync.rooms.room)."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What chance makes of a size."""

    paper: Capacity
    crosses: float
    busiest_node: float
    """Share of a processor."""
    average_node: float
    largest_room: int
    busiest_room: float
    """Share of a processor that one room takes at a node where it is."""
    wait_ms: float
    """Mean wait before an edit is taken up at the busiest node (Poisson arrivals)."""


def simulate(costs: Costs, size: Size, seed: int, dealing: Dealing = Dealing.ANYWHERE) -> Simulated:
    """Deal the people to rooms and nodes, and add up what every node has to do."""
    dice = random.Random(seed)
    paper = capacity(costs, size, dealing)
    nodes = paper.nodes
    busy = [costs.node_idle] * nodes
    arrivals = [0.0] * nodes
    crossings = edits = 0.0
    busiest_room = 0.0
    rooms = room_sizes(size, dice)
    for room, people in enumerate(rooms):
        where = _dealt(dice, people, nodes, room, dealing)
        rate = people * size.typing * size.edits_per_s
        others = len(where) - 1
        crossings += rate * others
        edits += rate
        for node, here in where.items():
            own = rate * here / people
            load = _load(costs, nodes, own, rate - own, rate * here)
            busy[node] += load
            arrivals[node] += rate
            busiest_room = max(busiest_room, load)
    busiest = max(range(nodes), key=lambda node: busy[node])
    return Simulated(
        paper=paper,
        crosses=crossings / edits,
        busiest_node=busy[busiest],
        average_node=sum(busy) / nodes,
        largest_room=max(rooms),
        busiest_room=busiest_room,
        wait_ms=wait_ms(busy[busiest], arrivals[busiest]),
    )


def room_sizes(size: Size, dice: random.Random) -> list[int]:
    """How many people are in each room: two at least, the k-th by Zipf's law, all as given."""
    sizes = [2] * size.rooms
    weights = [1 / (place + 1) for place in range(size.rooms)]
    left = max(0, size.people - sum(sizes))
    drawn = Counter(dice.choices(range(size.rooms), weights, k=left))
    for room, more in drawn.items():
        sizes[room] += more
    overflow = sum(max(0, each - ROOM_MAX) for each in sizes)
    sizes = [min(each, ROOM_MAX) for each in sizes]
    for room in dice.choices(range(size.rooms // 2, size.rooms), k=overflow):
        sizes[room] += 1  # who finds a room full goes to a smaller one
    return sizes


def wait_ms(busy: float, arrivals: float) -> float:
    """The mean wait of a queue with equal work and Poisson arrivals (M/D/1), in milliseconds."""
    if busy >= 1:
        return float("inf")
    if not arrivals:
        return 0.0
    return 1_000 * (busy / arrivals) * busy / (2 * (1 - busy))


def _dealt(
    dice: random.Random, people: int, nodes: int, room: int, dealing: Dealing
) -> Counter[int]:
    if dealing is Dealing.BY_DOCUMENT:
        return Counter({room % nodes: people})
    return Counter(dice.choices(range(nodes), k=people))


def _load(costs: Costs, nodes: int, own: float, foreign: float, deliveries: float) -> float:
    """Share of a processor that a room costs a node."""
    used_us = (
        own * edit_us(costs, nodes)
        + foreign * costs.node_crossing_us
        + deliveries * costs.node_delivery_us
    )
    return used_us / MICRO
