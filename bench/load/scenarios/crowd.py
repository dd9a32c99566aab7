"""Crowd: everybody in one room types five letters a second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from bench.load.generating import Step, losses
from bench.load.report import Column, Run
from bench.load.scenarios.scenario import FLOORS, Scenario, note_step
from bench.load.servers import Need

RATE = 5.0
LIMIT_MS = 100.0
SIZES = (10, 50, 200, 500, 1_000)
QUICK_SIZES = (5, 20)
PEOPLE_MAX = 1_990
"""A room of Arena holds 2,000 sessions."""

GRID = (
    10, 16, 25, 40, 50, 63, 80, 100, 125, 160, 200, 250, 320, 400, 500, 630, 800, 1_000, 1_250,
    1_600, PEOPLE_MAX,
)  # fmt: skip
"""Sizes that the search tries, each about a quarter more than the last."""


class Crowd(Scenario):
    """crowd: N people in one room, everybody types 5/s"""

    name = "crowd"
    columns: ClassVar[Sequence[Column]] = (
        Column("p50_ms", "p50 ms", 2, compares=True),
        Column("p99_ms", "p99 ms", 1, compares=True),
        Column("cpu_ms_per_1k", "CPU ms/1k", 2, compares=True),
        Column("core", "core", 2),
        Column("deliveries_per_s", "deliveries/s", 0),
        Column("frames_per_s", "frames/s", 0),
        Column("ack_p50_ms", "ack p50", 2),
        Column("ack_p99_ms", "ack p99", 1),
        Column("rss_mb", "RSS MB", 0),
        Column("complete", "complete", 4),
    )

    def variants(self) -> Sequence[str]:
        return [str(size) for size in (QUICK_SIZES if self.bench.quick else SIZES)]

    def measure(self, run: Run) -> None:
        note_step(run, self.step(run.server, int(run.variant)))

    def step(self, server: str, size: int) -> Step:
        """One crowd on a fresh server."""
        need = Need(persons=size)
        quick = self.bench.quick
        with self.bench.up(server, need) as running:
            [step] = self.bench.generator.run(
                "type",
                running,
                [0] * size,
                self.bench.scratch(),
                timeout_s=150,
                rates=RATE,
                warm=0.5 if quick else 1.5,
                window=1 if quick else 5,
                drain=5,
                connect=60,
            )
        return step


class LargestCrowd(Crowd):
    """largest: the largest crowd with p99 <= 100 ms and nothing lost"""

    name = "largest"
    columns: ClassVar[Sequence[Column]] = (
        Column("size", "people", 0, compares=True),
        Column("p50_ms", "p50 ms", 1),
        Column("p99_ms", "p99 ms", 1),
        Column("cpu_ms_per_1k", "CPU ms/1k", 2),
        Column("core", "core", 2),
        Column("rss_mb", "RSS MB", 0),
    )
    servers = tuple(each for each in Crowd.servers if each not in FLOORS)

    def variants(self) -> Sequence[str]:
        return ["5/s each"]

    def measure(self, run: Run) -> None:
        """Halve the grid until the last size that holds and the first that does not are one
        step apart."""
        grid = GRID[:4] if self.bench.quick else GRID
        held, failed = -1, len(grid)
        while failed - held > 1:
            middle = (held + failed) // 2
            step = self.step(run.server, grid[middle])
            if step["p99_ms"] <= LIMIT_MS and not losses(step):
                held = middle
                run.faults.clear()
                run.losses.clear()
                note_step(run, step)
            else:
                failed = middle
        run.figures["size"] = grid[held] if held >= 0 else 0
