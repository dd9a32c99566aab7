"""Joins and opening: how fast a long document comes to many at once, and out of storage."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar

from bench.load.documents import written
from bench.load.generating import Step, faults
from bench.load.holding import held
from bench.load.report import Column, Run
from bench.load.scenarios.scenario import ALL, FLOORS, Bench, Scenario
from bench.load.servers import Arena, Need, Peer, Server

STORED_S = 1.0
"""What a peer that stores without telling is given to do so."""


class LongDocument(Scenario):
    """Scenarios of a document of 260,000 edits."""

    servers: ClassVar[Sequence[str]] = tuple(each for each in ALL if each not in FLOORS)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.document = "trace" if bench.trace else "260,000 edits"

    @cached_property
    def text(self) -> bytes:
        """The document as one update."""
        return written(self.bench.trace)

    def join(self, server: Server, count: int) -> Step:
        """Let so many clients in at once and wait until each has the whole text."""
        [step] = self.bench.generator.run(
            "join",
            server,
            [0] * count,
            self.bench.scratch(),
            timeout_s=90,
            connect=60,
            at_once=count,
            bytes_min=len(self.text) // 2,
        )
        return step


class Joins(LongDocument):
    """joins: 200 people come at once into a document of 260,000 edits that is open"""

    name = "joins"
    columns: ClassVar[Sequence[Column]] = (
        Column("all_ms", "all synced ms", 0, compares=True),
        Column("p50_ms", "p50 ms", 0),
        Column("server_cpu_s", "CPU s", 3, compares=True),
        Column("megabytes", "MB", 1),
        Column("grown_mb", "RSS growth MB", 1),
    )

    def variants(self) -> Sequence[str]:
        return [f"{20 if self.bench.quick else 200} x {self.document}"]

    def measure(self, run: Run) -> None:
        count = int(run.variant.split()[0])
        need = Need(persons=count, text=self.text)
        with (
            self.bench.up(run.server, need) as server,
            held(server, self.text, brings=not isinstance(server, Arena)),
        ):
            step = self.join(server, count)
        run.figures |= {name: step[name] for name in ("all_ms", "p50_ms", "p99_ms", "server_cpu_s")}
        run.faults += faults(step)
        run.figures["megabytes"] = step["bytes"] / 1e6
        run.figures["grown_mb"] = (step["rss_kb"] - step["rss_before_kb"]) / 1024
        _note_early(run, step)


class Opening(LongDocument):
    """opening: the server starts again and the first person opens that document from storage"""

    name = "opening"
    columns: ClassVar[Sequence[Column]] = (
        Column("all_ms", "synced ms", 0, compares=True),
        Column("server_cpu_s", "CPU s", 3, compares=True),
        Column("rss_mb", "RSS MB", 0),
    )

    def variants(self) -> Sequence[str]:
        return [self.document]

    def measure(self, run: Run) -> None:
        need = Need(persons=1, text=self.text, keeps=True)
        with self.bench.up(run.server, need) as server:
            if isinstance(server, Peer):
                with held(server, self.text, brings=True):
                    time.sleep(STORED_S)
                server.end(signal.SIGTERM)
                server.start()
                run.notes.append(f"stored by {server.storage}")
            step = self.join(server, 1)
        run.figures |= {name: step[name] for name in ("all_ms", "server_cpu_s")}
        run.figures["rss_mb"] = step["rss_kb"] / 1024
        _note_early(run, step)


def _note_early(run: Run, step: Step) -> None:
    if step["early"]:
        run.notes.append("said it was synced before it had the text; timed to the text")
