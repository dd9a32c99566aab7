"""Figures of several rounds: median, smallest, largest, and ratios of medians."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Summary:
    """One figure over the rounds it was measured in."""

    median: float
    least: float
    most: float
    rounds: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Summary | None:
        """``None`` if there was nothing to measure."""
        if not values:
            return None
        return cls(statistics.median(values), min(values), max(values), len(values))


def ratio(one: Summary | None, other: Summary | None) -> float | None:
    """How many times the other's median the one's is; ``None`` if either is missing or zero."""
    if one is None or other is None or other.median == 0:
        return None
    return one.median / other.median
