"""What happens with every keystroke is counted here, in plain numbers that cost nothing to raise.

The sampler brings them to Prometheus every few seconds, so no keystroke waits for a lock or a file.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final


class Tally:
    """Counts since the process started; each is the number behind the metric of its name."""

    __slots__ = (
        "acknowledged",
        "messages",
        "paced",
        "presence",
        "received_bytes",
        "rows",
        "sent_bytes",
        "topics",
        "turns",
    )

    def __init__(self) -> None:
        self.acknowledged = 0
        self.messages = 0
        self.paced = 0
        self.presence = 0
        self.received_bytes = 0
        self.rows = 0
        self.sent_bytes = 0
        self.topics = 0
        self.turns = 0


class Timing:
    """Durations or sizes, sorted into buckets as they come."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def note(self, value: float) -> None:
        """One more."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def take(self) -> tuple[list[int], float]:
        """What came since the last time: counts by bucket, and their sum."""
        taken = self.counts, self.total
        self.counts, self.total = [0] * (len(self.bounds) + 1), 0.0
        return taken


TALLY: Final = Tally()

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

ACKNOWLEDGEMENTS: Final = Timing(_SECONDS)
"""From a client's oldest unanswered frame to its acknowledgement."""

COMMITS: Final = Timing(_SECONDS)
"""From the moment a room hands a turn in until it is durable."""

GROUPS: Final = Timing((1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0))
"""Documents in one transaction."""


def note_commit(rows: int, seconds: float) -> None:
    """A turn is durable."""
    TALLY.turns += 1
    TALLY.rows += rows
    COMMITS.note(seconds)
