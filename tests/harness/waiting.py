"""Waiting for something outside this process, with a deadline; the only place that sleeps.

Inside the process tests hold sockets and pass clocks instead.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

STEP_S = 0.02
WAIT_S = 60
"""A limit for slow machines; whoever is done goes on at once."""
PACE_S = 0.05


def until(condition: Callable[[], bool], what: str, *, timeout_s: float = WAIT_S) -> None:
    """Return as soon as ``condition`` holds.

    Raises:
        TimeoutError: naming ``what``, when the time is over.
    """
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {timeout_s:g} s")
        time.sleep(STEP_S)


async def until_async(
    condition: Callable[[], Awaitable[bool]], what: str, *, timeout_s: float = WAIT_S
) -> None:
    """``until`` for a condition that awaits, such as an HTTP call."""
    deadline = time.monotonic() + timeout_s
    while not await condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {timeout_s:g} s")
        await asyncio.sleep(STEP_S)


async def pause(is_over: asyncio.Event) -> None:
    """Leave the processor to others, between two requests of somebody who asks until it is over."""
    with suppress(TimeoutError):
        await asyncio.wait_for(is_over.wait(), PACE_S)


async def until_true(
    condition: Callable[..., object], what: str, *, timeout_s: float = WAIT_S
) -> None:
    """``until`` for something that another task of this process brings about."""

    async def holds() -> bool:
        return bool(condition())

    await until_async(holds, what, timeout_s=timeout_s)
