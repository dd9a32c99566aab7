"""The registry of all numbers, and how those of several processes on one port become one answer.

Everything is a counter, gauge or histogram of ``prometheus_client``, filled where something
happens or by the sampler, so one way serves both modes: where ``PROMETHEUS_MULTIPROC_DIR`` is set
before the start, each process keeps its values in files there, and whichever is asked answers
for all. Whoever starts the processes makes that folder and says when one has ended.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"

REGISTRY = CollectorRegistry()
disable_created_metrics()  # type: ignore[no-untyped-call]


class Bulk(Histogram):
    """A histogram that takes many observations at once, sorted into its buckets already."""

    def add(self, counts: list[int], total: float) -> None:
        """``counts`` by bucket, the last one for what is longer than all bounds."""
        for bucket, count in zip(self._buckets, counts, strict=True):
            if count:
                bucket.inc(count)
        self._sum.inc(total)


def summed(name: str, documentation: str, labels: tuple[str, ...] = ()) -> Gauge:
    """A gauge whose value is the sum over the processes that live."""
    return Gauge(name, documentation, labels, registry=REGISTRY, multiprocess_mode="livesum")


def highest(name: str, documentation: str, labels: tuple[str, ...] = ()) -> Gauge:
    """A gauge whose value is the highest of the processes that live."""
    return Gauge(name, documentation, labels, registry=REGISTRY, multiprocess_mode="livemax")


def lowest(name: str, documentation: str, labels: tuple[str, ...] = ()) -> Gauge:
    """A gauge whose value is the lowest of the processes that live."""
    return Gauge(name, documentation, labels, registry=REGISTRY, multiprocess_mode="livemin")


def written() -> bytes:
    """All numbers as text, summed over the processes of this port."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    MultiProcessCollector(together, folder)  # type: ignore[no-untyped-call]
    return generate_latest(together)


def process_ended(pid: int, folder: Path) -> None:
    """What a process had open is over; what it had counted stays counted."""
    mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]
