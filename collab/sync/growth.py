"""How large a document's state is, without encoding it for every keystroke.

The sum of what was applied is an estimate: an update adds itself and the splits that it causes,
and deleted text is collected. For one edit it is never too low; an update of many edits may cause
more splits than are counted, which a measurement mends. To measure is to encode the state, which
takes tens of milliseconds for a full document, so it is done only now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

SPLIT_BYTES: Final = 32
"""What it takes to split a struct in two: another head, with two ids of eight bytes and clocks."""

DELETE_RANGE_BYTES: Final = 2 * SPLIT_BYTES + 10
"""What a range of deletes adds to the state at most: two splits and itself."""

DRIFT: Final = 1 / 128
"""The estimate is mended when it has grown by this part of the limit since the last time,"""

MEASURED_FROM: Final = 0.75
"""and only where it has come near the limit."""


class Growth:
    """The size of one document's state, as far as it is known."""

    __slots__ = ("_limit", "_measured", "estimate")

    def __init__(self, limit: int, estimate: int) -> None:
        self._limit = limit
        self.estimate = estimate
        """Bytes."""
        self._measured = 0

    def add(self, size: int, deleted: Sequence[tuple[int, int, int]] = ()) -> None:
        """An update of ``size`` bytes was applied, which deletes these clock ranges anew."""
        freed = sum(end - start for _, start, end in deleted)
        self.estimate += size + SPLIT_BYTES + DELETE_RANGE_BYTES * len(deleted) - freed

    def is_exceeded_by(self, size: int, measure: Callable[[], int]) -> bool:
        """Whether ``size`` bytes more could exceed the limit; ``measure`` encodes the state."""
        if self.estimate + size <= self._limit:
            return False
        self._mend(measure)
        return self.estimate + size > self._limit

    def fraction(self, measure: Callable[[], int]) -> float:
        """How much of the limit is used."""
        if self.estimate > self._limit * MEASURED_FROM:
            self._mend(measure)
        return max(0.0, self.estimate / self._limit)

    def _mend(self, measure: Callable[[], int]) -> None:
        if self.estimate - self._measured >= self._limit * DRIFT:
            self.estimate = self._measured = measure()
