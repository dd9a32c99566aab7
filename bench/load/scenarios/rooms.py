"""Rooms: many small rooms at once, every update acknowledged, faster and faster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from bench.load.generating import Step, faults, losses
from bench.load.report import Column, Run
from bench.load.scenarios.scenario import Scenario, note_step
from bench.load.servers import Need, Server

LIMIT_MS = 100.0
PEOPLE = 3
FIXED_RATE = 4.0
"""The rate at which costs are compared."""
LATER_CLIENTS = 0x90000000
"""The first client id of a second run in the same rooms."""

RATES = (0.5, 1, 2, 2.8, 4, 5.6, 8, 11, 16, 22, 32, 45, 64, 90, 128)
QUICK_RATES = (1, 4)


class Rooms(Scenario):
    """rooms: 300 rooms of 3, all typing, the rate raised until p99 > 100 ms or something is lost"""

    name = "rooms"
    columns: ClassVar[Sequence[Column]] = (
        Column("deliveries_per_s", "best deliveries/s", 0, compares=True),
        Column("rate", "at letters/s each", 1),
        Column("frames_per_s", "frames/s", 0),
        Column("fixed_cpu_ms_per_1k", "CPU ms/1k at 4/s", 1, compares=True),
        Column("fixed_p50_ms", "p50 ms at 4/s", 2),
        Column("fixed_p99_ms", "p99 ms at 4/s", 1),
        Column("fixed_ack_p50_ms", "ack p50 at 4/s", 2),
        Column("fixed_ack_p99_ms", "ack p99 at 4/s", 1),
        Column("rss_mb", "RSS MB", 0),
    )

    def variants(self) -> Sequence[str]:
        return ["10 x 3"] if self.bench.quick else ["300 x 3"]

    def measure(self, run: Run) -> None:
        rooms = 10 if self.bench.quick else 300
        rates = QUICK_RATES if self.bench.quick else RATES
        with self.bench.up(run.server, Need(persons=rooms * PEOPLE, rooms=rooms)) as server:
            steps = self._type(server, rooms, rates, limit_ms=LIMIT_MS)
            fixed = [step for step in steps if step["rate"] == FIXED_RATE]
            if not fixed:
                fixed = self._type(server, rooms, [FIXED_RATE], base=LATER_CLIENTS)
        self._note(run, steps)
        at_fixed = Run("", "", "", 0)
        note_step(at_fixed, fixed[-1])
        run.figures |= {f"fixed_{name}": value for name, value in at_fixed.figures.items()}

    def _type(
        self, server: Server, rooms: int, rates: Sequence[float], **options: object
    ) -> list[Step]:
        return self.bench.generator.run(
            "type",
            server,
            [room for room in range(rooms) for _ in range(PEOPLE)],
            self.bench.scratch(),
            timeout_s=200,
            rates=",".join(map(str, rates)),
            warm=0.5,
            window=1 if self.bench.quick else 2.5,
            drain=3,
            connect=60,
            **options,
        )

    def _note(self, run: Run, steps: Sequence[Step]) -> None:
        held = [step for step in steps if step["p99_ms"] <= LIMIT_MS and not losses(step)]
        if held:
            note_step(run, held[-1])
        else:
            run.losses += ["no rate was held", *losses(steps[-1])]
        if held and held[-1] is steps[-1]:
            run.notes.append("held the fastest rate that is tried")
        else:
            ended_at = f"ended at {steps[-1]['rate']:g}/s"
            run.notes.append(f"{ended_at}: p99 {steps[-1]['p99_ms']:.0f} ms")
            run.faults += [f"{ended_at}: {each}" for each in faults(steps[-1])]
