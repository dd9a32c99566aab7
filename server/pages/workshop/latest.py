"""What is rendered once for everybody who looks, until what it shows has changed.

A wall and three hundred who look on from afar fetch the same fragment within a second of each
other. It is kept by a stamp of what it shows: who comes with the same stamp gets what there is, and
who comes while it is rendered waits for that one.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server.auth.visitor import visitor_of
from server.services import services_of
from storage.database import Database

ENTRIES_MAX: Final = 64

Key = tuple[str, ...]
Render = Callable[[], Awaitable[str]]


class Latest:
    """The newest text of each key."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, tuple[str, asyncio.Future[str]]] = OrderedDict()

    async def text(self, key: Key, stamp: str, render: Render) -> str:
        """The text of this key at this stamp."""
        kept, found = self._kept.get(key, ("", None))
        if found is None or kept != stamp:
            # A task of its own: who began it may hang up while others wait for it.
            found = asyncio.ensure_future(render())
            self._kept[key] = (stamp, found)
            self._kept.move_to_end(key)
            while len(self._kept) > ENTRIES_MAX:
                self._kept.popitem(last=False)
        try:
            return await asyncio.shield(found)
        except BaseException:
            # What went wrong is for who asked now, and is not kept.
            if found.done() and self._kept.get(key, ("", None))[1] is found:
                del self._kept[key]
            raise

    def __len__(self) -> int:
        return len(self._kept)


_of_databases: WeakKeyDictionary[Database, Latest] = WeakKeyDictionary()


def latest_of(database: Database) -> Latest:
    """What is kept of the pages of one database."""
    return _of_databases.setdefault(database, Latest())


def knows(request: Request, stamp: str) -> bool:
    """Whether whoever asks has the text of this stamp already."""
    return request.headers.get("if-none-match", "").removeprefix("W/") == f'"{stamp}"'


def unchanged_or(request: Request, stamp: str, html: str) -> Response:
    """The fragment, or 304 for who has it. Browsers keep it and ask each time.

    ``Arena-Now`` is the server's clock, by which pages count down.
    """
    headers = {
        "ETag": f'"{stamp}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie, Authorization, Accept-Language",
        "Content-Language": visitor_of(request).language,
        "Arena-Now": services_of(request).clock().isoformat(timespec="milliseconds"),
    }
    if knows(request, stamp):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(html, headers=headers)
