"""What happens in a campaign, in which order and for how long: all of it from the seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bench.cluster.faults import Fault

QUIET_S: Final = (0.5, 1.5)
HELD_S: Final = (1.0, 4.0)
HELD_LONG_S: Final = (4.0, 12.0)
LONG_ODDS: Final = 0.25
NODES: Final = 60
"""Divisible by every number of nodes there may be, so that each is struck as often."""


@dataclass(frozen=True, slots=True)
class Blow:
    """One fault: after ``quiet_s`` of typing, for ``held_s``, at the node of this number."""

    fault: Fault
    node: int
    quiet_s: float
    held_s: float

    def __str__(self) -> str:
        return f"{self.fault} (node {self.node}) after {self.quiet_s:.1f} s for {self.held_s:.1f} s"


def blow(seed: int, number: int, fault: Fault) -> Blow:
    """The blow of this kind in the round of this number."""
    dice = random.Random(f"{seed}/{number}/{fault.name}")
    is_long = number > 0 and dice.random() < LONG_ODDS
    return Blow(
        fault,
        node=dice.randrange(NODES),
        quiet_s=dice.uniform(*QUIET_S),
        held_s=dice.uniform(*(HELD_LONG_S if is_long else HELD_S)),
    )


def rounds(seed: int) -> Iterator[Sequence[Blow]]:
    """Round after round without end, each with every kind of fault once, in an order of its own.

    The first round holds nothing for long; in later ones some faults outlast everybody's patience.
    """
    number = 0
    while True:
        kinds = list(Fault)
        random.Random(f"{seed}/{number}").shuffle(kinds)
        yield [blow(seed, number, fault) for fault in kinds]
        number += 1
