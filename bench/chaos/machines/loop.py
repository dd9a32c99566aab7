"""An event loop whose clock is a number: no threads, no sockets, no waiting.

When nothing is ready, time jumps to the next timer. What is ready runs in the order in which it
became so; so a program without other sources of chance runs the same way every time.
"""

from __future__ import annotations

import asyncio
from typing import Any

STEPS_MAX = 2_000_000


class Stuck(Exception):
    """Nothing is ready and nothing is due: the program waits for ever, or runs for ever."""


class _Jump:
    """Stands where a loop has its selector: instead of waiting it moves the clock."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self._steps = 0

    def select(self, timeout: float | None) -> list[Any]:
        self._steps += 1
        if timeout is None:
            raise Stuck("nothing is due any more")
        if self._steps > STEPS_MAX:
            raise Stuck(f"no end after {STEPS_MAX} steps")
        if timeout > 0:
            self._loop.now += timeout
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    """A loop that starts at 0 s and takes no real time to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.set_debug(False)
        self._clock_resolution = 1e-9
        self._selector = _Jump(self)

    def time(self) -> float:
        return self.now

    def _process_events(self, event_list: list[Any]) -> None:
        """There is nothing outside this loop."""

    def _write_to_self(self) -> None:
        """No other thread wakes this loop."""
