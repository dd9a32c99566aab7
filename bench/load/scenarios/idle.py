"""Idle: what a connection costs that only sits there, and what a room costs beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from bench.load.report import Column, Run
from bench.load.scenarios.scenario import Scenario
from bench.load.servers import Need

ONE_ROOM, OWN_ROOMS = "in one room", "in own rooms"


class Idle(Scenario):
    """idle: memory of 1,000 connections that do nothing, in one room and each in its own"""

    name = "idle"
    columns: ClassVar[Sequence[Column]] = (
        Column("kb_per_client", "kB/client", 1, compares=True),
        Column("rss_mb", "RSS MB", 0),
        Column("all_ms", "connected ms", 0),
    )

    def variants(self) -> Sequence[str]:
        count = 100 if self.bench.quick else 1_000
        return [f"{count} {ONE_ROOM}", f"{count} {OWN_ROOMS}"]

    def measure(self, run: Run) -> None:
        count, _, where = run.variant.partition(" ")
        persons = int(count)
        rooms = [0] * persons if where == ONE_ROOM else list(range(persons))
        with self.bench.up(run.server, Need(persons=persons, rooms=max(rooms) + 1)) as server:
            [step] = self.bench.generator.run(
                "join",
                server,
                rooms,
                self.bench.scratch(),
                timeout_s=150,
                connect=120,
                at_once=32,
                settle=0.5 if self.bench.quick else 3,
            )
        grown_kb = step["rss_kb"] - step["rss_before_kb"]
        run.figures["kb_per_client"] = grown_kb / step["measured_clients"]
        run.figures["rss_mb"] = step["rss_kb"] / 1024
        run.figures["all_ms"] = step["all_ms"]
