"""Who may come into a document: rights read for all who ask at the same time, in one go.

When a room of two hundred people reconnects, each would ask the database six questions about the
same idea. Here those who come while an answer is being read share the next one; every answer is
read after its question was asked, so nobody is let in by rights he has lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from collab.sync.rooms.session import Grant
from server.realtime.access import grants
from server.realtime.rooms.live_room import LiveRoom
from storage import documents
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Admission:
    """What somebody may do in a document, and at which access version that held."""

    grant: Grant
    access_version: int


@dataclass(frozen=True, slots=True)
class Admitted:
    """The room that somebody may enter, what he may do there, and how new that is."""

    room: LiveRoom
    grant: Grant
    access_version: int
    epoch: int


Question = tuple[UUID | None, asyncio.Future[Admission]]


class Admissions:
    """Answers for the documents of this process."""

    def __init__(
        self, database: Database, spawn: Callable[[Coroutine[Any, Any, None], str], None]
    ) -> None:
        self._database = database
        self._spawn = spawn
        self._asking: dict[UUID, list[Question]] = {}

    async def of(self, document_id: UUID, person_id: UUID | None) -> Admission:
        """The person's rights in the document, as they are now.

        Raises:
            StorageUnavailable: the database cannot be asked.
        """
        answer: asyncio.Future[Admission] = asyncio.get_running_loop().create_future()
        waiting = self._asking.get(document_id)
        if waiting is None:
            waiting = self._asking[document_id] = []
            self._spawn(self._answer_all(document_id), "admission")
        waiting.append((person_id, answer))
        return await answer

    async def _answer_all(self, document_id: UUID) -> None:
        """Read and answer until nobody asks about this document any more."""
        while questions := self._asking[document_id]:
            self._asking[document_id] = []
            try:
                await self._answer(document_id, questions)
            except Exception as error:
                for _, answer in questions:
                    if not answer.done():
                        answer.set_exception(error)
        del self._asking[document_id]

    async def _answer(self, document_id: UUID, questions: list[Question]) -> None:
        async with self._database.read() as tx:
            found = await grants(tx, document_id, {person_id for person_id, _ in questions})
            head = (await documents.heads(tx, [document_id])).get(document_id)
        version = head.access_version if head else 0
        for person_id, answer in questions:
            if not answer.done():
                answer.set_result(Admission(found[person_id], version))
