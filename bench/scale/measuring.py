"""One load on some nodes: what arrived, how soon, and what it cost each part."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.load.databases import PostgresDatabases
from bench.load.generating import Generator, Step, faults, finish, losses
from bench.load.machine import on
from bench.load.servers import Y_WEBSOCKET
from bench.scale.cluster import Cluster
from bench.scale.sampling import Sampler

TIMEOUT_S = 240.0


@dataclass(frozen=True, slots=True)
class Load:
    """Rooms of so many people, each of whom types so many letters a second.

    ``apart``: all people of a room are at one node, as a proxy that knows documents would have
    it. Else they are dealt to all nodes, the worst case.
    """

    nodes: int
    rooms: int
    people: int
    rate: float
    apart: bool = False

    @property
    def crosses(self) -> float:
        """To how many other nodes an edit must go."""
        return 0.0 if self.apart else min(self.nodes, self.people) - 1.0

    def node_of(self, client: int) -> int:
        """Which node the client is sent to."""
        room, place = divmod(client, self.people)
        return (room if self.apart else room + place) % self.nodes


@dataclass(frozen=True, slots=True)
class Cost:
    """A load and what was measured under it; times in seconds, sums over the window."""

    load: Load
    edits: int
    deliveries: int
    span_s: float
    p50_ms: float
    p99_ms: float
    ack_p50_ms: float
    ack_p99_ms: float
    nodes_cpu_s: float
    database_cpu_s: float
    relay_cpu_s: float
    commits: float
    rows: float
    log_bytes: float
    publications: float
    relayed_bytes: float
    remarks: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Cost:
        """As it was written."""
        remarks = tuple(found["remarks"])
        return cls(**{**found, "load": Load(**found["load"]), "remarks": remarks})


def measure(
    databases: PostgresDatabases,
    generator: Generator,
    folder: Path,
    load: Load,
    *,
    window_s: float,
) -> Cost:
    """Run the load on fresh nodes, which may use all processors; the generator has one of them."""
    folder.mkdir(parents=True)
    cluster = Cluster(databases, folder, nodes=load.nodes)
    cluster.start(persons=load.rooms * load.people, rooms=load.rooms)
    try:
        return _run(cluster, generator, folder, load, window_s)
    finally:
        cluster.stop()


def _run(cluster: Cluster, generator: Generator, folder: Path, load: Load, window_s: float) -> Cost:
    with Sampler(cluster.meters()) as sampler:
        (step,) = _type(cluster, generator, folder, load, window_s)
    grown = sampler.between(step["until_s"] - step["span_s"], step["until_s"])
    timed = {name: step[name] for name in ("p50_ms", "p99_ms", "ack_p50_ms", "ack_p99_ms")}
    return Cost(
        load=load,
        edits=int(step["operations"]),
        deliveries=int(step["delivered"]),
        span_s=float(step["span_s"]),
        remarks=(*losses(step), *faults(step)),
        **timed,
        **grown,
    )


def _type(
    cluster: Cluster, generator: Generator, folder: Path, load: Load, window_s: float
) -> Sequence[Step]:
    clients = folder / "clients.txt"
    count = load.rooms * load.people
    lines = []
    for client in range(count):
        room = client // load.people
        lines.append(f"{room} {cluster.place(client, room, load.node_of(client))}")
    clients.write_text("\n".join(lines) + "\n", encoding="utf-8")
    given = {
        "port": cluster.nodes[0].port,
        "protocol": Y_WEBSOCKET,
        "clients": clients,
        "seed": generator.seed,
        "rates": load.rate,
        "warm": 1,
        "window": window_s,
        "drain": 10,
        "connect": 120,
    }
    words = [f"{name}={value}" for name, value in given.items()]
    with on(generator.processor):
        process = subprocess.Popen(
            [*generator.command, "type", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    return finish(process, TIMEOUT_S)
