"""Slow reader: somebody never reads while everybody else types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from bench.load.report import Column, Run
from bench.load.scenarios.scenario import ALL, FLOORS, Scenario, note_step
from bench.load.servers import Need

LETTERS = 3_000
"""Letters of one insert: enough that what is not read soon fills the kernel's buffers."""
AWAKE, ASLEEP = "all read", "one does not read"


class SlowReader(Scenario):
    """slow-reader: 199 people write 3,000 letters a second each while one never reads"""

    name = "slow-reader"
    columns: ClassVar[Sequence[Column]] = (
        Column("p50_ms", "p50 ms", 1),
        Column("p99_ms", "p99 ms", 1),
        Column("core", "core", 2),
        Column("rss_mb", "RSS MB", 0),
        Column("peak_mb", "peak MB", 0),
        Column("complete", "complete", 4),
    )
    servers: ClassVar[Sequence[str]] = tuple(each for each in ALL if each not in FLOORS)

    def variants(self) -> Sequence[str]:
        people = 20 if self.bench.quick else 200
        return [f"{people}, {AWAKE}", f"{people}, {ASLEEP}"]

    def measure(self, run: Run) -> None:
        people = int(run.variant.partition(",")[0])
        with self.bench.up(run.server, Need(persons=people)) as server:
            [step] = self.bench.generator.run(
                "type",
                server,
                [0] * people,
                self.bench.scratch(),
                timeout_s=150,
                rates=1,
                chars=LETTERS,
                warm=1,
                window=2 if self.bench.quick else 12,
                drain=5,
                slow=0 if run.variant.endswith(ASLEEP) else -1,
            )
        note_step(run, step)
        run.figures["peak_mb"] = step["rss_peak_kb"] / 1024
