"""How long a worker that died waits for the next one, and when there is none any more."""

from typing import Final

PAUSE_FIRST_S: Final = 0.5
PAUSE_MAX_S: Final = 30.0
STEADY_S: Final = 60.0
"""Whoever has lived for so long was no failure, however it ended."""

FAILURES_MAX: Final = 8
"""So often in a row, while nobody else serves, and all give up: then it is not the worker."""


def pause_s(failures: int) -> float:
    """The pause after so many failures in a row: a short one first, then twice the one before."""
    return float(min(PAUSE_MAX_S, PAUSE_FIRST_S * 2 ** (failures - 1)))
