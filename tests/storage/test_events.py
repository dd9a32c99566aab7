"""Events are written with the act, read in order, and their payload comes back as it went in."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from collab.process.events.event import Event
from collab.process.events.ideas import IdeaCreated, StageChanged
from collab.process.events.kinds import parse_event
from collab.process.events.people import PersonMuted, PersonSuspended
from collab.process.events.talk import CommentAdded
from storage import events
from storage.database import Database
from storage.events import StoredEvent
from tests.storage.making import NOW, a_person, an_idea, version


async def append(
    database: Database, fact: Event, idea_id: UUID | None = None, *, public: bool = True
) -> StoredEvent:
    async with database.write() as tx:
        return await events.append(tx, fact, idea_id=idea_id, actor_id=None, public=public, now=NOW)


@pytest.mark.parametrize(
    "fact",
    [
        IdeaCreated("Bänke", "need", "open"),
        StageChanged("elaborate", "open", "elaboration", "Gut", version(3)),
        CommentAdded(uuid4(), "note", None),
        PersonMuted(uuid4(), "Stört"),
    ],
)
async def test_an_event_comes_back_as_it_was_written(database: Database, fact: Event) -> None:
    idea = await an_idea(database)
    written = await append(database, fact, idea.id)
    async with database.read() as tx:
        [found] = await events.since(tx, 0)
    assert found == written
    assert found.ref == idea.ref
    assert parse_event(found.kind, found.payload) == fact


async def test_events_follow_each_other_and_the_last_is_known(database: Database) -> None:
    async with database.read() as tx:
        assert await events.last_id(tx) == 0
    person_id = await a_person(database)
    written = [await append(database, PersonSuspended(person_id, "x")) for _ in range(5)]
    async with database.read() as tx:
        assert await events.since(tx, written[1].id) == written[2:]
        assert await events.since(tx, 0, limit=2) == written[:2]
        assert await events.last_id(tx) == written[-1].id
    assert written[0].ref is None


async def test_an_ideas_public_log_holds_its_public_events_only(database: Database) -> None:
    one, other = await an_idea(database), await an_idea(database)
    fact = IdeaCreated("Bänke", "need", "open")
    shown = await append(database, fact, one.id)
    hidden = await append(database, fact, one.id, public=False)
    await append(database, fact, other.id)
    async with database.read() as tx:
        assert await events.since(tx, 0, idea_id=one.id) == [shown, hidden]
        assert await events.since(tx, 0, idea_id=one.id, public_only=True) == [shown]
