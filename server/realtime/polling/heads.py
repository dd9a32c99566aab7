"""Open rooms read on when another process has written, although nobody writes in them here.

A commit notices by itself that the log has moved. A room whose clients only read does not; so the
heads of all open rooms are compared with the log regularly, with one query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

import structlog

from server.realtime.polling.watch import Watch
from server.realtime.rooms.items import Follow
from server.realtime.rooms.live_room import LiveRoom
from storage import documents
from storage.database import Database
from storage.documents import Head

log = structlog.get_logger()


async def follow_log(database: Database, rooms: Iterable[LiveRoom], watch: Watch) -> None:
    """Watch the open rooms for ever; a database that is away is asked again the next time."""
    while True:
        await watch.heads()
        opened = list(rooms)
        if not opened:
            continue
        try:
            async with database.read() as tx:
                heads = await documents.heads(tx, [room.document_id for room in opened])
        except Exception as error:
            log.warning("heads cannot be read", exc_info=error)
            continue
        tell_moved(opened, heads)


def tell_moved(rooms: Iterable[LiveRoom], heads: Mapping[UUID, Head]) -> None:
    """Let those rooms read on that are behind the log.

    A room that is ahead of ``heads`` has committed since they were read. Rights that another
    process has changed are noticed as well.
    """
    for room in rooms:
        head, here = heads.get(room.document_id), room.head
        if (
            head is None
            or (head.epoch, head.seq) > (here.epoch, here.seq)
            or head.access_version > here.access_version
        ):
            room.inbox.signal(Follow())
