"""Spans: what takes how long. While nobody collects them, each costs one comparison.

A span's name and attributes are words of the source and numbers, never ids, names or texts.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import FrameType
from typing import Any, Final

Opened = AbstractContextManager[Any]
Opener = Callable[[str, dict[str, str | int]], Opened]

ACTIONS: Final = "server.actions."
FRAMES_MAX: Final = 40

_NOTHING: Final[Opened] = nullcontext()


class _Tracing:
    """Who opens spans in this process; nobody, unless a collector is set."""

    opener: Opener | None = None


def span(name: str, **attributes: str | int) -> Opened:
    """A span around a block."""
    opener = _Tracing.opener
    return _NOTHING if opener is None else opener(name, attributes)


def action_span() -> Opened:
    """A span named after the action that begins a transaction."""
    opener = _Tracing.opener
    if opener is None:
        return _NOTHING
    action = _action_of(sys._getframe(1))
    return _NOTHING if action is None else opener(f"action {action}", {})


def trace_with(opener: Opener | None) -> None:
    """Hand every span of this process to ``opener``; ``None`` ends that."""
    _Tracing.opener = opener


def is_tracing() -> bool:
    """Whether somebody collects."""
    return _Tracing.opener is not None


def _action_of(frame: FrameType | None) -> str | None:
    """The innermost public function of ``server.actions`` that waits for this moment."""
    for _ in range(FRAMES_MAX):
        if frame is None:
            return None
        module = str(frame.f_globals.get("__name__", ""))
        name = frame.f_code.co_name
        if module.startswith(ACTIONS) and not name.startswith("_"):
            return f"{module.removeprefix(ACTIONS)}.{name}"
        frame = frame.f_back
    return None
