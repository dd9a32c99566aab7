"""Tells everyone who looks what has been committed, and changes rights in open rooms.

Actions hand in their events after their commit. A tail over the event table brings those of other
processes (the command line, other nodes) within a second, or at once when the relay wakes it. Ids
are committed in their order (``storage.events``), so whatever lies below the tail has been told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

import structlog

from collab.process.events.event import ARENA_TOPIC, BOARD_TOPIC, INBOX_TOPIC, Event, idea_topic
from collab.process.events.gathering.workshops import TableChanged, WorkshopEvent
from collab.process.events.ideas import TeamChanged
from collab.process.events.kinds import parse_event
from collab.process.events.people import PersonErased, PersonRoleChanged, PersonSuspended
from collab.process.events.responsibility import ResponsibilityEnded
from server.realtime.holders import holders_at, holders_of
from server.realtime.hub import Hub
from server.realtime.live import Live
from server.realtime.polling.watch import pause
from server.realtime.workshop_texts import WorkshopTexts
from storage import events, ideas
from storage.database import Database, StorageUnavailable
from storage.events import StoredEvent
from storage.following import notices
from storage.process import late
from storage.workshop import workshops

TAIL_S = 1.0
BATCH_MAX = 1_000

CHANGES_ACCESS = frozenset(
    {
        "stage_changed",
        "process_changed",
        "team_changed",
        "responsibility_confirmed",
        "responsibility_ended",
        "kind_changed",
        "ideas_merged",
        "ideas_unmerged",
        "person_muted",
        "person_unmuted",
        "text_erased",
        "notes_erased",
    }
)

MOVES_CARDS = frozenset({"stage_changed", "process_changed", "kind_changed"})
"""Told to the board at once; whatever else happens to an idea changes its card soon."""

log = structlog.get_logger()


def who_lost_rights(event: Event) -> UUID | None:
    """Who may see less than before, if the event says so of one person."""
    if isinstance(event, PersonRoleChanged | TeamChanged):
        return None if event.granted else event.person_id
    return event.person_id if isinstance(event, ResponsibilityEnded) else None


def text_topics(ref: str) -> tuple[str, str]:
    """What shows something else when the text of an idea has changed."""
    return idea_topic(ref, "text"), BOARD_TOPIC


class Announcer:
    """Events → topics of ``/live`` and rights of rooms."""

    def __init__(self, database: Database, live: Live, hub: Hub) -> None:
        self._database = database
        self._live = live
        self._hub = hub
        self._told: set[int] = set()
        self._floor = 0
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self.on_announced: Callable[[], None] = lambda: None
        """Told that there are new events, so that other nodes wake their tails."""
        self.texts = WorkshopTexts(database, live, hub)
        hub.on_text = lambda ref: live.touch(*text_topics(ref))
        hub.on_presence = lambda: live.touch(ARENA_TOPIC, BOARD_TOPIC)

    async def start(self) -> None:
        """Begin the tail after the events that exist."""
        async with self._database.read() as tx:
            self._floor = await events.last_id(tx)
        self._task = asyncio.create_task(self._tail(), name="announcer")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self.texts.stop()
        self._live.stop()

    def wake(self) -> None:
        """Read the event table now: another node has written to it."""
        self._wake.set()

    async def announce(self, stored: Sequence[StoredEvent]) -> None:
        """Tell of committed events; call it after the transaction has ended.

        What cannot be told because the database is away is left to the tail: the act itself is
        done and must not seem to have failed.
        """
        if stored:
            self.on_announced()
        await self._tell(stored)

    async def _tell(self, stored: Sequence[StoredEvent]) -> None:
        """Tell those that listen here of what was not told yet."""
        fresh = [each for each in stored if each.id > self._floor and each.id not in self._told]
        topics: set[str] = set()
        last = 0
        for each in fresh:
            try:
                topics |= await self._act_on(each)
            except StorageUnavailable as error:
                log.warning("event is told later", event_id=each.id, reason=str(error))
                break
            self._told.add(each.id)
            last = max(last, each.id)
        self._live.publish(topics, last)
        await self._tell_addressed([each.id for each in fresh if each.id in self._told])

    async def _tell_addressed(self, told: Sequence[int]) -> None:
        """Let the pages of those to whom events are addressed ask for their inbox anew."""
        if not told:
            return
        try:
            async with self._database.read() as tx:
                people = await notices.addressed(tx, told)
        except StorageUnavailable as error:
            log.warning("inboxes are told later", reason=str(error))
            return
        self._live.tell_people_here(people, INBOX_TOPIC)

    async def _act_on(self, stored: StoredEvent) -> set[str]:
        """Change rights where the event changes them; returns its topics."""
        event = parse_event(stored.kind, stored.payload)
        if isinstance(event, PersonSuspended | PersonErased):
            self._hub.send_away(event.person_id)
        if isinstance(event, PersonRoleChanged):
            await self._hub.rights_changed()
        if (loser := who_lost_rights(event)) is not None:
            self._live.reseat(loser)
        if stored.kind in CHANGES_ACCESS and stored.idea_id is not None:
            async with self._database.read() as tx:
                idea = await ideas.get(tx, stored.idea_id)
                is_awaited = idea is not None and await late.is_any_waiting(tx, idea.document_id)
                documents = [] if idea is None else await holders_of(tx, idea)
            for each in documents:
                await self._hub.access_changed(each.document_id)
            if idea is not None and is_awaited:
                self._hub.take_up_late(idea.document_id)
        if isinstance(event, WorkshopEvent):
            await self._judge_workshop(event)
        topics = set(event.topics(stored.ref))
        if stored.kind in MOVES_CARDS:
            topics.add(BOARD_TOPIC)
        elif stored.ref is not None:
            self._live.touch(BOARD_TOPIC)
        return topics

    async def _judge_workshop(self, event: WorkshopEvent) -> None:
        """Judge again who is in the documents of a workshop, and at the ideas of its tables."""
        if isinstance(event, TableChanged):
            await self._judge_table(event)
        if not event.changes_access:
            return
        async with self._database.read() as tx:
            workshop = await workshops.get(tx, event.workshop_id)
            if workshop is None:
                return
            concerned = [each.document_id for each in await holders_at(tx, workshop)]
            for table in await workshops.tables(tx, workshop.id):
                idea = await ideas.get(tx, table.idea_id) if table.idea_id else None
                concerned += [idea.document_id] if idea else []
        for document_id in concerned:
            await self._hub.access_changed(document_id)

    async def _judge_table(self, event: TableChanged) -> None:
        """Judge again who may write in the ideas that a table has opened and left."""
        concerned = [each for each in (event.idea_id, event.left_id) if each is not None]
        async with self._database.read() as tx:
            found = await ideas.of_ids(tx, concerned) if concerned else []
        for idea in found:
            await self._hub.access_changed(idea.document_id)

    async def _tail(self) -> None:
        """Follow the event table; a database that is away for a while is asked again."""
        while True:
            await pause(self._wake, TAIL_S)
            try:
                await self._read_on()
            except Exception as error:
                log.warning("events cannot be read", exc_info=error)

    async def _read_on(self) -> None:
        async with self._database.read() as tx:
            found = await events.since(tx, self._floor, limit=BATCH_MAX)
        await self._tell(found)
        for each in found:
            if each.id > self._floor and each.id not in self._told:
                break
            self._floor = max(self._floor, each.id)
        self._told = {each for each in self._told if each > self._floor}
