"""Durability: the server is killed while people type; what was acknowledged and is gone?"""

from __future__ import annotations

import json
import random
import signal
import time
from collections.abc import Sequence
from typing import ClassVar

from bench.load.generating import Step, finish
from bench.load.report import Column, Run
from bench.load.scenarios.scenario import ALL, FLOORS, Scenario
from bench.load.servers import Need, Peer, Server

PEOPLE = 20
RATE = 10.0
SETUP_CLOCKS = 3
"""What each client writes before it types: a paragraph, a text, a letter."""


class Durability(Scenario):
    """durability: SIGKILL in the middle of typing, then what was acknowledged is looked for"""

    name = "durability"
    columns: ClassVar[Sequence[Column]] = (
        Column("lost", "acknowledged and gone", 0),
        Column("acknowledged", "acknowledged letters", 0),
        Column("sent", "sent", 0),
        Column("stored", "stored", 0),
        Column("ack_p50_ms", "ack p50 ms", 2),
        Column("ack_p99_ms", "ack p99 ms", 1),
    )
    servers: ClassVar[Sequence[str]] = tuple(each for each in ALL if each not in FLOORS)

    def variants(self) -> Sequence[str]:
        return [f"{PEOPLE} people, {RATE:g}/s each"]

    def measure(self, run: Run) -> None:
        typed_s = random.Random(run.round).uniform(0.5, 1.0 if self.bench.quick else 4.0)
        rooms = [0] * PEOPLE
        need = Need(persons=PEOPLE, keeps=True)
        with self.bench.up(run.server, need) as server:
            typed = self._type_until_killed(server, rooms, typed_s)
            server.start()
            [found] = self.bench.generator.run(
                "clocks", server, rooms, self.bench.scratch(), timeout_s=60, settle=1
            )
            if isinstance(server, Peer):
                run.notes.append(f"stored by {server.storage}")
        run.figures |= {
            "lost": lost(typed["acked"], found["stored"]),
            "acknowledged": letters(typed["acked"]),
            "sent": letters(typed["sent"]),
            "stored": letters(found["stored"]),
        }
        if typed["acks"]:
            run.figures |= {name: typed[name] for name in ("ack_p50_ms", "ack_p99_ms")}
        if run.figures["lost"]:
            run.losses.append("acknowledged text was lost")

    def _type_until_killed(self, server: Server, rooms: Sequence[int], typed_s: float) -> Step:
        """Kill the server ``typed_s`` after typing has begun."""
        process = self.bench.generator.start(
            "type",
            server,
            rooms,
            self.bench.scratch(),
            rates=RATE,
            warm=0,
            window=30,
            drain=1,
            keep=1,
        )
        assert process.stdout is not None
        begun = process.stdout.readline()
        if begun:
            assert json.loads(begun)["event"] == "typing"
            time.sleep(typed_s)
            server.end(signal.SIGKILL)
        [step] = finish(process, 60)
        return step


def letters(clocks: Sequence[int]) -> int:
    """How many letters were typed up to these clocks."""
    return sum(_typed(clock) for clock in clocks)


def lost(acknowledged: Sequence[int], stored: Sequence[int]) -> int:
    """How many acknowledged letters are not stored."""
    pairs = zip(acknowledged, stored, strict=True)
    return sum(max(0, _typed(said) - _typed(kept)) for said, kept in pairs)


def _typed(clock: int) -> int:
    return max(0, clock - SETUP_CLOCKS)
