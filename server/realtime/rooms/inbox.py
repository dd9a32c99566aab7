"""A bounded queue that is emptied as a whole: what a room works off in one turn."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")


class Inbox(Generic[Item]):
    """Items wait here for the next turn.

    Whoever adds an item looks at ``is_full`` afterwards and adds no more until he was called
    back (``when_taken``), so a socket whose frames come faster than they are committed is simply
    not read. ``put`` does the same for a task. What exceeds the bound is bounded itself: one
    message for each socket, and what the hub has to say.
    """

    def __init__(self, items_max: int) -> None:
        self._items: deque[Item] = deque()
        self._items_max = items_max
        self._waiting: asyncio.Future[bool] | None = None
        self._emptied = asyncio.Event()
        self._callbacks: list[tuple[Callable[..., None], Any]] = []

    def __len__(self) -> int:
        return len(self._items)

    @property
    def is_full(self) -> bool:
        return len(self._items) >= self._items_max

    def when_taken(self, callback: Callable[..., None], argument: object) -> None:
        """Call back, once, when the inbox has been emptied."""
        self._callbacks.append((callback, argument))

    async def put(self, item: Item) -> None:
        """Add an item; waits while the inbox is full."""
        while self.is_full:
            self._emptied.clear()
            await self._emptied.wait()
        self.signal(item)

    def signal(self, item: Item) -> None:
        """Add an item without waiting."""
        self._items.append(item)
        self._answer(True)

    async def wait(self, timeout_s: float) -> bool:
        """Wait until there is something; ``False`` if nothing came in time."""
        if self._items:
            return True
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        timer = loop.call_later(timeout_s, self._answer, False)
        try:
            return await self._waiting
        finally:
            timer.cancel()

    def _answer(self, is_filled: bool) -> None:
        """Tell who waits, once."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(is_filled)

    def take(self) -> list[Item]:
        """Everything that waits, in order of arrival."""
        items = list(self._items)
        self._items.clear()
        self._emptied.set()
        callbacks, self._callbacks = self._callbacks, []
        for callback, argument in callbacks:
            callback(argument)
        return items
