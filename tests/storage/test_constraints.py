"""What SQL itself refuses, whatever the code above it does."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import access, documents, ideas
from storage.database import METADATA, Database, Transaction
from storage.feasibility import judgements
from storage.talk import comments
from tests.storage.making import NOW, a_person, an_idea, later, make_idea, make_person, version


async def refused(database: Database, table: str, **values: Any) -> None:
    """The row breaks a constraint."""

    async def write() -> None:
        async with database.write() as tx:
            await tx.run(insert(METADATA.tables[table]), values)

    with pytest.raises(IntegrityError):
        await write()


async def test_references_and_documents_belong_to_one_idea(database: Database) -> None:
    idea = await an_idea(database)
    with pytest.raises(IntegrityError):
        await an_idea(database, ref=idea.ref)
    with pytest.raises(IntegrityError):
        await an_idea(database, document_id=idea.document_id)


async def test_a_source_is_imported_once(database: Database) -> None:
    await an_idea(database, source="bonn:17")
    with pytest.raises(IntegrityError):
        await an_idea(database, source="bonn:17")
    await an_idea(database)
    await an_idea(database)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "wish"},
        {"stage": ""},
        {"latitude": 52.5},
        {"latitude": 91.0, "longitude": 13.4},
        {"latitude": 52.5, "longitude": -181.0},
        {"created_by": uuid4()},
        {"document_id": uuid4()},
    ],
)
async def test_impossible_ideas_are_refused(database: Database, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        await an_idea(database, **wrong)


@pytest.mark.parametrize(
    "wrong", [{"handle": ""}, {"name": ""}, {"name": "x" * 201}, {"language": "fr"}]
)
async def test_impossible_persons_are_refused(database: Database, wrong: dict[str, Any]) -> None:
    values = {"id": uuid4(), "handle": "ana", "name": "Ana", "language": "de", "created_at": NOW}
    await refused(database, "person", **{**values, **wrong})


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "shout"}, {"text": ""}, {"text": "x" * 5_001}, {"reply_to": uuid4()}],
)
async def test_impossible_comments_are_refused(database: Database, wrong: dict[str, Any]) -> None:
    idea = await an_idea(database)
    values = {
        "id": uuid4(),
        "idea_id": idea.id,
        "author_id": idea.created_by,
        "kind": "note",
        "text": "Gut.",
        "created_at": NOW,
    }
    await refused(database, "comment", **{**values, **wrong})


async def test_a_reply_is_about_the_same_idea(database: Database) -> None:
    one, other = await an_idea(database), await an_idea(database)

    async def comment(tx: Transaction, idea: ideas.Idea, **given: Any) -> comments.Comment:
        values = {"author_id": idea.created_by, "kind": "note", "text": "Gut.", "now": NOW}
        return await comments.add(tx, comment_id=uuid4(), idea_id=idea.id, **{**values, **given})

    async with database.write() as tx:
        first = await comment(tx, one)
        await comment(tx, one, reply_to=first.id)

    async def reply_elsewhere() -> None:
        async with database.write() as tx:
            await comment(tx, other, reply_to=first.id)

    with pytest.raises(IntegrityError):
        await reply_elsewhere()


async def test_one_judgement_per_person_and_dimension(database: Database) -> None:
    idea, ben = await an_idea(database), await a_person(database)
    async with database.write() as tx:
        for person in (idea.created_by, ben, ben):
            for dimension in ("legal", "technical"):
                await judgements.put(
                    tx,
                    idea_id=idea.id,
                    dimension=dimension,
                    person_id=person,
                    verdict="feasible",
                    confidence="high",
                    reason="",
                    version=version(1),
                    now=NOW,
                )
        table = METADATA.tables["judgement"]
        assert (await tx.run(select(func.count()).select_from(table))).scalar_one() == 4
        row = (await tx.run(select(table).limit(1))).mappings().one()
    await refused(database, "judgement", **dict(row))


@pytest.mark.parametrize(
    "wrong", [{"verdict": "maybe"}, {"confidence": "total"}, {"dimension": ""}]
)
async def test_impossible_judgements_are_refused(database: Database, wrong: dict[str, str]) -> None:
    idea = await an_idea(database)
    values = {
        "idea_id": idea.id,
        "dimension": "legal",
        "person_id": idea.created_by,
        "verdict": "open",
        "confidence": "low",
        "reason": "",
        "epoch": 1,
        "seq": 1,
        "sha256": "0" * 64,
        "created_at": NOW,
        "updated_at": NOW,
    }
    await refused(database, "judgement", **{**values, **wrong})


async def test_sessions_and_links_end_after_they_begin(database: Database) -> None:
    person_id = await a_person(database)
    times = {"created_at": NOW, "expires_at": NOW, "person_id": person_id}
    await refused(database, "session", id_hash="s", last_seen_at=NOW, device="", **times)
    await refused(database, "one_time_link", secret_hash="l", purpose="sign_in", data={}, **times)


async def test_a_link_has_a_known_purpose(database: Database) -> None:
    times = {"created_at": NOW, "expires_at": later(hours=1)}
    await refused(database, "one_time_link", secret_hash="l", purpose="anything", data={}, **times)


async def test_nobody_is_removed_while_something_of_his_remains(database: Database) -> None:
    await an_idea(database)

    async def remove() -> None:
        async with database.write() as tx:
            await tx.run(delete(METADATA.tables["person"]))

    with pytest.raises(IntegrityError):
        await remove()


async def test_sessions_and_log_rows_of_nobody_are_refused(database: Database) -> None:
    async def session_of_nobody() -> None:
        async with database.write() as tx:
            await access.create_session(
                tx, id_hash="s", person_id=uuid4(), now=NOW, expires_at=later(days=1)
            )

    async def log_of_no_document() -> None:
        head = documents.Head(uuid4(), "idea", 1, 1, 1, 0)
        async with database.write() as tx:
            await documents.append(tx, head, [documents.LogRow(b"x", None)], NOW)

    for wrong in (session_of_nobody, log_of_no_document):
        with pytest.raises(IntegrityError):
            await wrong()


async def test_a_seq_is_written_once(database: Database) -> None:
    idea = await an_idea(database)
    head = documents.Head(idea.document_id, "idea", 1, 1, 0, 0)

    async def write_seq_1_again() -> None:
        async with database.write() as tx:
            await documents.append(tx, head, [documents.LogRow(b"x", None)], NOW)

    with pytest.raises(DBAPIError):
        await write_seq_1_again()


async def test_factories_make_what_tests_assume(database: Database) -> None:
    async with database.write() as tx:
        author = await make_person(tx)
        idea = await make_idea(tx, author)
        assert await ideas.roles(tx, idea.id, author) == {"author"}
