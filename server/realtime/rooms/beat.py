"""How often a room turns, and tells who is where: alone at once, in a crowd a little later.

One merged frame then serves many (DESIGN §7: the frame is the currency), and nobody notices.
"""

from __future__ import annotations

from typing import Final


class Beat:
    """Something that happens at most so often, the more seldom the more people are there."""

    __slots__ = ("_s_max", "_s_min", "_s_per_session", "last")

    def __init__(self, s_per_session: float, s_max: float, s_min: float, now: float) -> None:
        self._s_per_session = s_per_session
        self._s_max = s_max
        self._s_min = s_min
        self.last = now
        """When it happened last (seconds of the event loop)."""

    def due_in_s(self, sessions: int, now: float) -> float:
        """Seconds until it may happen again; 0.0 if it may now, and in small company always."""
        length_s = min(self._s_max, self._s_per_session * sessions)
        return 0.0 if length_s < self._s_min else max(0.0, self.last + length_s - now)


TURN: Final = (300e-6, 0.015, 0.008)
PRESENCE: Final = (250e-6, 0.1, 0.0)
"""Seconds for each session, at most, and how little is not waited for."""
