"""Slow mode of ideas, and who contributed when while it lasts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.abuse.slow import SlowMode

__all__ = ["SlowMode", "begin", "end", "last_turn", "of_idea", "over", "take_turn"]

MODE = METADATA.tables["slow_mode"]
TURN = METADATA.tables["slow_turn"]


@only_where_named("slow_mode.idea_id", nothing=lambda: None)
@once
async def of_idea(tx: Transaction, idea_id: UUID) -> SlowMode | None:
    """Slow mode at the idea; it may be over and not ended yet."""
    return await tx.row(select_rows(SlowMode).where(SlowMode.idea_id == idea_id))


async def begin(
    tx: Transaction,
    idea_id: UUID,
    *,
    seconds: int,
    reason: str,
    by: UUID,
    now: datetime,
    until: datetime,
) -> None:
    """Begin slow mode, or put this in the place of what is set."""
    await tx.run(delete(MODE).where(MODE.c.idea_id == idea_id))
    tx.add(SlowMode(idea_id=idea_id, seconds=seconds, reason=reason, by=by, at=now, until=until))
    await tx.flush()


async def end(tx: Transaction, idea_id: UUID) -> bool:
    """End slow mode and forget the turns; False if there was none."""
    await tx.run(delete(TURN).where(TURN.c.idea_id == idea_id))
    return (await tx.run(delete(MODE).where(MODE.c.idea_id == idea_id))).rowcount == 1


async def last_turn(tx: Transaction, idea_id: UUID, person_id: UUID) -> datetime | None:
    """When the person contributed last."""
    query = select(TURN.c.at).where(TURN.c.idea_id == idea_id, TURN.c.person_id == person_id)
    found: datetime | None = (await tx.run(query)).scalar()
    return found


async def take_turn(tx: Transaction, idea_id: UUID, person_id: UUID, now: datetime) -> None:
    """Note that he contributes now."""
    values = {"idea_id": idea_id, "person_id": person_id, "at": now}
    places = [TURN.c.idea_id, TURN.c.person_id]
    await tx.run(
        tx.insert(TURN)
        .values(values)
        .on_conflict_do_update(index_elements=places, set_={"at": now})
    )


async def over(tx: Transaction, now: datetime, limit: int) -> list[UUID]:
    """Ideas whose slow mode has lasted long enough."""
    query = select(MODE.c.idea_id).where(MODE.c.until <= now).order_by(MODE.c.until)
    return [row[0] for row in await tx.run(query.limit(limit))]
