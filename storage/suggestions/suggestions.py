"""Suggested wording. A suggestion leaves its state once; who comes second learns who was first."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.suggestions.suggestions import Suggestion

__all__ = [
    "Suggestion",
    "accepted",
    "add",
    "change",
    "claim",
    "count_open",
    "count_open_of",
    "decided",
    "get",
    "hidden",
    "homes",
    "is_made_of",
    "open_of",
    "release",
    "settle",
]

IDEA = METADATA.tables["idea"]
SUGGESTION = METADATA.tables["suggestion"]

UNDECIDED = ("open", "accepting")


async def add(tx: Transaction, **values: Any) -> Suggestion:
    """Add a suggestion that is open."""
    row = Suggestion(**values)
    tx.add(row)
    await tx.flush()
    return row


async def get(tx: Transaction, suggestion_id: UUID) -> Suggestion | None:
    return await tx.row(select_rows(Suggestion).where(Suggestion.id == suggestion_id))


async def open_of(tx: Transaction, idea_id: UUID) -> list[Suggestion]:
    """All in sight that nobody has decided yet, oldest first; they are bounded."""
    query = select_rows(Suggestion).where(
        Suggestion.idea_id == idea_id,
        col(Suggestion.state).in_(UNDECIDED),
        col(Suggestion.hidden_at).is_(None),
    )
    return await tx.rows(query.order_by(col(Suggestion.created_at), col(Suggestion.id)))


async def decided(
    tx: Transaction, idea_id: UUID, *, section: str | None = None, limit: int, offset: int = 0
) -> list[Suggestion]:
    """Those that were decided or taken back, newest decision first."""
    query = select_rows(Suggestion).where(
        Suggestion.idea_id == idea_id,
        col(Suggestion.state).not_in(UNDECIDED),
        col(Suggestion.hidden_at).is_(None),
    )
    if section is not None:
        query = query.where(Suggestion.section == section)
    ordered = query.order_by(col(Suggestion.decided_at).desc(), col(Suggestion.id))
    return await tx.rows(ordered.limit(limit).offset(offset))


async def hidden(
    tx: Transaction, idea_id: UUID, *, author_id: UUID | None, limit: int
) -> list[Suggestion]:
    """Those that a moderator hid, the newest first: of one author, or all."""
    query = select_rows(Suggestion).where(
        Suggestion.idea_id == idea_id, col(Suggestion.hidden_at).is_not(None)
    )
    if author_id is not None:
        query = query.where(Suggestion.author_id == author_id)
    newest = (col(Suggestion.hidden_at).desc(), col(Suggestion.id))
    return await tx.rows(query.order_by(*newest).limit(limit))


async def is_made_of(tx: Transaction, comment_id: UUID | None) -> bool:
    """Whether a suggestion belongs to the comment."""
    if comment_id is None:
        return False
    query = select(SUGGESTION.c.id).where(SUGGESTION.c.comment_id == comment_id).limit(1)
    return (await tx.run(query)).first() is not None


async def homes(tx: Transaction, suggestion_ids: Iterable[UUID]) -> dict[str, str]:
    """At which idea each of these is: its reference, by the id as text."""
    query = select(SUGGESTION.c.id, IDEA.c.ref).join(IDEA, IDEA.c.id == SUGGESTION.c.idea_id)
    rows = await tx.run(query.where(SUGGESTION.c.id.in_(list(suggestion_ids))))
    return {str(row[0]): row[1] for row in rows}


@only_where_named("suggestion.idea_id", nothing=int)
@once
async def count_open(tx: Transaction, idea_id: UUID) -> int:
    """How many wait for a decision."""
    in_sight = SUGGESTION.c.hidden_at.is_(None)
    return await _count(tx, SUGGESTION.c.idea_id == idea_id, in_sight)


async def count_open_of(tx: Transaction, idea_id: UUID, author_id: UUID) -> int:
    """How many of one person wait for a decision at the idea."""
    return await _count(tx, SUGGESTION.c.idea_id == idea_id, SUGGESTION.c.author_id == author_id)


async def change(tx: Transaction, suggestion_id: UUID, *, revision: int, **values: Any) -> bool:
    """Change an open suggestion; False if it is no longer open, or not in this revision."""
    at = (SUGGESTION.c.state == "open", SUGGESTION.c.revision == revision)
    return await _update(tx, suggestion_id, at, revision=revision + 1, **values)


async def settle(
    tx: Transaction, suggestion_id: UUID, *, state: str, by: UUID, now: datetime, decision: str = ""
) -> bool:
    """Decline it or take it back; False if it is no longer open."""
    at = (SUGGESTION.c.state == "open",)
    values = {"state": state, "decided_by": by, "decided_at": now, "decision": decision}
    return await _update(tx, suggestion_id, at, **values)


async def claim(
    tx: Transaction,
    suggestion_id: UUID,
    *,
    revision: int,
    by: UUID,
    client: int,
    now: datetime,
    stale_before: datetime,
) -> bool:
    """Begin to bring it into the text, under this client id; False if somebody else has.

    Who began before ``stale_before`` and did not end has lost it.
    """
    in_sight = SUGGESTION.c.hidden_at.is_(None)
    free = or_(
        SUGGESTION.c.state == "open",
        (SUGGESTION.c.state == "accepting") & (SUGGESTION.c.decided_at < stale_before),
    )
    at = (free, in_sight, SUGGESTION.c.revision == revision)
    values = {"state": "accepting", "decided_by": by, "decided_at": now, "client": client}
    return await _update(tx, suggestion_id, at, **values)


async def release(tx: Transaction, suggestion_id: UUID, *, client: int) -> bool:
    """It could not be brought in: it is open again."""
    at = (SUGGESTION.c.state == "accepting", SUGGESTION.c.client == client)
    values = {"state": "open", "decided_by": None, "decided_at": None, "client": None}
    return await _update(tx, suggestion_id, at, **values)


async def accepted(
    tx: Transaction, suggestion_id: UUID, *, client: int, epoch: int, seq: int, now: datetime
) -> bool:
    """The text has it, since this version."""
    at = (SUGGESTION.c.state == "accepting", SUGGESTION.c.client == client)
    values = {"state": "accepted", "applied_epoch": epoch, "applied_seq": seq, "decided_at": now}
    return await _update(tx, suggestion_id, at, **values)


async def _update(tx: Transaction, suggestion_id: UUID, at: Collection[Any], **values: Any) -> bool:
    query = update(SUGGESTION).where(SUGGESTION.c.id == suggestion_id, *at).values(**values)
    return (await tx.run(query)).rowcount == 1


async def _count(tx: Transaction, *at: Any) -> int:
    query = select(func.count()).where(SUGGESTION.c.state.in_(UNDECIDED), *at)
    return int((await tx.run(query)).scalar_one())
