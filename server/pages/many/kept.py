"""What was rendered for many and is kept while they ask for it.

After a comment everybody who looks fetches the talk, all within half a second. A rendering is kept
under what it was made from, but never longer than a second: live text and time go on without
events.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from server.pages.many.sheet import Sheet
from storage.database import Database

KEPT_S: Final = 1.0
ENTRIES_MAX: Final = 256

Rendering = TypeVar("Rendering")


class Kept(Generic[Rendering]):
    """Renderings by what they were made from."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[float, asyncio.Future[Rendering]]] = OrderedDict()

    async def of(self, key: Hashable, render: Callable[[], Awaitable[Rendering]]) -> Rendering:
        """The rendering of this key; who comes while it is made waits for that one."""
        now = asyncio.get_running_loop().time()
        self._let_go(now)
        _, found = self._kept.get(key, (0.0, None))
        if found is None:
            # A task of its own: who began it may hang up while others wait for it.
            found = asyncio.ensure_future(render())
            self._kept[key] = (now + KEPT_S, found)
            while len(self._kept) > ENTRIES_MAX:
                self._kept.popitem(last=False)
        try:
            return await asyncio.shield(found)
        except BaseException:
            # A refusal is for who asked now, and is not kept.
            if found.done() and self._kept.get(key, (0.0, None))[1] is found:
                del self._kept[key]
            raise

    def _let_go(self, now: float) -> None:
        """Drop what is too old; all are kept equally long, so the oldest stand in front."""
        while self._kept:
            key, (until, _) = next(iter(self._kept.items()))
            if now < until:
                return
            del self._kept[key]

    def __len__(self) -> int:
        return len(self._kept)


_of_databases: WeakKeyDictionary[Database, Kept[Sheet]] = WeakKeyDictionary()


def sheets_of(database: Database) -> Kept[Sheet]:
    """What is kept of the sheets of one database."""
    return _of_databases.setdefault(database, Kept())
