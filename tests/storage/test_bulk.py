"""Many ideas at once are the same rows as one idea after the other."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError

from collab.process.events.ideas import IdeaCreated
from storage import documents, events, ideas, texts
from storage.bulk.ideas import FirstText, NewIdea, insert_ideas, known_sources
from storage.database import METADATA, Database, Transaction
from tests.storage.making import NOW, a_person, version

TABLES = ("document", "document_client", "document_log", "idea", "idea_text", "event")
GIVEN = ("id", "idea_id", "document_id", "ref", "number", "source")


def new_idea(author: UUID, source: str, title: str = "Mehr Bänke") -> NewIdea:
    """An idea to be written in bulk."""
    shown = version(1, title)
    return NewIdea(
        idea_id=uuid4(),
        kind="need",
        stage="open",
        template_id="need",
        template_version=1,
        process_id="gdb-arena",
        process_version=1,
        created_by=author,
        at=NOW,
        source=source,
        latitude=52.5,
        longitude=13.4,
        text=FirstText(
            document_id=uuid4(),
            document_kind="dossier",
            schema=1,
            seed=b"seed",
            seed_clients=(1,),
            sha256=shown.sha256,
            title=title,
            plain="Im Park fehlen Sitzgelegenheiten.",
            sections={"title": title, "sections": {}},
        ),
        fact=IdeaCreated(title, "need", "open"),
        is_public=True,
    )


async def write_singly(tx: Transaction, new: NewIdea) -> None:
    """The same idea by the functions for one."""
    text = new.text
    await documents.create(tx, text.document_id, text.document_kind, 1, text.seed, [1], new.at)
    await ideas.create(
        tx,
        idea_id=new.idea_id,
        ref=await ideas.next_reference(tx, 2026),
        kind=new.kind,
        title=text.title,
        stage=new.stage,
        template_id=new.template_id,
        template_version=new.template_version,
        process_id=new.process_id,
        process_version=new.process_version,
        document_id=text.document_id,
        created_by=new.created_by,
        now=new.at,
        source=new.source,
        latitude=new.latitude,
        longitude=new.longitude,
    )
    await texts.project(
        tx,
        new.idea_id,
        version(1, text.title),
        title=text.title,
        plain=text.plain,
        sections=text.sections,
        now=new.at,
    )
    await events.append(
        tx, new.fact, idea_id=new.idea_id, actor_id=new.created_by, public=True, now=new.at
    )


async def rows(tx: Transaction, table: Table) -> list[dict[str, Any]]:
    """All rows, without what differs between any two ideas."""
    found = (await tx.run(select(table))).mappings()
    return [{name: row[name] for name in row if name not in GIVEN} for row in found]


async def test_bulk_writes_the_rows_that_single_acts_write(database: Database) -> None:
    author = await a_person(database)
    async with database.write() as tx:
        await write_singly(tx, new_idea(author, "import:a:1"))
        await insert_ideas(tx, [new_idea(author, "import:a:2")], 2026)
    async with database.read() as tx:
        for name in TABLES:
            one, other = await rows(tx, METADATA.tables[name])
            assert one == other, name


async def test_i3_references_go_on_where_single_ones_ended(database: Database) -> None:
    author = await a_person(database)
    async with database.write() as tx:
        await write_singly(tx, new_idea(author, "import:a:1"))
        refs = await insert_ideas(tx, [new_idea(author, f"import:b:{n}") for n in range(3)], 2026)
        following = await ideas.next_reference(tx, 2026)
    assert refs == ["2026-00002", "2026-00003", "2026-00004"]
    assert following == "2026-00005"


async def test_bulk_ideas_are_found_by_search_and_can_be_loaded(database: Database) -> None:
    author = await a_person(database)
    new = new_idea(author, "import:a:1")
    async with database.write() as tx:
        await insert_ideas(tx, [new], 2026)
    async with database.read() as tx:
        found = await ideas.page(tx, ideas.IdeaFilter(q="Sitzgelegenheit Park"))
        assert [idea.id for idea in found.ideas] == [new.idea_id]
        loaded = await documents.load(tx, new.text.document_id)
        assert isinstance(loaded, documents.Found)
        assert (loaded.updates, loaded.owners) == ([b"seed"], {1: None})


async def test_i6_known_source_is_refused_and_nothing_written(database: Database) -> None:
    author = await a_person(database)
    async with database.write() as tx:
        await insert_ideas(tx, [new_idea(author, "import:a:1")], 2026)
    again = [new_idea(author, "import:a:2"), new_idea(author, "import:a:1")]
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await insert_ideas(tx, again, 2026)
    async with database.read() as tx:
        asked = ["import:a:1", "import:a:2"]
        assert await known_sources(tx, asked) == {"import:a:1"}
        assert await ideas.count(tx, ideas.IdeaFilter()) == 1


async def test_nothing_to_write_takes_no_reference(database: Database) -> None:
    async with database.write() as tx:
        assert await insert_ideas(tx, [], 2026) == []
        assert await ideas.next_reference(tx, 2026) == "2026-00001"
