"""What happened at ideas since somebody knew them, asked from the log: no rows for followers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.following.heard import HEARD
from storage.database import METADATA, Transaction
from storage.following.follows import followed_ids
from storage.search.listing import PAGE_MAX, cursor_of, parse_cursor
from storage.tables.ideas import Idea
from storage.tables.talk.comments import Comment

EVENT = METADATA.tables["event"]
FOLLOW = METADATA.tables["idea_follow"]
IDEA = METADATA.tables["idea"]
IDEA_TEXT = METADATA.tables["idea_text"]
MARK = METADATA.tables["read_mark"]
NOTICE = METADATA.tables["notice"]
ROLE = METADATA.tables["idea_role"]

COUNTED_MAX = 1_000
"""So many kinds of events at ideas are counted at a time."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many events of a kind happened at an idea, and the newest of them."""

    idea_id: UUID
    kind: str
    count: int
    last: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose news it is: his own acts are none to him, and of drafts he hears where he is at home.

    ``knows_all``: he may know what is not public at any of these ideas.
    """

    person_id: UUID
    at_home: frozenset[UUID] = frozenset()
    knows_all: bool = False


async def counted(
    tx: Transaction,
    reader: Reader,
    floors: Mapping[UUID, int],
    *,
    up_to: int | None = None,
    since: datetime | None = None,
) -> list[Counted]:
    """What others did at each idea after the event given for it, by kind, in one query.

    With ``up_to`` it is for a mail, and what was mailed to the reader already is left out.
    """
    if not floors:
        return []
    after = or_(
        *(and_(EVENT.c.idea_id == each, EVENT.c.id > last) for each, last in floors.items())
    )
    known = [EVENT.c.public, EVENT.c.idea_id.in_(sorted(reader.at_home))]
    by_others = or_(EVENT.c.actor_id.is_(None), EVENT.c.actor_id != reader.person_id)
    query = (
        select(
            EVENT.c.idea_id,
            EVENT.c.kind,
            func.count(),
            func.max(EVENT.c.id),
            func.max(EVENT.c.at, type_=EVENT.c.at.type),
        )
        .where(after, by_others, EVENT.c.kind.in_(sorted(HEARD)))
        .group_by(EVENT.c.idea_id, EVENT.c.kind)
        .limit(COUNTED_MAX)
    )
    if not reader.knows_all:
        query = query.where(or_(*known))
    if up_to is not None:
        mine = (NOTICE.c.person_id == reader.person_id, NOTICE.c.mailed_at.is_not(None))
        mailed = select(NOTICE.c.event_id).where(*mine, NOTICE.c.event_id == EVENT.c.id)
        query = query.where(EVENT.c.id <= up_to, ~mailed.exists())
    if since is not None:
        query = query.where(EVENT.c.at > since)
    return [Counted(*row) for row in await tx.run(query)]


async def moved_since(
    tx: Transaction,
    person_id: UUID,
    *,
    hidden: Collection[str],
    cursor: str | None = None,
    limit: int = 20,
    since: datetime | None = None,
) -> tuple[list[Idea], str | None]:
    """Followed ideas at which anything happened since the person looked, the newest first.

    ``hidden`` are stages whose ideas only their team reads. The second is the cursor of what
    follows.
    """
    limit = max(1, min(limit, PAGE_MAX))
    mine = select(ROLE.c.idea_id).where(ROLE.c.person_id == person_id)
    seen = and_(MARK.c.idea_id == IDEA.c.id, MARK.c.person_id == person_id)
    query = (
        select_rows(Idea)
        .outerjoin(MARK, seen)
        .where(
            IDEA.c.id.in_(followed_ids(person_id)),
            or_(IDEA.c.stage.not_in(sorted(hidden)), IDEA.c.id.in_(mine)),
            or_(MARK.c.at.is_(None), IDEA.c.active_at > MARK.c.at),
        )
        .order_by(IDEA.c.active_at.desc(), IDEA.c.id.desc())
        .limit(limit + 1)
    )
    if since is not None:
        query = query.where(IDEA.c.active_at > since)
    if cursor:
        active_at, idea_id = parse_cursor(cursor)
        same = and_(IDEA.c.active_at == active_at, IDEA.c.id < idea_id)
        query = query.where(or_(IDEA.c.active_at < active_at, same))
    found = await tx.rows(query)
    shown = found[:limit]
    return shown, cursor_of(shown[-1]) if len(found) > limit else None


async def known_from(
    tx: Transaction, person_id: UUID, idea_ids: Collection[UUID]
) -> dict[UUID, int]:
    """From which event on each idea is news to the person who never looked at it."""
    query = select(FOLLOW.c.idea_id, FOLLOW.c.since_event).where(
        FOLLOW.c.person_id == person_id, FOLLOW.c.idea_id.in_(list(idea_ids))
    )
    return {row[0]: row[1] for row in await tx.run(query)}


async def texts_of(tx: Transaction, idea_ids: Collection[UUID]) -> dict[UUID, str]:
    """The hash of the text that each idea shows."""
    query = select(IDEA_TEXT.c.idea_id, IDEA_TEXT.c.sha256)
    rows = await tx.run(query.where(IDEA_TEXT.c.idea_id.in_(list(idea_ids))))
    return {row[0]: row[1] for row in rows}


async def at_home(
    tx: Transaction, person_id: UUID, idea_ids: Collection[UUID]
) -> dict[UUID, frozenset[str]]:
    """The roles that the person holds at these ideas; those without are left out."""
    query = select(ROLE.c.idea_id, ROLE.c.role).where(
        ROLE.c.person_id == person_id, ROLE.c.idea_id.in_(list(idea_ids))
    )
    found: dict[UUID, set[str]] = {}
    for idea_id, role in await tx.run(query):
        found.setdefault(idea_id, set()).add(role)
    return {idea_id: frozenset(roles) for idea_id, roles in found.items()}


async def comments_since(
    tx: Transaction, idea_id: UUID, reader_id: UUID, after: int, limit: int
) -> Sequence[Comment]:
    """What others wrote at the idea after the event and did not take back, the newest first."""
    written = select(EVENT.c.payload).where(
        EVENT.c.idea_id == idea_id,
        EVENT.c.id > after,
        EVENT.c.kind == "comment_added",
        EVENT.c.actor_id != reader_id,
    )
    newest = await tx.run(written.order_by(EVENT.c.id.desc()).limit(limit))
    ids = [UUID(row[0]["comment_id"]) for row in newest]
    query = select_rows(Comment).where(col(Comment.id).in_(ids), col(Comment.deleted_at).is_(None))
    return await tx.rows(query.order_by(col(Comment.created_at).desc(), col(Comment.id)))
