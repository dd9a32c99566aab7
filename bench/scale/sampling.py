"""Counters that only grow, read again and again while a load runs."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Protocol, Self

EVERY_S = 0.25

Reading = Mapping[str, float]


class Meter(Protocol):
    """Something that counts. All calls come from one thread."""

    def read(self) -> Reading:
        """The counters now."""

    def close(self) -> None:
        """Nothing is read any more."""


class Sampler:
    """Reads meters four times a second until the block ends."""

    def __init__(self, meters: Sequence[Meter]) -> None:
        self._meters = meters
        self._samples: list[tuple[float, dict[str, float]]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def between(self, start_s: float, end_s: float) -> dict[str, float]:
        """How much each counter grew between two moments of the monotonic clock."""
        first, last = self._at(start_s), self._at(end_s)
        return {name: max(0.0, last[name] - first[name]) for name in last}

    def _at(self, moment: float) -> dict[str, float]:
        """The counters at a moment, by the readings around it."""
        times = [at for at, _ in self._samples]
        behind = min(max(bisect_left(times, moment), 1), len(times) - 1)
        (t0, before), (t1, after) = self._samples[behind - 1], self._samples[behind]
        share = min(1.0, max(0.0, (moment - t0) / (t1 - t0)))
        return {name: before[name] + share * (after[name] - before[name]) for name in after}

    def _run(self) -> None:
        while True:
            reading = {
                name: value for meter in self._meters for name, value in meter.read().items()
            }
            self._samples.append((time.monotonic(), reading))
            if self._ended.wait(EVERY_S):
                break
        for meter in self._meters:
            meter.close()
