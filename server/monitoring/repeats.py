"""Keeps the log from filling: what is said again and again is said a few times a minute.

The first lines of an event pass at once; what follows within the minute is counted, and the next
line that passes says how many were left out.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

WINDOW_S: Final = 60.0
BURST: Final = 5
EVENTS_MAX: Final = 500
"""Event names are written in the source, so there are fewer; those longest unheard go."""


class Repeats(logging.Filter):
    """Passes everything below a warning, and of each warning or error so many in a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._seen: OrderedDict[tuple[str, str], _Window] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        if record.levelno < logging.WARNING:
            return True
        message: Any = record.msg
        name = str(message.get("event")) if isinstance(message, dict) else ""
        window = self._window((record.name, name))
        window.count += 1
        if window.count > BURST:
            window.left_out += 1
            return False
        if window.left_out and isinstance(message, dict):
            message["left_out"] = window.left_out
        window.left_out = 0
        return True

    def _window(self, key: tuple[str, str]) -> _Window:
        now = self._clock()
        window = self._seen.pop(key, None) or _Window(now)
        if now - window.began >= WINDOW_S:
            window.began, window.count = now, 0
        self._seen[key] = window
        if len(self._seen) > EVENTS_MAX:
            self._seen.popitem(last=False)
        return window


class _Window:
    """A minute of one event."""

    __slots__ = ("began", "count", "left_out")

    def __init__(self, now: float) -> None:
        self.began = now
        self.count = 0
        self.left_out = 0
