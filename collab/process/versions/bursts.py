"""The steps in which a text came about: writing between pauses, told coarsely and without names.

A step is no keystroke and no person's work: what several people write at a time is one step. How
many steps there are is bounded however long a log is; which of them are shown does not change when
the log grows, until there are twice as many.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

PAUSE: Final = timedelta(minutes=20)
"""Nobody wrote for so long: a step ends."""

TURN: Final = timedelta(minutes=2)
"""After so long a pause a step ends also if somebody goes on who did not write in it."""

STEPS_MAX: Final = 200
MOMENTS_MAX: Final = 8_192
"""Of a longer log every second, fourth, … row is looked at."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A row of the log: when it was written, and by whom."""

    seq: int
    at: datetime
    actor: UUID | None


@dataclass(frozen=True, slots=True)
class Burst:
    """Writing that ended with the row ``seq``, some time between these moments."""

    seq: int
    began: datetime
    ended: datetime


def bursts(
    moments: Sequence[Moment], kept: Collection[int] = (), limit: int = STEPS_MAX
) -> tuple[Burst, ...]:
    """The steps of a log, oldest first, at most ``limit``; one ends at each ``kept`` seq."""
    ends = thinned([*_ends(moments, set(kept))], set(kept), limit)
    found, began, at = [], None, 0
    for end in ends:
        inside = []
        while at < len(moments) and moments[at].seq <= end:
            inside.append(moments[at])
            at += 1
        began = inside[0].at if inside else began
        if began is not None:
            ended = inside[-1].at if inside else began
            found.append(Burst(end, began, ended))
            began = ended
    return tuple(found)


def thinned(ends: Sequence[int], kept: Collection[int], limit: int) -> list[int]:
    """Some of the ends: the kept ones, the last, and of the others every second, fourth, …."""
    stride = 1
    chosen = list(ends)
    while len(chosen) > limit and stride <= len(ends):
        stride *= 2
        free = [end for end in ends if end not in kept]
        some = set(free[stride - 1 :: stride]) | {ends[-1]}
        chosen = [end for end in ends if end in kept or end in some]
    # More kept ones than steps: the newest of them.
    return chosen[-limit:]


def _ends(moments: Sequence[Moment], kept: Collection[int]) -> list[int]:
    found = {seq for seq in kept if moments and moments[0].seq <= seq <= moments[-1].seq}
    writing: set[UUID | None] = set()
    for one, other in pairwise(moments):
        writing.add(one.actor)
        gap = other.at - one.at
        if gap >= PAUSE or (gap >= TURN and other.actor not in writing):
            found.add(one.seq)
            writing.clear()
    if moments:
        found.add(moments[-1].seq)
    return sorted(found)
