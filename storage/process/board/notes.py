"""Which document holds the internal notes on an idea."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.tables.process.board import CaseNote

__all__ = ["CaseNote", "by_document", "create", "everywhere", "of_idea"]

CASE_NOTE = METADATA.tables["case_note"]


async def of_idea(tx: Transaction, idea_id: UUID) -> CaseNote | None:
    """The idea's notes, if they were ever opened."""
    return await tx.row(select_rows(CaseNote).where(CaseNote.idea_id == idea_id))


async def by_document(tx: Transaction, document_id: UUID) -> CaseNote | None:
    """The notes that this document holds, if it holds any."""
    return await tx.row(select_rows(CaseNote).where(CaseNote.document_id == document_id))


async def everywhere(tx: Transaction) -> dict[UUID, UUID]:
    """The document of every idea that has notes."""
    columns = (CASE_NOTE.c.idea_id, CASE_NOTE.c.document_id)
    return {row[0]: row[1] for row in await tx.run(select(*columns))}


async def create(
    tx: Transaction, idea_id: UUID, document_id: UUID, opened_by: UUID, now: datetime
) -> None:
    """Note the document, which exists already; an idea has one."""
    values = {"idea_id": idea_id, "document_id": document_id, "opened_by": opened_by, "at": now}
    await tx.run(insert(CASE_NOTE).values(values))
