"""Merges of ideas: proposed, answered, carried out, undone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.merging.rules import Consent, MergeState
from collab.process.version import TextVersion
from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import each_once, once
from storage.tables.process.ties.merging import IdeaMerge, MergeConsent

__all__ = [
    "IdeaMerge",
    "MergeConsent",
    "add",
    "answer",
    "carried_out",
    "consents",
    "end",
    "get",
    "living_of",
    "living_states",
    "merged_into",
    "of_idea",
    "sources_of",
    "targets",
]

MERGE = METADATA.tables["idea_merge"]
CONSENT = METADATA.tables["merge_consent"]


async def add(tx: Transaction, consents: Iterable[Consent], **values: Any) -> IdeaMerge:
    """Ask for a merge; the caller holds the lock of both documents' heads."""
    row = IdeaMerge(**values)
    tx.add(row)
    await tx.flush()
    for each in consents:
        answered = row.proposed_at if each.answer else None
        await tx.run(
            insert(CONSENT).values(
                merge_id=row.id,
                person_id=each.person_id,
                side=each.side.value,
                answer=each.answer,
                note="",
                answered_at=answered,
            )
        )
    return row


async def get(tx: Transaction, merge_id: UUID) -> IdeaMerge | None:
    return await tx.row(select_rows(IdeaMerge).where(IdeaMerge.id == merge_id))


@only_where_named("idea_merge.source_id", nothing=lambda: None)
@once
async def living_of(tx: Transaction, source_id: UUID) -> IdeaMerge | None:
    """The merge that takes the idea into another one, asked for or carried out."""
    return await tx.row(
        select_rows(IdeaMerge).where(
            IdeaMerge.source_id == source_id,
            col(IdeaMerge.state).in_([MergeState.ASKED, MergeState.DONE]),
        )
    )


async def living_states(tx: Transaction, source_id: UUID) -> list[str]:
    """The states of merges that take the idea into another one and are not over."""
    row = await living_of(tx, source_id)
    return [row.state] if row else []


@only_where_named("idea_merge.source_id", "idea_merge.target_id", nothing=list)
@once
async def of_idea(tx: Transaction, idea_id: UUID, limit: int) -> list[IdeaMerge]:
    """Merges at either end of which the idea is, the newest first."""
    query = select_rows(IdeaMerge).where(
        or_(col(IdeaMerge.source_id) == idea_id, col(IdeaMerge.target_id) == idea_id)
    )
    order = (col(IdeaMerge.proposed_at).desc(), col(IdeaMerge.id))
    return await tx.rows(query.order_by(*order).limit(limit))


@only_where_named("idea_merge.target_id", nothing=list)
@once
async def merged_into(tx: Transaction, target_id: UUID) -> list[IdeaMerge]:
    """Merges that were carried out and hold, by which others became part of the idea."""
    query = select_rows(IdeaMerge).where(
        IdeaMerge.target_id == target_id, IdeaMerge.state == MergeState.DONE
    )
    return await tx.rows(query.order_by(col(IdeaMerge.merged_at), col(IdeaMerge.id)))


async def sources_of(tx: Transaction, target_id: UUID, limit: int) -> list[UUID]:
    """The ideas that are part of this one, also by way of others, at most ``limit``."""
    found: list[UUID] = []
    wanted = [target_id]
    while wanted and len(found) < limit:
        query = select(MERGE.c.source_id).where(
            MERGE.c.target_id.in_(wanted), MERGE.c.state == MergeState.DONE
        )
        rows = (await tx.run(query.order_by(MERGE.c.merged_at).limit(limit))).scalars()
        wanted = [each for each in rows if each not in found]
        found += wanted
    return found


@each_once
async def targets(tx: Transaction, source_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Into which idea each of these was merged; those that were not are left out."""
    query = select(MERGE.c.source_id, MERGE.c.target_id).where(
        MERGE.c.source_id.in_(list(source_ids)), MERGE.c.state == MergeState.DONE
    )
    return {row[0]: row[1] for row in await tx.run(query)}


@once
async def consents(tx: Transaction, merge_id: UUID) -> list[MergeConsent]:
    """Who is asked, of each side together."""
    query = select_rows(MergeConsent).where(MergeConsent.merge_id == merge_id)
    return await tx.rows(query.order_by(col(MergeConsent.side), col(MergeConsent.person_id)))


async def answer(
    tx: Transaction, merge_id: UUID, person_id: UUID, said: str, note: str, now: datetime
) -> bool:
    """Write down what he says, in place of what he said before; False if he is not asked."""
    result = await tx.run(
        update(CONSENT)
        .where(CONSENT.c.merge_id == merge_id, CONSENT.c.person_id == person_id)
        .values(answer=said, note=note, answered_at=now)
    )
    return result.rowcount == 1


async def end(
    tx: Transaction,
    merge_id: UUID,
    *,
    before: MergeState,
    state: MergeState,
    by: UUID,
    reason: str,
    now: datetime,
) -> bool:
    """Let the merge end so, if it still is as it was ``before``."""
    result = await tx.run(
        update(MERGE)
        .where(MERGE.c.id == merge_id, MERGE.c.state == before)
        .values(state=state, ended_by=by, ended_at=now, ended_reason=reason)
    )
    return result.rowcount == 1


async def carried_out(
    tx: Transaction,
    merge_id: UUID,
    *,
    versions: tuple[TextVersion, TextVersion],
    by: UUID,
    reason: str,
    now: datetime,
) -> None:
    """It is done; ``versions`` are the two texts at that moment, that of the source first."""
    source, target = versions
    values = {
        "state": MergeState.DONE,
        "merged_at": now,
        "ended_by": by,
        "ended_at": now,
        "ended_reason": reason,
        "source_epoch": source.epoch,
        "source_seq": source.seq,
        "target_epoch": target.epoch,
        "target_seq": target.seq,
    }
    await tx.run(update(MERGE).where(MERGE.c.id == merge_id).values(**values))
