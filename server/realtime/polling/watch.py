"""How often this node asks the database what the others have done.

While the relay brings it, that is for safety only; while the relay is away it is how nodes
follow each other.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

HEADS_S = 2.0
HEADS_ALONE_S = 0.5
ENDED_S = 10.0
ENDED_ALONE_S = 1.0


class Watch:
    """The pauses between looks; each can be cut short."""

    def __init__(self) -> None:
        self.is_alone = False
        """There should be a relay, and it is away: look often."""
        self._heads = asyncio.Event()
        self._ended = asyncio.Event()

    async def heads(self) -> None:
        """Return when the heads of the open documents are to be read."""
        await pause(self._heads, HEADS_ALONE_S if self.is_alone else HEADS_S)

    async def ended(self) -> None:
        """Return when it is to be asked which sign-ins have ended."""
        await pause(self._ended, ENDED_ALONE_S if self.is_alone else ENDED_S)

    def look_for_heads(self) -> None:
        """Read the heads now."""
        self._heads.set()

    def look_for_ended(self) -> None:
        """Ask for ended sign-ins now."""
        self._ended.set()


async def pause(is_due: asyncio.Event, seconds: float) -> None:
    """Return when it is due, after so many seconds at the latest; then it is due no more."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await is_due.wait()
    is_due.clear()
