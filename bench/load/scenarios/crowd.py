"""Crowd: everybody in one room types five letters a second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from bench.load.generating import Step, faults, losses
from bench.load.report import Column, Run
from bench.load.scenarios.scenario import FLOORS, Scenario, note_step
from bench.load.servers import Need

RATE = 5.0
LIMIT_MS = 100.0
SIZES = (10, 50, 200, 500, 1_000)
QUICK_SIZES = (5, 20)
ATTEMPTS = 3
COLLAPSED = 0.9
"""Who delivers a smaller share than this within the time has collapsed."""
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

    def hopeless(self, run: Run, before: Sequence[Run]) -> str:
        """Who collapses in a crowd is not given a larger one in that round."""
        for each in before:
            is_same = (each.scenario, each.server, each.round) == (self.name, run.server, run.round)
            collapsed = is_same and each.figures.get("complete", 1) < COLLAPSED
            if collapsed and int(each.variant) < int(run.variant):
                return f"not tried: {each.variant} people were too many"
        return ""

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

    def hopeless(self, run: Run, before: Sequence[Run]) -> str:
        return ""

    def measure(self, run: Run) -> None:
        """Halve the grid until the last size that holds and the first that does not are one
        step apart."""
        grid = GRID[:4] if self.bench.quick else GRID
        held, failed = -1, len(grid)
        doubts: list[str] = []
        while failed - held > 1:
            middle = (held + failed) // 2
            step = self._sound_step(run.server, grid[middle])
            if step["p99_ms"] <= LIMIT_MS and not losses(step):
                held = middle
                run.faults.clear()
                note_step(run, step)
            else:
                failed = middle
                doubts = [f"{grid[middle]} people: {each}" for each in faults(step)]
        run.figures["size"] = grid[held] if held >= 0 else 0
        run.faults += doubts
        if failed == len(grid):
            run.notes.append("held the largest crowd that is tried")

    def _sound_step(self, server: str, size: int) -> Step:
        """A crowd, again where the generator was the bottleneck; the last one if it always was."""
        for _ in range(ATTEMPTS):
            step = self.step(server, size)
            if not faults(step):
                break
        return step
