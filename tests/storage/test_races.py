"""Many at once: numbers without gaps or twins, one winner, one user of a link, events in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID, uuid4

from collab.process.events.people import PersonRestored
from storage import access, documents, events, ideas, people
from storage.database import Database, Transaction
from storage.documents import Batch, Committed, LogRow, Moved
from tests.storage.making import NOW, a_document, a_person, an_idea, later, make_idea

# A second process has connections of its own; two open databases stand for two processes.
Act = Callable[[Database, int], Coroutine[Any, Any, Any]]


async def at_once(url: str, count: int, act: Act) -> list[Any]:
    """The results of ``act`` done ``count`` times, in turn on two open databases."""
    one, two = await Database.open(url), await Database.open(url)
    try:
        return await asyncio.gather(*(act((one, two)[n % 2], n) for n in range(count)))
    finally:
        await one.close()
        await two.close()


async def test_fifty_creators_at_once_get_fifty_references_in_a_row(
    database: Database, database_url: str
) -> None:
    author = await a_person(database)

    async def create(database: Database, _: int) -> str:
        return (await an_idea(database, author)).ref

    refs = await at_once(database_url, 50, create)
    assert sorted(refs) == [f"2026-{number:05d}" for number in range(1, 51)]


async def test_a_creator_who_fails_leaves_no_gap(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as tx:
            await make_idea(tx)
            raise RuntimeError

    await asyncio.gather(*(fail() for _ in range(5)), return_exceptions=True)
    assert (await an_idea(database)).ref == "2026-00001"


async def test_writers_at_once_make_a_log_without_gaps(
    database: Database, database_url: str
) -> None:
    document_id = await a_document(database)

    async def append(database: Database, number: int) -> list[int]:
        async with database.write() as tx:
            head = (await documents.lock_heads(tx, [document_id]))[document_id]
            rows = [LogRow(b"%d %d" % (number, part), None) for part in range(3)]
            last = await documents.append(tx, head, rows, NOW)
        return [last - 2, last - 1, last]

    given = await at_once(database_url, 40, append)
    async with database.read() as tx:
        entries = await documents.log(tx, document_id, 1)
        heads = await documents.heads(tx, [document_id])
    assert [entry.seq for entry in entries] == list(range(1, 122))
    assert sorted(seq for seqs in given for seq in seqs) == list(range(2, 122))
    assert heads[document_id].seq == 121


async def test_of_commits_that_assume_one_seq_one_is_written(
    database: Database, database_url: str
) -> None:
    document_id = await a_document(database)

    async def commit(database: Database, number: int) -> documents.Outcome:
        batch = Batch(document_id, 1, 1, 0, [LogRow(b"%d" % number, None)], {})
        return (await documents.commit_batch(database, [batch], NOW))[document_id]

    outcomes = await at_once(database_url, 16, commit)
    assert outcomes.count(Committed(2)) == 1
    assert sum(isinstance(outcome, Moved) for outcome in outcomes) == 15


async def test_commits_over_the_same_documents_do_not_wait_in_a_circle(
    database: Database, database_url: str
) -> None:
    ids = [await a_document(database) for _ in range(6)]

    async def commit(database: Database, number: int) -> None:
        left = ids if number % 4 < 2 else ids[::-1]
        while left:
            async with database.read() as tx:
                heads = await documents.heads(tx, left)
            batches = [
                Batch(one, 1, heads[one].seq, 0, [LogRow(b"x", None)], {number: None})
                for one in left
            ]
            outcomes = await documents.commit_batch(database, batches, NOW)
            left = [one for one in left if not isinstance(outcomes[one], Committed)]

    await at_once(database_url, 30, commit)
    async with database.read() as tx:
        heads = await documents.heads(tx, ids)
    assert {head.seq for head in heads.values()} == {31}


async def test_two_actors_who_claim_one_client_id_at_once_do_not_share_it(
    database: Database, database_url: str
) -> None:
    document_id = await a_document(database)
    actors = [uuid4() for _ in range(12)]

    async def claim(database: Database, number: int) -> bool:
        async with database.write() as tx:
            await documents.lock_heads(tx, [document_id])
            return not await documents.claim(tx, document_id, 1, {77: actors[number]})

    assert (await at_once(database_url, 12, claim)).count(True) == 1


async def test_of_sixteen_movers_one_wins(database: Database, database_url: str) -> None:
    idea = await an_idea(database)

    async def move(database: Database, _: int) -> bool:
        async with database.write() as tx:
            return await ideas.advance(
                tx, idea.id, 1, from_stage="open", to_stage="elaboration", now=later(hours=1)
            )

    assert (await at_once(database_url, 16, move)).count(True) == 1
    async with database.read() as tx:
        moved = await ideas.get(tx, idea.id)
    assert moved is not None
    assert (moved.stage, moved.revision, moved.active_at) == ("elaboration", 2, later(hours=1))


async def test_a_link_is_used_once_although_many_try(database: Database, database_url: str) -> None:
    person_id = await a_person(database)
    async with database.write() as tx:
        await access.create_link(
            tx,
            secret_hash="s",
            purpose="sign_in",
            person_id=person_id,
            now=NOW,
            expires_at=later(hours=1),
        )

    async def use(database: Database, _: int) -> bool:
        async with database.write() as tx:
            return await access.use_link(tx, "s", "sign_in", later(minutes=1)) is not None

    assert (await at_once(database_url, 12, use)).count(True) == 1


async def test_who_has_seen_an_event_has_seen_all_before_it(
    database: Database, database_url: str
) -> None:
    person_id = await a_person(database)
    seen: list[int] = []

    async def write(database: Database, number: int) -> None:
        if number % 5 == 4:
            await listen(database)
            return
        async with database.write() as tx:
            await append(tx)
            await people.rename(tx, person_id, f"name {number}")
        await listen(database)

    async def append(tx: Transaction) -> None:
        fact = PersonRestored(person_id=person_id)
        await events.append(tx, fact, idea_id=None, actor_id=None, public=False, now=NOW)

    async def listen(database: Database) -> None:
        async with database.read() as tx:
            newer = await events.since(tx, seen[-1] if seen else 0)
        seen.extend(event.id for event in newer if event.id > (seen[-1] if seen else 0))

    await at_once(database_url, 50, write)
    await listen(database)
    async with database.read() as tx:
        everything = [event.id for event in await events.since(tx, 0)]
    assert len(everything) == 40
    assert seen == everything


async def test_the_same_role_given_twice_at_once_is_one(
    database: Database, database_url: str
) -> None:
    idea = await an_idea(database)
    person_id: UUID = await a_person(database)

    async def give(database: Database, _: int) -> bool:
        async with database.write() as tx:
            return await ideas.add_role(tx, idea.id, person_id, "editor")

    assert (await at_once(database_url, 8, give)).count(True) == 1
