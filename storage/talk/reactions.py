"""Reactions to comments: one per person and comment, the latest counts."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from collab.process.talk.reactions import Cast, Reaction
from storage.database import METADATA, Transaction

REACTION = METADATA.tables["reaction"]


async def put(tx: Transaction, idea_id: UUID, cast: Cast, now: datetime) -> None:
    """Let the person react so to the comment; the same again changes nothing."""
    await put_many(tx, idea_id, [(cast, now)])


async def put_many(tx: Transaction, idea_id: UUID, casts: Iterable[tuple[Cast, datetime]]) -> None:
    """Store many reactions to comments of the idea, each with the moment it was given.

    Of one person and comment the latest counts, whatever the order and whatever is stored already.
    A comment of another idea raises IntegrityError.
    """
    latest: dict[tuple[UUID, UUID], tuple[Cast, datetime]] = {}
    for cast, at in casts:
        key = (cast.comment_id, cast.person_id)
        if key not in latest or latest[key][1] <= at:
            latest[key] = (cast, at)
    rows = [
        {
            "comment_id": cast.comment_id,
            "person_id": cast.person_id,
            "idea_id": idea_id,
            "reaction": cast.reaction.value,
            "created_at": at,
            "updated_at": at,
        }
        for cast, at in latest.values()
    ]
    if not rows:
        return
    statement = tx.insert(REACTION)
    new = statement.excluded
    # One statement for all rows, which is put together once.
    await tx.run(
        statement.on_conflict_do_update(
            index_elements=["comment_id", "person_id"],
            set_={"reaction": new.reaction, "updated_at": new.updated_at},
            where=(REACTION.c.updated_at <= new.updated_at) & (REACTION.c.reaction != new.reaction),
        ),
        rows,
    )


async def get(tx: Transaction, comment_id: UUID, person_id: UUID) -> Reaction | None:
    """How the person reacted to the comment."""
    query = select(REACTION.c.reaction).where(
        REACTION.c.comment_id == comment_id, REACTION.c.person_id == person_id
    )
    found = (await tx.run(query)).scalar()
    return Reaction(found) if found else None


async def take_back(tx: Transaction, comment_id: UUID, person_id: UUID) -> bool:
    """Forget the person's reaction to the comment; False if there was none."""
    mine = (REACTION.c.comment_id == comment_id, REACTION.c.person_id == person_id)
    return (await tx.run(delete(REACTION).where(*mine))).rowcount == 1


async def of_idea(tx: Transaction, idea_id: UUID) -> list[Cast]:
    """Who holds what of which comment of the idea."""
    columns = (REACTION.c.comment_id, REACTION.c.person_id, REACTION.c.reaction)
    query = select(*columns).where(REACTION.c.idea_id == idea_id)
    rows = await tx.run(query.order_by(REACTION.c.comment_id, REACTION.c.person_id))
    return [Cast(row[0], row[1], Reaction(row[2])) for row in rows]
