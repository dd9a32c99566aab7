"""Rows with sensible defaults, for tests that care about one thing only."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from collab.process.version import TextVersion
from storage import documents, ideas, people, texts
from storage.database import Database, Transaction
from storage.documents import LogRow

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def later(**amount: float) -> datetime:
    """A moment after ``NOW``."""
    return NOW + timedelta(**amount)


def version(seq: int, text: str = "", *, epoch: int = 1) -> TextVersion:
    """The version whose text is ``text``."""
    return TextVersion(epoch, seq, hashlib.sha256(text.encode()).hexdigest())


async def make_person(tx: Transaction, handle: str = "", **given: Any) -> UUID:
    """A new person; without a handle one that nobody else has."""
    person_id = uuid4()
    handle = handle or f"person-{person_id.hex[:12]}"
    values = {"name": handle.title(), "now": NOW, **given}
    await people.create(tx, person_id=person_id, handle=handle, **values)
    return person_id


async def make_document(tx: Transaction, *updates: bytes) -> UUID:
    """A new document with a seed and these further log rows."""
    document_id = uuid4()
    head = await documents.create(tx, document_id, "idea", 1, b"seed", [1], NOW)
    if updates:
        await documents.append(tx, head, [LogRow(update, None) for update in updates], NOW)
    return document_id


async def make_idea(
    tx: Transaction, author: UUID | None = None, *, plain: str = "", **given: Any
) -> ideas.Idea:
    """A new open idea with its document, author role and projected text."""
    author = author or await make_person(tx)
    values: dict[str, Any] = {
        "idea_id": uuid4(),
        "ref": await ideas.next_reference(tx, 2026),
        "kind": "proposal",
        "title": "Mehr Bänke im Park",
        "stage": "open",
        "template_id": "proposal",
        "template_version": 1,
        "process_id": "gdb-arena",
        "process_version": 1,
        "document_id": given.get("document_id") or await make_document(tx),
        "created_by": author,
        "now": NOW,
        **given,
    }
    idea = await ideas.create(tx, **values)
    await ideas.add_role(tx, idea.id, author, "author")
    await texts.project(
        tx, idea.id, version(1, plain), title=idea.title, plain=plain, sections={}, now=NOW
    )
    return idea


async def a_person(database: Database, handle: str = "", **given: Any) -> UUID:
    """A committed person."""
    async with database.write() as tx:
        return await make_person(tx, handle, **given)


async def an_idea(database: Database, author: UUID | None = None, **given: Any) -> ideas.Idea:
    """A committed idea."""
    async with database.write() as tx:
        return await make_idea(tx, author, **given)


async def a_document(database: Database, *updates: bytes) -> UUID:
    """A committed document."""
    async with database.write() as tx:
        return await make_document(tx, *updates)
