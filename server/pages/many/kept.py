"""What is rendered once for all guests who ask for the same at the same time.

After a comment everybody who looks fetches the talk. Guests of one language all get the same, so
one rendering serves them. It is kept as long as nothing happens, but never longer than a second:
live text and time go on without events.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final
from weakref import WeakKeyDictionary

from storage.database import Database

KEPT_S: Final = 1.0
ENTRIES_MAX: Final = 256

Key = tuple[str, ...]
Render = Callable[[], Awaitable[str]]


class Shared:
    """Texts by what they show and the last event that they know of."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, tuple[float, asyncio.Future[str]]] = OrderedDict()

    async def text(self, key: Key, render: Render) -> str:
        """The text of this key; who comes while it is rendered waits for that one."""
        now = asyncio.get_running_loop().time()
        kept_until, found = self._kept.get(key, (0.0, None))
        if found is None or now >= kept_until:
            # A task of its own: who began it may hang up while others wait for it.
            found = asyncio.ensure_future(render())
            self._kept[key] = (now + KEPT_S, found)
            self._kept.move_to_end(key)
            while len(self._kept) > ENTRIES_MAX:
                self._kept.popitem(last=False)
        try:
            return await asyncio.shield(found)
        except BaseException:
            # A refusal is for who asked now, and is not kept.
            if found.done() and self._kept.get(key, (0.0, None))[1] is found:
                del self._kept[key]
            raise

    def __len__(self) -> int:
        return len(self._kept)


_of_databases: WeakKeyDictionary[Database, Shared] = WeakKeyDictionary()


def shared_of(database: Database) -> Shared:
    """What is kept of the texts of one database."""
    return _of_databases.setdefault(database, Shared())
