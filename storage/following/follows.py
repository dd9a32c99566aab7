"""Who follows which idea, by choice, by what he said there, or because he is of its team.

Nothing is written down for each follower when something happens: what he hears is asked for when
he looks, or when a mail to him leaves.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, func, or_, select, union
from sqlmodel import col
from sqlmodel import select as select_rows

from storage import events
from storage.database import METADATA, Transaction
from storage.tables.following.follows import IdeaFollow

__all__ = ["IdeaFollow", "chosen", "count", "followed_ids", "follower_ids", "join", "put"]

FOLLOW = METADATA.tables["idea_follow"]
ROLE = METADATA.tables["idea_role"]
IDEA = METADATA.tables["idea"]
CHOICE = METADATA.tables["mail_choice"]

_LIKES_TO = or_(CHOICE.c.follows_own.is_(None), CHOICE.c.follows_own.is_(True))


async def put(
    tx: Transaction, person_id: UUID, idea_id: UUID, *, follows: bool, now: datetime
) -> None:
    """Follow the idea from now on, or hear nothing of it whatever else speaks for it."""
    standing = "chosen" if follows else "not"
    last = await events.last_id(tx)
    keys = {"person_id": person_id, "idea_id": idea_id}
    values = {"standing": standing, "since_event": last, "at": now}
    statement = tx.insert(FOLLOW).values(**keys, **values)
    differs = FOLLOW.c.standing != standing
    await tx.run(
        statement.on_conflict_do_update(index_elements=list(keys), set_=values, where=differs)
    )


async def join(tx: Transaction, person_id: UUID, idea_id: UUID, now: datetime) -> None:
    """He said something there, so he follows the idea, unless he has chosen already."""
    last = select(func.coalesce(func.max(events.EVENT.c.id), 0)).scalar_subquery()
    values = {
        "person_id": person_id,
        "idea_id": idea_id,
        "standing": "spoke",
        "since_event": last,
        "at": now,
    }
    await tx.insert_new(FOLLOW, values)


async def chosen(tx: Transaction, person_id: UUID) -> dict[UUID, IdeaFollow]:
    """The ideas to which the person has a standing of his own."""
    query = select_rows(IdeaFollow).where(IdeaFollow.person_id == person_id)
    rows = await tx.rows(query.order_by(col(IdeaFollow.at).desc()))
    return {row.idea_id: row for row in rows}


async def followed(tx: Transaction, person_id: UUID, limit: int) -> list[UUID]:
    """The ideas that the person follows for whichever reason, the last active first."""
    query = select(IDEA.c.id).where(IDEA.c.id.in_(followed_ids(person_id)))
    ordered = query.order_by(IDEA.c.active_at.desc(), IDEA.c.id.desc()).limit(limit)
    return list((await tx.run(ordered)).scalars())


async def followed_among(tx: Transaction, person_id: UUID, idea_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the ideas that the person follows, for whichever reason."""
    query = select(IDEA.c.id).where(
        IDEA.c.id.in_(list(idea_ids)), IDEA.c.id.in_(followed_ids(person_id))
    )
    return set((await tx.run(query)).scalars())


async def count_followed(tx: Transaction, person_id: UUID) -> int:
    """How many ideas the person follows for whichever reason."""
    found = followed_ids(person_id).subquery()
    return int((await tx.run(select(func.count()).select_from(found))).scalar_one())


async def count(tx: Transaction, person_id: UUID) -> int:
    """How many ideas the person follows by his own choice."""
    query = select(func.count()).where(
        FOLLOW.c.person_id == person_id, FOLLOW.c.standing == "chosen"
    )
    return int((await tx.run(query)).scalar_one())


async def followers(tx: Transaction, idea_id: UUID, limit: int) -> list[UUID]:
    """Who follows the idea for whichever reason."""
    found = follower_ids(idea_id).subquery()
    query = select(found.c.person_id).order_by(found.c.person_id).limit(limit)
    return list((await tx.run(query)).scalars())


def followed_ids(person_id: UUID) -> CompoundSelect[tuple[UUID]]:
    """The ideas that the person follows, as a query."""
    mine = FOLLOW.c.person_id == person_id
    likes = select(CHOICE.c.person_id).where(
        CHOICE.c.person_id == person_id, CHOICE.c.follows_own.is_(False)
    )
    declined = select(FOLLOW.c.idea_id).where(mine, FOLLOW.c.standing == "not")
    by_choice = select(FOLLOW.c.idea_id).where(mine, FOLLOW.c.standing == "chosen")
    spoken = select(FOLLOW.c.idea_id).where(mine, FOLLOW.c.standing == "spoke", ~likes.exists())
    team = select(ROLE.c.idea_id).where(
        ROLE.c.person_id == person_id, ROLE.c.idea_id.not_in(declined), ~likes.exists()
    )
    return union(by_choice, spoken, team)


def follower_ids(idea_id: UUID) -> CompoundSelect[tuple[UUID]]:
    """Who follows the idea, as a query."""
    here = FOLLOW.c.idea_id == idea_id
    declined = select(FOLLOW.c.person_id).where(here, FOLLOW.c.standing == "not")
    by_choice = select(FOLLOW.c.person_id).where(here, FOLLOW.c.standing == "chosen")
    spoken = _liking(select(FOLLOW.c.person_id), FOLLOW.c.person_id)
    team = _liking(select(ROLE.c.person_id), ROLE.c.person_id)
    return union(
        by_choice,
        spoken.where(here, FOLLOW.c.standing == "spoke"),
        team.where(ROLE.c.idea_id == idea_id, ROLE.c.person_id.not_in(declined)),
    )


def _liking(query: Select[tuple[UUID]], who: object) -> Select[tuple[UUID]]:
    return query.outerjoin(CHOICE, CHOICE.c.person_id == who).where(_LIKES_TO)
