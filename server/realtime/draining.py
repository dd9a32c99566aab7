"""The end of a process in good order: rooms commit and acknowledge, then the sockets close."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

import structlog

from server.network.holds import DRAIN
from server.realtime.sockets.connection import CLOSE_GOING_AWAY
from server.realtime.sockets.open import OpenSockets

DRAIN_S = 8.0
SPREAD_S = 3.0
CLOSE_PAUSE_S = 0.005
CANCEL_AGAIN_S = 0.5

log = structlog.get_logger(__name__)


async def drained(sockets: OpenSockets, pending: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Hear nobody any more, let what is ``pending`` commit, and send everybody away.

    Ends within ``DRAIN_S`` and ``SPREAD_S``, and nothing durable depends on it.
    """
    for connection in sockets:
        connection.wire.hold(DRAIN)
    try:
        async with asyncio.timeout(DRAIN_S):
            await asyncio.gather(*pending, return_exceptions=True)
    except TimeoutError:
        log.warning("rooms did not drain in time", rooms=len(pending))
    await _close_spread(sockets)


async def ended(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel these tasks until each has ended, whatever comes of it.

    Once is not enough: before Python 3.12 ``asyncio.wait_for``, with which the client of Redis
    writes, loses a cancellation that comes when the writing has just been done.
    """
    ending = pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN_S)
    await asyncio.gather(*ending, return_exceptions=True)


async def _close_spread(sockets: OpenSockets) -> None:
    """Close the sockets one after the other: some clients come back as fast as they can."""
    pause_s = min(CLOSE_PAUSE_S, SPREAD_S / max(1, len(sockets)))
    for connection in sockets:
        connection.close(CLOSE_GOING_AWAY, "restarting")
        await asyncio.sleep(pause_s)
