"""Entries are written with their events, one after the other, and their keys can be cut."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from collab.process.audit.check import verify
from collab.process.audit.entry import ARENA_CHAIN, BEGUN, Entry
from collab.process.audit.facts import seal
from collab.process.audit.witness import Move, begun_otherwise
from collab.process.events.event import Event
from collab.process.events.ideas import IdeaCreated, StageChanged, TeamChanged
from collab.process.events.people import PersonMuted, PersonRoleChanged
from server.actions.audit import verify as verifying
from storage import events, ideas, migrate, stages
from storage.bulk.ideas import insert_ideas
from storage.database import Database
from storage.erasure import people as erasing
from storage.process import audit
from tests.storage.making import NOW, a_person, an_idea, version
from tests.storage.test_bulk import new_idea


class Whisper(Event):
    """An event that is no act."""

    kind = "whisper"
    official = False


async def tell(
    database: Database, fact: Event, idea_id: UUID | None = None, actor: UUID | None = None
) -> int:
    async with database.write() as tx:
        record = {"office": "moderator", "revision": 2}
        stored = await events.append(
            tx, fact, idea_id=idea_id, actor_id=actor, public=True, now=NOW, record=record
        )
    return stored.id


async def entries(database: Database, chain: str) -> Sequence[Entry]:
    async with database.read() as tx:
        return await audit.entries(tx, chain)


async def test_u1_an_act_is_entered_with_its_event(database: Database) -> None:
    kim = await a_person(database)
    idea = await an_idea(database, kim)
    moved = StageChanged("elaborate", "open", "elaboration", "Weil.", version(3))
    number = await tell(database, moved, idea.id, kim)
    (entry,) = await entries(database, idea.ref)
    assert (entry.number, entry.draft.act, entry.draft.event) == (1, "stage_changed", number)
    assert entry.draft.at == NOW
    assert entry.draft.facts == {
        "transition": "elaborate",
        "from_stage": "open",
        "to_stage": "elaboration",
        "version": version(3).to_json(),
        "office": "moderator",
        "revision": 2,
    }
    async with database.read() as tx:
        keys = (await audit.keys(tx, idea.ref, [1]))[1]
        assert await audit.of_events(tx, [number]) == {number: entry}
    assert entry.draft.sealed == {
        "actor": seal(keys["actor"], "actor", str(kim)),
        "reason": seal(keys["reason"], "reason", "Weil."),
    }
    assert str(kim) not in str(entry.to_json())


async def test_u1_what_concerns_no_idea_is_in_the_chain_of_the_arena(database: Database) -> None:
    kim = await a_person(database)
    await tell(database, PersonRoleChanged(kim, "moderator", True))
    await tell(database, Whisper())
    (entry,) = await entries(database, ARENA_CHAIN)
    assert entry.draft.facts["role"] == "moderator"
    assert entry.draft.sealed.keys() == {"person_id"}


async def test_u1_an_event_that_is_not_written_leaves_no_entry(database: Database) -> None:
    idea = await an_idea(database)
    try:
        async with database.write() as tx:
            fact = IdeaCreated("Bänke", "need", "open")
            await events.append(tx, fact, idea_id=idea.id, actor_id=None, public=True, now=NOW)
            raise InterruptedError
    except InterruptedError:
        pass
    assert await entries(database, idea.ref) == []


async def test_u4_acts_at_once_are_entered_one_after_the_other(database: Database) -> None:
    idea, fact = await an_idea(database), IdeaCreated("Bänke", "need", "open")
    other = await an_idea(database)
    await asyncio.gather(
        *(tell(database, fact, each.id) for _ in range(10) for each in (idea, other))
    )
    for ref in (idea.ref, other.ref):
        found = await entries(database, ref)
        assert [entry.number for entry in found] == list(range(1, 11))
        assert verify(ref, found) == []
        numbers = [entry.draft.event or 0 for entry in found]
        assert numbers == sorted(numbers)


async def test_u1_ideas_in_bulk_begin_a_chain_each(database: Database) -> None:
    author = await a_person(database)
    async with database.write() as tx:
        refs = await insert_ideas(tx, [new_idea(author, f"import:a:{n}") for n in range(3)], 2026)
    async with database.read() as tx:
        told = {each.ref: each.id for each in await events.since(tx, 0)}
    for ref in refs:
        (entry,) = await entries(database, ref)
        assert entry.draft.event == told[ref]
        assert entry.draft.facts["idea_kind"] == "need"
        assert entry.draft.sealed.keys() == {"actor", "title"}
    found = await verifying.chains(database)
    assert [chain.name for chain in found] == refs
    assert (await verifying.verify(database, found)).faults == []


async def test_u3_an_erasure_cuts_every_key_of_the_person_and_of_words_that_go(
    database: Database,
) -> None:
    kim, jo = await a_person(database), await a_person(database)
    idea = await an_idea(database, jo)
    await tell(database, TeamChanged(kim, "editor", True), idea.id, jo)
    muted = await tell(database, PersonMuted(jo, "Kim wollte es so."), idea.id, kim)
    before = await entries(database, idea.ref)

    def without_kim(
        _actor: UUID | None, _idea: UUID | None, _kind: str, found: dict[str, Any]
    ) -> dict[str, Any]:
        return {**found, "reason": "…"} if "reason" in found else found

    async with database.write() as tx:
        await erasing.rewrite_events(tx, without_kim)
        await erasing.pseudonymise(tx, kim, handle="former-1", name="Ehemalige Person", now=NOW)
    async with database.read() as tx:
        left = await audit.keys(tx, idea.ref, [1, 2])
        assert await audit.sealed_for(tx, kim) == []
    assert {number: set(fields) for number, fields in left.items()} == {
        1: {"actor"},
        2: {"person_id"},
    }
    assert await entries(database, idea.ref) == before
    assert verify(idea.ref, before) == []
    assert before[1].draft.event == muted


async def test_u7_an_older_database_begins_a_chain_over_each_history(database_url: str) -> None:
    database = await Database.open(database_url)
    kim = await a_person(database, roles=["moderator"])
    idea, draft = await an_idea(database, kim), await an_idea(database, kim, stage="draft")
    moved = StageChanged("elaborate", "open", "elaboration", "Weil.", version(3))
    async with database.write() as tx:
        await ideas.advance(tx, idea.id, 1, from_stage="open", to_stage="elaboration", now=NOW)
        change = await stages.append(
            tx, change_id=UUID(int=1), idea_id=idea.id, transition="elaborate",
            from_stage="open", to_stage="elaboration", reason="Weil.", actor_id=kim,
            actor_name="Kim", revision=2, version=version(3), now=NOW,
        )  # fmt: skip
    await tell(database, moved, idea.id, kim)
    await database.close()
    await migrate.downgrade(database_url, "0006")
    await migrate.upgrade(database_url)
    database = await Database.open(database_url)
    (entry,) = await entries(database, idea.ref)
    assert (entry.draft.act, entry.draft.public) == (BEGUN, True)
    assert not (await entries(database, draft.ref))[0].draft.public
    (arena,) = await entries(database, ARENA_CHAIN)
    assert arena.draft.act == BEGUN
    checked = await verifying.verify(database, await verifying.chains(database))
    assert (checked.chains, checked.faults) == (3, [])
    told = Move(
        transition=change.transition, from_stage="open", to_stage="declined", revision=2,
        version=version(3).to_json(), reason="Weil.", at=NOW,
    )  # fmt: skip
    assert list(begun_otherwise(entry.draft, [told])) == ["history"]
    await tell(database, TeamChanged(kim, "editor", True), idea.id, kim)
    checked = await verifying.verify(database, await verifying.chains(database))
    assert (checked.entries, checked.faults) == (4, [])
    await database.close()
