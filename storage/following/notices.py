"""What is addressed to people, one row per person and event."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, ScalarSelect, Select, func, insert, literal, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.following.notices import NoticeReason
from storage.database import METADATA, Transaction
from storage.events import StoredEvent
from storage.following.follows import follower_ids
from storage.tables.following.notices import Notice

__all__ = ["Notice", "add", "of_person"]

NOTICE = METADATA.tables["notice"]
EVENT = METADATA.tables["event"]
IDEA = METADATA.tables["idea"]
PERSON = METADATA.tables["person"]

UNREAD_MAX = 100
"""So many unread ones are counted; of more it is said that there are more."""

FOLLOWERS_TOLD_MAX = 10_000
"""So many followers at most are told of one event that calls for them."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice with its event."""

    notice: Notice
    event: StoredEvent


async def add(
    tx: Transaction,
    event_id: int,
    person_ids: Iterable[UUID],
    reason: NoticeReason,
    *,
    idea_id: UUID | None,
    now: datetime,
) -> None:
    """Address the event to these people; whoever it is addressed to already keeps his reason."""
    rows = [
        {
            "event_id": event_id,
            "person_id": person_id,
            "idea_id": idea_id,
            "reason": reason.value,
            "at": now,
        }
        for person_id in sorted(set(person_ids))
    ]
    if rows:
        await tx.insert_new(NOTICE, rows)


async def add_for_followers(
    tx: Transaction, event: StoredEvent, reason: NoticeReason, now: datetime
) -> None:
    """Address the event to whoever follows its idea now, but not to who brought it about.

    One statement however many they are; only for what calls for them, which is rare.
    """
    assert event.idea_id is not None, "only ideas are followed"
    followers = follower_ids(event.idea_id).subquery()
    told = select(NOTICE.c.person_id).where(NOTICE.c.event_id == event.id)
    named = (
        literal(event.id, NOTICE.c.event_id.type).label("event_id"),
        followers.c.person_id,
        literal(event.idea_id, IDEA.c.id.type).label("idea_id"),
        literal(reason.value).label("reason"),
        literal(now, NOTICE.c.at.type).label("at"),
    )
    columns = ["event_id", "person_id", "idea_id", "reason", "at"]
    query = (
        select(*named)
        .join(PERSON, PERSON.c.id == followers.c.person_id)
        .where(PERSON.c.suspended_at.is_(None), followers.c.person_id.not_in(told))
    )
    if event.actor_id is not None:
        query = query.where(followers.c.person_id != event.actor_id)
    query = query.order_by(followers.c.person_id).limit(FOLLOWERS_TOLD_MAX)
    await tx.run(insert(NOTICE).from_select(columns, query))


async def of_person(tx: Transaction, person_id: UUID, limit: int) -> list[Notice]:
    """What is addressed to the person, the newest first."""
    query = select_rows(Notice).where(Notice.person_id == person_id)
    return await tx.rows(query.order_by(col(Notice.event_id).desc()).limit(limit))


async def told(
    tx: Transaction, person_id: UUID, *, before: int | None = None, limit: int = 50
) -> list[Told]:
    """What is addressed to the person with its events, the newest first."""
    query = _with_event(person_id).order_by(NOTICE.c.event_id.desc()).limit(limit)
    if before is not None:
        query = query.where(NOTICE.c.event_id < before)
    return [_told(row) for row in await tx.run(query)]


async def mailed(
    tx: Transaction, person_id: UUID, at: datetime, idea_id: UUID | None, *, of_idea: bool
) -> list[Told]:
    """What was taken on to be mailed at that moment, about the idea if asked, newest first."""
    query = _with_event(person_id).where(NOTICE.c.mailed_at == at)
    if of_idea:
        query = query.where(NOTICE.c.idea_id.is_not_distinct_from(idea_id))
    return [_told(row) for row in await tx.run(query.order_by(NOTICE.c.event_id.desc()))]


def unread_count(person_id: object) -> ScalarSelect[int]:
    """How many are unread, up to a bound, as a part of another query."""
    unread = (
        select(NOTICE.c.event_id)
        .where(NOTICE.c.person_id == person_id, NOTICE.c.read_at.is_(None))
        .limit(UNREAD_MAX)
        .subquery()
    )
    return select(func.count()).select_from(unread).scalar_subquery()


async def count_unread(tx: Transaction, person_id: UUID) -> int:
    """How many are unread; at ``UNREAD_MAX`` there may be more."""
    return int((await tx.run(select(unread_count(person_id)))).scalar_one())


async def mark_seen(
    tx: Transaction, person_id: UUID, event_ids: Collection[int], now: datetime
) -> None:
    """He was shown these, so they are not mailed any more."""
    mine = (NOTICE.c.person_id == person_id, NOTICE.c.event_id.in_(list(event_ids)))
    await tx.run(update(NOTICE).where(*mine, NOTICE.c.seen_at.is_(None)).values(seen_at=now))


async def mark_read(
    tx: Transaction,
    person_id: UUID,
    *,
    up_to: int,
    now: datetime,
    idea_id: UUID | None = None,
) -> int:
    """All up to that event, of the idea if named, are read; how many were not."""
    chosen = [NOTICE.c.person_id == person_id, NOTICE.c.event_id <= up_to]
    if idea_id is not None:
        chosen.append(NOTICE.c.idea_id == idea_id)
    unread = (*chosen, NOTICE.c.read_at.is_(None))
    values = {"read_at": now, "seen_at": func.coalesce(NOTICE.c.seen_at, now)}
    return (await tx.run(update(NOTICE).where(*unread).values(values))).rowcount


async def addressed(tx: Transaction, event_ids: Sequence[int]) -> set[UUID]:
    """To whom these events are addressed."""
    query = select(NOTICE.c.person_id).where(NOTICE.c.event_id.in_(list(event_ids))).distinct()
    return set((await tx.run(query)).scalars())


def _with_event(person_id: UUID) -> Select[Any]:
    events = EVENT.c
    return (
        select(
            *NOTICE.c,
            IDEA.c.ref,
            events.kind,
            events.actor_id,
            events.payload,
            events.public,
            events.at.label("happened_at"),
        )
        .join(EVENT, events.id == NOTICE.c.event_id)
        .outerjoin(IDEA, IDEA.c.id == NOTICE.c.idea_id)
        .where(NOTICE.c.person_id == person_id)
    )


def _told(row: Row[Any]) -> Told:
    found = row._mapping
    notice = Notice(**{column.name: found[column] for column in NOTICE.c})
    event = StoredEvent(
        notice.event_id,
        notice.idea_id,
        found["ref"],
        found["kind"],
        found["actor_id"],
        found["payload"],
        found["public"],
        found["happened_at"],
    )
    return Told(notice, event)
