"""Names of kept versions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.version import TextVersion
from storage.database import METADATA, Transaction
from storage.tables.versions.names import BEFORE_RESTORE, NAMED, NamedVersion

__all__ = ["BEFORE_RESTORE", "NAMED", "NamedVersion"]

NAMED_VERSION = METADATA.tables["named_version"]


async def add(
    tx: Transaction,
    version: TextVersion,
    *,
    named_id: UUID,
    idea_id: UUID,
    document_id: UUID,
    kind: str,
    name: str,
    note: str,
    by: UUID,
    now: datetime,
) -> NamedVersion:
    """Give a pinned version a name; the caller has looked that it has none."""
    row = NamedVersion(
        id=named_id,
        idea_id=idea_id,
        document_id=document_id,
        epoch=version.epoch,
        seq=version.seq,
        kind=kind,
        name=name,
        note=note,
        by=by,
        at=now,
    )
    tx.add(row)
    await tx.flush()
    return row


async def rename(tx: Transaction, named_id: UUID, *, name: str, note: str, now: datetime) -> None:
    """Call it something else."""
    at = NAMED_VERSION.c.id == named_id
    await tx.run(update(NAMED_VERSION).where(at).values(name=name, note=note, renamed_at=now))


async def get(tx: Transaction, idea_id: UUID, named_id: UUID) -> NamedVersion | None:
    """The name, if it is one of this idea."""
    query = select_rows(NamedVersion)
    return await tx.row(query.where(NamedVersion.id == named_id, NamedVersion.idea_id == idea_id))


async def of_idea(tx: Transaction, idea_id: UUID) -> Sequence[NamedVersion]:
    """All names at an idea, oldest first."""
    query = select_rows(NamedVersion).where(NamedVersion.idea_id == idea_id)
    return await tx.rows(query.order_by(col(NamedVersion.at), col(NamedVersion.id)))


async def named_count(tx: Transaction, idea_id: UUID) -> int:
    """How many versions of the idea people have named."""
    here = (NAMED_VERSION.c.idea_id == idea_id, NAMED_VERSION.c.kind == NAMED)
    return int((await tx.run(select(func.count()).where(*here))).scalar_one())


async def restored_since(tx: Transaction, idea_id: UUID, since: datetime) -> int:
    """How often the idea's text was restored since then."""
    here = (NAMED_VERSION.c.idea_id == idea_id, NAMED_VERSION.c.kind == BEFORE_RESTORE)
    query = select(func.count()).where(*here, NAMED_VERSION.c.at >= since)
    return int((await tx.run(query)).scalar_one())


async def move(tx: Transaction, named_id: UUID, version: TextVersion) -> None:
    """Let the name stand for another pinned version of the same text."""
    at = NAMED_VERSION.c.id == named_id
    await tx.run(update(NAMED_VERSION).where(at).values(epoch=version.epoch, seq=version.seq))
