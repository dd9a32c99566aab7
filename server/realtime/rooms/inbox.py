"""A bounded queue that is emptied as a whole: what a room works off in one turn."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Inbox(Generic[Item]):
    """Items wait here for the next turn.

    ``put`` holds its caller back while the inbox is full, so a socket whose frames come faster
    than they are committed is simply not read. ``signal`` never waits: it is for what the hub
    itself has to say, which is bounded by the number of sessions.
    """

    def __init__(self, items_max: int) -> None:
        self._items: deque[Item] = deque()
        self._items_max = items_max
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()

    def __len__(self) -> int:
        return len(self._items)

    async def put(self, item: Item) -> None:
        """Add an item; waits while the inbox is full."""
        while len(self._items) >= self._items_max:
            self._emptied.clear()
            await self._emptied.wait()
        self.signal(item)

    def signal(self, item: Item) -> None:
        """Add an item without waiting."""
        self._items.append(item)
        self._filled.set()

    async def wait(self, timeout_s: float | None) -> bool:
        """Wait until there is something; ``False`` if nothing came in time."""
        if self._items:
            return True
        self._filled.clear()
        try:
            async with asyncio.timeout(timeout_s):
                await self._filled.wait()
        except TimeoutError:
            return False
        return True

    def take(self) -> list[Item]:
        """Everything that waits, in order of arrival."""
        items = list(self._items)
        self._items.clear()
        self._emptied.set()
        return items
