"""What hangs on comments: who is named, what people hold of them, what became of them.

All of it for all comments of a page is one query.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Integer,
    String,
    Uuid,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.talk.reactions import NO_MOOD, Mood
from collab.process.talk.reactions import Reaction as Said
from storage.database import METADATA, Transaction
from storage.tables.columns import UTCDateTime
from storage.tables.people import Person

COMMENT = METADATA.tables["comment"]
MENTION = METADATA.tables["mention"]
OUTCOME = METADATA.tables["comment_outcome"]
PERSON = METADATA.tables["person"]
REACTION = METADATA.tables["reaction"]
RESOLUTION = METADATA.tables["resolution"]


@dataclass(frozen=True, slots=True)
class Settled:
    """A thread was settled; ``change`` are the text versions before and after what settled it."""

    by: UUID
    at: datetime
    note: str
    change: tuple[str, str] | None
    reopened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Became:
    """What a comment was turned into, and its number or id there."""

    kind: str
    target: str


@dataclass(slots=True)
class Beside:
    """What hangs on one comment; ``settled`` oldest first."""

    mood: Mood = NO_MOOD
    handles: list[str] = field(default_factory=list)
    became: list[Became] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)


async def beside(
    tx: Transaction, comment_ids: Iterable[UUID], reader: UUID | None
) -> dict[UUID, Beside]:
    """What hangs on these comments, for a reader; a comment with nothing is there as well."""
    ids = list(comment_ids)
    found: dict[UUID, Beside] = {each: Beside() for each in ids}
    counts: dict[UUID, dict[Said, int]] = defaultdict(lambda: dict.fromkeys(Said, 0))
    mine: dict[UUID, Said] = {}
    if not ids:
        return found
    for row in (await tx.run(_everything(ids, reader))).all():
        here = found[row.comment_id]
        match row.what:
            case "counted":
                counts[row.comment_id][Said(row.word)] = row.n
            case "mine":
                mine[row.comment_id] = Said(row.word)
            case "named":
                here.handles.append(row.word)
            case "became":
                here.became.append(Became(row.word, row.place))
            case "settled":
                change = (row.place, row.until) if row.place else None
                here.settled.append(Settled(row.by, row.at, row.word, change, row.ended_at))
    for comment_id, each in counts.items():
        found[comment_id].mood = Mood(each, mine.get(comment_id))
    for each_beside in found.values():
        each_beside.handles.sort()
        each_beside.settled.sort(key=lambda settled: settled.at)
        each_beside.became.sort(key=lambda became: (became.kind, len(became.target), became.target))
    return found


async def mention(tx: Transaction, comment_id: UUID, person_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Let the comment name these people and nobody else; returns whom it never named before."""
    query = select(MENTION.c.person_id).where(MENTION.c.comment_id == comment_id)
    known, named = frozenset((await tx.run(query)).scalars()), frozenset(person_ids)
    if known:
        is_past = MENTION.c.person_id.not_in(named)
        this = MENTION.c.comment_id == comment_id
        await tx.run(update(MENTION).where(this).values(is_past=is_past))
    if new := sorted(named - known):
        rows = [{"comment_id": comment_id, "person_id": each} for each in new]
        await tx.run(insert(MENTION).values(rows))
    return named - known


async def forget_mentions(tx: Transaction, comment_id: UUID) -> None:
    """Let the comment name nobody, as if it never had."""
    await tx.run(delete(MENTION).where(MENTION.c.comment_id == comment_id))


async def persons_named(tx: Transaction, handles: Iterable[str]) -> list[Person]:
    """Those that exist of the persons of these handles."""
    query = select_rows(Person).where(col(Person.handle).in_(list(handles)))
    return await tx.rows(query.order_by(Person.handle))


async def note_outcome(
    tx: Transaction, idea_id: UUID, comment_id: UUID, became: Became, *, by: UUID, now: datetime
) -> None:
    """Keep what the comment was turned into; saying it again changes nothing."""
    values = {
        "comment_id": comment_id,
        "kind": became.kind,
        "target": became.target,
        "idea_id": idea_id,
        "by": by,
        "at": now,
    }
    await tx.insert_new(OUTCOME, values)


async def settle(
    tx: Transaction,
    idea_id: UUID,
    comment_id: UUID,
    *,
    resolution_id: UUID,
    by: UUID,
    note: str,
    change: tuple[str, str] | None,
    now: datetime,
) -> None:
    """Keep that the thread was settled and how."""
    change_from, change_to = change or (None, None)
    values = {
        "id": resolution_id,
        "idea_id": idea_id,
        "comment_id": comment_id,
        "by": by,
        "at": now,
        "note": note,
        "change_from": change_from,
        "change_to": change_to,
    }
    await tx.run(insert(RESOLUTION).values(values))


async def reopen(tx: Transaction, comment_id: UUID, *, by: UUID, now: datetime) -> None:
    """Keep that what was settled last is open again."""
    current = (RESOLUTION.c.comment_id == comment_id, RESOLUTION.c.reopened_at.is_(None))
    await tx.run(update(RESOLUTION).where(*current).values(reopened_by=by, reopened_at=now))


def _everything(ids: list[UUID], reader: UUID | None) -> Any:
    """What hangs on the comments as rows of one shape; what a row does not have is null."""
    reaction, counted = REACTION.c, func.count()
    parts = [
        _part("counted", reaction.comment_id, word=reaction.reaction, n=counted)
        .where(reaction.comment_id.in_(ids))
        .group_by(reaction.comment_id, reaction.reaction),
        _part("mine", reaction.comment_id, word=reaction.reaction).where(
            reaction.comment_id.in_(ids), reaction.person_id == reader
        ),
        _part("named", MENTION.c.comment_id, word=PERSON.c.handle)
        .join(PERSON, PERSON.c.id == MENTION.c.person_id)
        .where(MENTION.c.comment_id.in_(ids), MENTION.c.is_past.is_(False)),
        _part("became", OUTCOME.c.comment_id, word=OUTCOME.c.kind, place=OUTCOME.c.target).where(
            OUTCOME.c.comment_id.in_(ids)
        ),
        _part(
            "settled",
            RESOLUTION.c.comment_id,
            word=RESOLUTION.c.note,
            place=RESOLUTION.c.change_from,
            until=RESOLUTION.c.change_to,
            by=RESOLUTION.c.by,
            at=RESOLUTION.c.at,
            ended_at=RESOLUTION.c.reopened_at,
        ).where(RESOLUTION.c.comment_id.in_(ids)),
    ]
    return union_all(*parts)


def _part(what: str, comment_id: Any, **given: Any) -> Any:
    shape: dict[str, TypeEngine[Any]] = {
        "word": String(),
        "place": String(),
        "until": String(),
        "n": Integer(),
        "by": Uuid(),
        "at": UTCDateTime(),
        "ended_at": UTCDateTime(),
    }
    columns = [given.get(name, cast(null(), kind)).label(name) for name, kind in shape.items()]
    return select(comment_id.label("comment_id"), literal(what).label("what"), *columns)
