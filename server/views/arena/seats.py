"""The arena seen from above: rows of seats around the floor, one taken for each person here."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

ROWS: Final = (9, 13, 17, 21, 25)
"""Seats per row, the front row first."""
WIDTH: Final = 520
HEIGHT: Final = 280
FRONT_RADIUS = 70
ROW_DISTANCE = 42
FLOOR_HEIGHT = 18


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat's place in a drawing of ``WIDTH`` × ``HEIGHT``."""

    x: float
    y: float
    is_taken: bool


def seats(people: int) -> list[Seat]:
    """All seats; ``people`` sit in the middle of the front rows, who finds no seat stands."""
    taken = frozenset(_filling_order()[:people])
    return [Seat(*place, place in taken) for place in _places()]


@cache
def _places() -> tuple[tuple[float, float], ...]:
    return tuple(
        _place(row, number / (count - 1))
        for row, count in enumerate(ROWS)
        for number in range(count)
    )


@cache
def _filling_order() -> list[tuple[float, float]]:
    """Row by row, each from its middle outwards."""
    order: list[tuple[float, float]] = []
    start = 0
    for count in ROWS:
        row = _places()[start : start + count]
        order += sorted(row, key=lambda place: abs(place[0] - WIDTH / 2))
        start += count
    return order


def _place(row: int, share: float) -> tuple[float, float]:
    """The place at ``share`` (0 left, 1 right) of the half circle of a row."""
    radius, angle = FRONT_RADIUS + row * ROW_DISTANCE, math.pi * share
    x = WIDTH / 2 - radius * math.cos(angle)
    return round(x, 1), round(HEIGHT - FLOOR_HEIGHT - radius * math.sin(angle), 1)
