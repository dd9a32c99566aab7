"""Invitations of people who know."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.experts.invitations import InvitationState
from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.tables.experts.experts import ExpertInvitation

__all__ = [
    "ExpertInvitation",
    "accepted",
    "add",
    "change",
    "get",
    "of_idea",
    "of_person",
    "open_of",
    "overdue",
]

INVITATION = METADATA.tables["expert_invitation"]


async def add(tx: Transaction, **values: Any) -> ExpertInvitation:
    row = ExpertInvitation(state=InvitationState.OPEN, **values)
    tx.add(row)
    await tx.flush()
    return row


async def get(tx: Transaction, invitation_id: UUID) -> ExpertInvitation | None:
    return await tx.row(select_rows(ExpertInvitation).where(ExpertInvitation.id == invitation_id))


async def of_idea(tx: Transaction, idea_id: UUID, limit: int = 500) -> list[ExpertInvitation]:
    """Who was asked at the idea, the newest first."""
    query = select_rows(ExpertInvitation).where(ExpertInvitation.idea_id == idea_id)
    newest = (col(ExpertInvitation.invited_at).desc(), col(ExpertInvitation.id))
    return await tx.rows(query.order_by(*newest).limit(limit))


async def of_person(tx: Transaction, person_id: UUID, limit: int = 100) -> list[ExpertInvitation]:
    """What the person was asked, open ones first and then the newest."""
    query = select_rows(ExpertInvitation).where(ExpertInvitation.person_id == person_id)
    order = (
        col(ExpertInvitation.answered_at).is_not(None),
        col(ExpertInvitation.invited_at).desc(),
        col(ExpertInvitation.id),
    )
    return await tx.rows(query.order_by(*order).limit(limit))


async def open_of(tx: Transaction, person_id: UUID) -> int:
    """How many invitations of the person are open anywhere."""
    mine = (INVITATION.c.person_id == person_id, INVITATION.c.state == InvitationState.OPEN)
    return int((await tx.run(select(func.count()).where(*mine))).scalar_one())


@only_where_named("expert_invitation.idea_id", nothing=int)
async def accepted(tx: Transaction, idea_id: UUID) -> int:
    """How many people said yes at the idea."""
    there = (INVITATION.c.idea_id == idea_id, INVITATION.c.state == InvitationState.ACCEPTED)
    return int((await tx.run(select(func.count()).where(*there))).scalar_one())


async def change(tx: Transaction, invitation_id: UUID, **values: Any) -> bool:
    """Write ``values`` if the invitation is still open."""
    result = await tx.run(
        update(INVITATION)
        .where(INVITATION.c.id == invitation_id, INVITATION.c.state == InvitationState.OPEN)
        .values(**values)
    )
    return result.rowcount == 1


async def overdue(tx: Transaction, now: datetime, limit: int) -> list[UUID]:
    """Open invitations that nobody answered in time, the most overdue first."""
    query = (
        select_rows(ExpertInvitation.id)
        .where(ExpertInvitation.state == InvitationState.OPEN, ExpertInvitation.due_at <= now)
        .order_by(col(ExpertInvitation.due_at), col(ExpertInvitation.id))
        .limit(limit)
    )
    return await tx.rows(query)
