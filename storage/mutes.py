"""Who may not write in a document for now.

Callers also raise the document's access version (``documents.bump_access``), so that open rooms
judge again.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.documents import Mute

__all__ = ["Mute", "is_muted", "mute", "of_document", "unmute"]

MUTE = METADATA.tables["mute"]


async def mute(
    tx: Transaction, document_id: UUID, person_id: UUID, *, by: UUID, reason: str, now: datetime
) -> bool:
    """Mute the person; False if that is so already (the first reason stays)."""
    values = {
        "document_id": document_id,
        "person_id": person_id,
        "by": by,
        "reason": reason,
        "at": now,
    }
    return await tx.insert_new(MUTE, values)


async def unmute(tx: Transaction, document_id: UUID, person_id: UUID) -> bool:
    """Let the person write again; False if he was not muted."""
    result = await tx.run(
        delete(MUTE).where(MUTE.c.document_id == document_id, MUTE.c.person_id == person_id)
    )
    return result.rowcount == 1


async def is_muted(tx: Transaction, document_id: UUID, person_id: UUID) -> bool:
    query = select(MUTE.c.at).where(
        MUTE.c.document_id == document_id, MUTE.c.person_id == person_id
    )
    return (await tx.run(query)).first() is not None


@only_where_named("mute.document_id", nothing=list)
@once
async def of_document(tx: Transaction, document_id: UUID) -> Sequence[Mute]:
    """Who is muted in the document, the longest muted first."""
    query = select_rows(Mute).where(Mute.document_id == document_id)
    return await tx.rows(query.order_by(col(Mute.at), col(Mute.person_id)))
