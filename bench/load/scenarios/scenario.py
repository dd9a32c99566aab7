"""What every scenario is: variants, a way to measure one on a server, columns to show."""

from __future__ import annotations

import contextlib
import signal
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from websockets.exceptions import WebSocketException

from bench.load.generating import Generator, GeneratorFailed, Step, faults, losses
from bench.load.machine import Unsuitable
from bench.load.report import Column, Run
from bench.load.servers import Need, Server, Stable

FLOORS = ("floor-node", "floor-c")
PEERS = ("hocuspocus", "hocuspocus-10", "y-websocket")
ALL = ("arena", "arena-y", *PEERS, *FLOORS)


@dataclass(frozen=True, slots=True)
class Bench:
    """What scenarios work with, and how much of it: ``quick`` is for a look whether it runs."""

    stable: Stable
    generator: Generator
    folder: Path
    quick: bool
    trace: Path | None = None

    @contextlib.contextmanager
    def up(self, name: str, need: Need) -> Iterator[Server]:
        """A fresh server that ends with the block."""
        server = self.stable.server(name, need)
        server.start()
        try:
            yield server
        finally:
            server.end(signal.SIGKILL)

    def scratch(self) -> Path:
        """A folder for the files of one run."""
        return Path(tempfile.mkdtemp(dir=self.folder, prefix="run-"))


class Scenario(ABC):
    """One of the scenarios; its docstring's first line is what people read about it."""

    name: ClassVar[str]
    columns: ClassVar[Sequence[Column]]
    servers: ClassVar[Sequence[str]] = ALL

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    @abstractmethod
    def variants(self) -> Sequence[str]:
        """What is varied, in the order in which it is measured."""

    @abstractmethod
    def measure(self, run: Run) -> None:
        """Measure ``run.variant`` on a fresh ``run.server`` and write down what was found.

        Raises:
            Unsuitable, GeneratorFailed: there is nothing to write down.
        """

    def hopeless(self, run: Run, before: Sequence[Run]) -> str:
        """Why this need not be tried after what was measured before; empty if it must be."""
        return ""

    def attempt(self, run: Run, before: Sequence[Run]) -> Run:
        """Measure, and keep the reason where that fails."""
        run.failed = self.hopeless(run, before)
        if run.failed:
            return run
        try:
            self.measure(run)
        except (Unsuitable, GeneratorFailed, OSError, WebSocketException, AssertionError) as error:
            run.failed = str(error) or type(error).__name__
        return run


def note_step(run: Run, step: Step) -> None:
    """Write down a step of typing: its figures, what was lost, whether it says anything."""
    untold = {name for name in step if name.startswith("ack_") and not step["acks"]}
    run.figures |= {
        name: value
        for name, value in step.items()
        if isinstance(value, int | float) and name not in untold
    }
    arrivals, span_s = step["arrivals"], step["span_s"]
    run.figures["complete"] = step["delivered"] / step["expected"] if step["expected"] else 1.0
    run.figures["deliveries_per_s"] = arrivals / span_s
    run.figures["frames_per_s"] = step["frames"] / span_s
    run.figures["core"] = step["server_cpu_s"] / span_s
    run.figures["rss_mb"] = step["rss_kb"] / 1024
    if arrivals:
        run.figures["cpu_ms_per_1k"] = 1_000_000 * step["server_cpu_s"] / arrivals
    run.losses += losses(step)
    run.faults += faults(step)
