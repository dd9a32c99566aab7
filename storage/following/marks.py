"""How far people have read in ideas, and the clock's jobs in the log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import literal, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.following.visits import Point, Visit
from collab.process.version import TextVersion
from storage.database import METADATA, Transaction
from storage.following.follows import followed_ids
from storage.tables.following.marks import ReadMark

IDEA_TEXT = METADATA.tables["idea_text"]
NOTICE = METADATA.tables["notice"]
PERSON = METADATA.tables["person"]
MARK = METADATA.tables["read_mark"]
WATERMARK = METADATA.tables["watermark"]
STALL_TOLD = METADATA.tables["stall_told"]


async def visit(tx: Transaction, person_id: UUID, idea_id: UUID) -> Visit | None:
    """What the person has seen of the idea; None if he was never there."""
    return (await visits(tx, person_id, [idea_id])).get(idea_id)


async def visits(tx: Transaction, person_id: UUID, idea_ids: Collection[UUID]) -> dict[UUID, Visit]:
    """What the person has seen of these ideas."""
    query = select_rows(ReadMark).where(
        ReadMark.person_id == person_id, col(ReadMark.idea_id).in_(list(idea_ids))
    )
    return {row.idea_id: _visit(row) for row in await tx.rows(query)}


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who comes to an idea: what he saw there, if he follows it, if it waits for him."""

    visit: Visit | None = None
    follows: bool = False
    has_unread: bool = False


async def coming(tx: Transaction, person_id: UUID, idea_id: UUID) -> Coming:
    """How the person comes to the idea, in one query."""
    followed = select(literal(1)).where(
        literal(idea_id, MARK.c.idea_id.type).in_(followed_ids(person_id))
    )
    unread = select(literal(1)).where(
        NOTICE.c.person_id == person_id, NOTICE.c.idea_id == idea_id, NOTICE.c.read_at.is_(None)
    )
    query = (
        select(followed.exists().label("follows"), unread.exists().label("has_unread"), *MARK.c)
        .select_from(PERSON)
        .outerjoin(MARK, (MARK.c.person_id == PERSON.c.id) & (MARK.c.idea_id == idea_id))
        .where(PERSON.c.id == person_id)
    )
    row = (await tx.run(query)).mappings().first()
    if row is None:
        return Coming()
    found = {column.name: row[column] for column in MARK.c}
    was_here = found["event_id"] is not None
    visited = _visit(ReadMark(**found)) if was_here else None
    return Coming(visited, bool(row["follows"]), bool(row["has_unread"]))


async def note(tx: Transaction, person_id: UUID, idea_id: UUID, found: Visit) -> None:
    """Remember the visit; of two pages at once the one that saw more counts."""
    seen, before = found.seen, found.before
    values = {
        "event_id": seen.event,
        "epoch": seen.version.epoch,
        "seq": seen.version.seq,
        "sha256": seen.version.sha256,
        "at": seen.at,
        "before_event": before.event if before else None,
        "before_epoch": before.version.epoch if before else None,
        "before_seq": before.version.seq if before else None,
        "before_sha256": before.version.sha256 if before else None,
        "before_at": before.at if before else None,
        "told_at": found.told_at,
    }
    statement = tx.insert(MARK).values(person_id=person_id, idea_id=idea_id, **values)
    await tx.run(
        statement.on_conflict_do_update(
            index_elements=["person_id", "idea_id"],
            set_=values,
            where=MARK.c.event_id <= statement.excluded.event_id,
        )
    )


async def shown_version(tx: Transaction, idea_id: UUID) -> TextVersion | None:
    """The version of the text that the idea shows; None before its first."""
    query = select(IDEA_TEXT.c.epoch, IDEA_TEXT.c.seq, IDEA_TEXT.c.sha256)
    found = (await tx.run(query.where(IDEA_TEXT.c.idea_id == idea_id))).first()
    return TextVersion(*found) if found else None


async def watermark(tx: Transaction, name: str) -> int:
    """The newest event that the job has dealt with."""
    query = select(WATERMARK.c.event_id).where(WATERMARK.c.name == name)
    return int((await tx.run(query)).scalar() or 0)


async def move_watermark(tx: Transaction, name: str, old: int, new: int) -> bool:
    """Say that it has dealt with more; False if somebody else has meanwhile."""
    moved = update(WATERMARK).where(WATERMARK.c.name == name, WATERMARK.c.event_id == old)
    return (await tx.run(moved.values(event_id=new))).rowcount == 1


async def tell_stall(tx: Transaction, idea_id: UUID, active_at: datetime) -> bool:
    """Take it on to tell of the rest since ``active_at``; False if somebody has told of it."""
    statement = tx.insert(STALL_TOLD).values(idea_id=idea_id, active_at=active_at)
    differs = STALL_TOLD.c.active_at != active_at
    done = await tx.run(
        statement.on_conflict_do_update(
            index_elements=["idea_id"], set_={"active_at": active_at}, where=differs
        )
    )
    return done.rowcount == 1


def _visit(row: ReadMark) -> Visit:
    seen = Point(row.event_id, TextVersion(row.epoch, row.seq, row.sha256), row.at)
    before = None
    if row.before_event is not None and row.before_at is not None:
        assert row.before_epoch is not None
        assert row.before_seq is not None
        assert row.before_sha256 is not None
        version = TextVersion(row.before_epoch, row.before_seq, row.before_sha256)
        before = Point(row.before_event, version, row.before_at)
    return Visit(seen, before, row.told_at)
