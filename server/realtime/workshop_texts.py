"""Tells walls and tables that a text of their workshop has changed.

A board and the ideas of tables are written many times a second, and move no event. What was
committed is collected and told once a second at most: to other nodes always, to pages here only
if one listens to a workshop; only then the database is asked whose texts they are.
"""

import asyncio
import math
from collections.abc import Callable, Collection
from itertools import islice
from typing import Final
from uuid import UUID

import structlog

from collab.process.events.gathering.workshops import BOARD, TEXTS, WORKSHOP_TOPIC, workshop_topic
from server.realtime.holders import DocumentKind
from server.realtime.hub import Hub
from server.realtime.live import Live
from storage.database import Database, StorageUnavailable
from storage.workshop import wall

TELL_S: Final = 1.0
TOLD_MAX: Final = 500
"""So many documents at most are told of at once; the others a second later."""

WAITING_MAX: Final = 10_000

log = structlog.get_logger()


class WorkshopTexts:
    """What was written lately, here (``own``) and at other nodes."""

    def __init__(self, database: Database, live: Live, hub: Hub) -> None:
        self._database = database
        self._live = live
        self._spawn = hub.spawn
        self._own: dict[UUID, None] = {}
        self._heard: dict[UUID, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._told_at = -math.inf
        self.on_told: Callable[[Collection[UUID]], None] = lambda _documents: None
        """Told what was written here, so that other nodes tell their pages."""
        hub.on_changed = lambda document_id: self._take(self._own, [document_id])

    def heard(self, document_ids: Collection[UUID]) -> None:
        """These were written at another node."""
        self._take(self._heard, document_ids)

    def stop(self) -> None:
        """Tell no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _take(self, waiting: dict[UUID, None], document_ids: Collection[UUID]) -> None:
        room = max(0, WAITING_MAX - len(waiting))
        waiting.update(dict.fromkeys(islice(document_ids, room)))
        self._tell_soon()

    def _tell_soon(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            wait_s = max(0.0, self._told_at + TELL_S - loop.time())
            self._timer = loop.call_later(wait_s, self._tell)

    def _tell(self) -> None:
        self._timer, self._told_at = None, asyncio.get_running_loop().time()
        own, heard = _some(self._own), _some(self._heard)
        if own:
            self.on_told(own)
        if self._live.listens(WORKSHOP_TOPIC):
            self._spawn(self._publish({*own, *heard}), "workshop texts")
        if self._own or self._heard:
            self._tell_soon()

    async def _publish(self, document_ids: Collection[UUID]) -> None:
        try:
            async with self._database.read() as tx:
                boards = await wall.boards_among(tx, document_ids, DocumentKind.BOARD)
                tables = await wall.tables_with(tx, document_ids)
        except StorageUnavailable as error:
            # Pages look by themselves now and then.
            log.warning("walls are not told", reason=str(error))
            return
        told = [workshop_topic(code, BOARD) for code in boards]
        self._live.publish([*told, *(workshop_topic(code, TEXTS) for code in tables)])


def _some(waiting: dict[UUID, None]) -> list[UUID]:
    """The first of them, which wait no more."""
    found = list(islice(waiting, TOLD_MAX))
    for each in found:
        del waiting[each]
    return found
