"""Requests for support."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.support.requests import OPEN, SupportState
from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.tables.process.support import SupportRequest

__all__ = ["SupportRequest", "add", "change", "get", "of_idea", "open_requests", "overdue"]

SUPPORT = METADATA.tables["support_request"]


async def add(tx: Transaction, **values: Any) -> SupportRequest:
    row = SupportRequest(state=SupportState.ASKED, **values)
    tx.add(row)
    await tx.flush()
    return row


async def get(tx: Transaction, request_id: UUID) -> SupportRequest | None:
    return await tx.row(select_rows(SupportRequest).where(SupportRequest.id == request_id))


@only_where_named("support_request.idea_id", nothing=list)
async def of_idea(tx: Transaction, idea_id: UUID) -> list[SupportRequest]:
    """All requests of the idea, the newest first."""
    query = select_rows(SupportRequest).where(SupportRequest.idea_id == idea_id)
    newest = (col(SupportRequest.asked_at).desc(), col(SupportRequest.id))
    return await tx.rows(query.order_by(*newest))


async def open_requests(tx: Transaction, limit: int = 200) -> list[SupportRequest]:
    """What is asked or accepted, the most urgent first."""
    query = select_rows(SupportRequest).where(col(SupportRequest.state).in_(OPEN))
    return await tx.rows(
        query.order_by(col(SupportRequest.due_at), col(SupportRequest.id)).limit(limit)
    )


async def change(tx: Transaction, request_id: UUID, before: str, **values: Any) -> bool:
    """Write ``values``, if the request still is in ``before``."""
    result = await tx.run(
        update(SUPPORT)
        .where(SUPPORT.c.id == request_id, SUPPORT.c.state == before)
        .values(**values)
    )
    return result.rowcount == 1


async def overdue(tx: Transaction, now: datetime, limit: int) -> list[UUID]:
    """Open requests that have waited too long and of which nobody was told yet."""
    query = (
        select_rows(SupportRequest.id)
        .where(
            col(SupportRequest.state).in_(OPEN),
            SupportRequest.due_at < now,
            col(SupportRequest.escalated_at).is_(None),
        )
        .order_by(col(SupportRequest.due_at), col(SupportRequest.id))
        .limit(limit)
    )
    return await tx.rows(query)
