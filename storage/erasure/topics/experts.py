"""What a person wrote to somebody whose expertise he asked for."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from storage.database import METADATA, Transaction

IDEA = METADATA.tables["idea"]
INVITATION = METADATA.tables["expert_invitation"]


async def erase_words(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, mark: str
) -> int:
    """Put ``mark`` in the place of notes and questions of his; return how many."""
    at = [INVITATION.c.invited_by == person_id]
    at += [] if ideas is None else [INVITATION.c.idea_id.in_(list(ideas))]
    asked = (*at, INVITATION.c.question != "")
    await tx.run(update(INVITATION).where(*asked).values(question=mark))
    return (await tx.run(update(INVITATION).where(*at).values(note=mark))).rowcount


async def asked(tx: Transaction, person_id: UUID) -> list[dict[str, Any]]:
    """What he wrote to others, without what they answered."""
    columns = (INVITATION.c.note, INVITATION.c.question, INVITATION.c.invited_at, IDEA.c.ref)
    query = select(*columns).join(IDEA, IDEA.c.id == INVITATION.c.idea_id)
    mine = query.where(INVITATION.c.invited_by == person_id).order_by(INVITATION.c.invited_at)
    found = (await tx.run(mine)).mappings()
    return [dict(row, invited_at=row["invited_at"].isoformat()) for row in found]
