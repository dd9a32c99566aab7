"""Threads page by page: the newest first comments, each with the newest replies to it.

However much was said at an idea, a page is one query and a bounded number of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, not_, or_, select, union_all
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.tables.talk.comments import Comment

COMMENT = METADATA.tables["comment"]
# An alias made anew for each page would make its columns anew, too.
REPLY = COMMENT.alias("reply")
ANSWER = COMMENT.alias("answer")
ANCHORED_MAX: Final = 500
"""So many anchored threads at most are drawn into a text; the newest of those that are open."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which threads are asked for; what is None or empty does not matter."""

    kind: str | None = None
    resolved: bool | None = None
    anchored: bool | None = None
    section: str | None = None

    @property
    def is_all(self) -> bool:
        return self == Wanted()


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the talk: before, after or from one comment on, each of which begins a thread."""

    before: Comment | None = None
    after: Comment | None = None
    since: Comment | None = None


@dataclass(frozen=True, slots=True)
class Threads:
    """First comments, oldest first, and the replies shown of each; how many there are in all."""

    roots: tuple[Comment, ...]
    replies: dict[UUID, list[Comment]]
    reply_counts: dict[UUID, int]
    has_earlier: bool
    has_later: bool
    readable: int
    """Of the whole idea: comments that anybody can read."""


ANYWHERE = Span()
ALL = Wanted()


async def page(
    tx: Transaction,
    idea_id: UUID,
    *,
    threads_max: int,
    replies_max: int,
    at: Span = ANYWHERE,
    wanted: Wanted = ALL,
) -> Threads:
    """The newest threads of a span, at most ``threads_max``, each with its newest replies.

    After ``at.after`` they are the oldest that come then, so that one can leaf forward.
    """
    is_forward = at.after is not None
    roots = _roots(idea_id, at, wanted, is_forward).limit(threads_max + 1).subquery("roots")
    order = (REPLY.c.created_at.desc(), REPLY.c.id.desc())
    ranked = (
        select(
            REPLY.c.id,
            func.count().over(partition_by=REPLY.c.reply_to).label("n"),
            func.row_number().over(partition_by=REPLY.c.reply_to, order_by=order).label("place"),
        )
        .where(REPLY.c.reply_to.in_(select(roots.c.id)), REPLY.c.deleted_at.is_(None))
        .subquery("ranked")
    )
    shown = union_all(
        select(roots.c.id, literal(0).label("n")),
        select(ranked.c.id, ranked.c.n).where(ranked.c.place <= replies_max),
    ).subquery("shown")
    readable = select(func.count()).where(_is_readable(idea_id)).scalar_subquery()
    has_older: ColumnElement[bool] = literal(False)
    if at.since is not None:
        older = _roots(idea_id, Span(before=at.since), wanted, False).exists()
        has_older = select(older).scalar_subquery()
    query = (
        select_rows(Comment, shown.c.n, readable, has_older.label("has_older"))
        .join(shown, shown.c.id == col(Comment.id))
        .order_by(col(Comment.created_at), col(Comment.id))
    )
    found = list(await tx.exec(query))
    rows = [row[0] for row in found if row[0].reply_to is None]
    has_more = len(rows) > threads_max
    kept = (rows[:threads_max] if is_forward else rows[-threads_max:]) if has_more else rows
    total = int(found[0][2]) if found else await count_readable(tx, idea_id)
    replies: dict[UUID, list[Comment]] = {}
    counts: dict[UUID, int] = {}
    for row, n, _, _ in found:
        if row.reply_to is not None:
            replies.setdefault(row.reply_to, []).append(row)
            counts[row.reply_to] = n
    has_earlier = is_forward or has_more or bool(found and found[0][3])
    has_later = has_more if is_forward else at.before is not None
    return Threads(tuple(kept), replies, counts, has_earlier, has_later, total)


async def replies_of(tx: Transaction, root: UUID, *, limit: int, offset: int) -> list[Comment]:
    """Some replies in a thread that are not deleted, oldest first."""
    query = _replies(root).order_by(col(Comment.created_at), col(Comment.id))
    return await tx.rows(query.limit(limit).offset(offset))


async def count_replies(tx: Transaction, root: UUID) -> int:
    """How many replies in the thread are not deleted."""
    query = select(func.count()).select_from(_replies(root).subquery())
    return int((await tx.run(query)).scalar_one())


async def place_of(tx: Transaction, comment: Comment) -> tuple[int, int]:
    """How many threads began after a comment's, and how many replies stand before it in its own."""
    root, reply_to = comment, comment.reply_to
    if reply_to is not None:
        found = await tx.row(select_rows(Comment).where(Comment.id == reply_to))
        assert found is not None, "a reply has its thread"
        root = found
    newer = _roots(comment.idea_id, Span(after=root), ALL, True).subquery()
    earlier = 0
    if reply_to is not None:
        before = _replies(reply_to).where(_earlier_than(comment)).subquery()
        earlier = int((await tx.run(select(func.count()).select_from(before))).scalar_one())
    count = select(func.count()).select_from(newer)
    return int((await tx.run(count)).scalar_one()), earlier


async def listed(
    tx: Transaction,
    idea_id: UUID,
    *,
    limit: int,
    before: Comment | None = None,
    thread: UUID | None = None,
    wanted: Wanted = ALL,
) -> list[Comment]:
    """The newest comments before one, replies among them, newest first.

    ``wanted.resolved`` asks for the first comments of threads.
    """
    query = select_rows(Comment).where(Comment.idea_id == idea_id, *_fits(wanted))
    if wanted.resolved is not None:
        query = query.where(col(Comment.reply_to).is_(None))
    if thread is not None:
        query = query.where(or_(col(Comment.id) == thread, col(Comment.reply_to) == thread))
    if before is not None:
        query = query.where(_earlier_than(before))
    newest = query.order_by(col(Comment.created_at).desc(), col(Comment.id).desc())
    return await tx.rows(newest.limit(limit))


@only_where_named("comment.idea_id", nothing=list)
async def anchored(tx: Transaction, idea_id: UUID) -> Sequence[tuple[UUID, str, dict[str, Any]]]:
    """Id, kind and anchor of open threads that point to a passage, the newest first."""
    query = (
        select(COMMENT.c.id, COMMENT.c.kind, COMMENT.c.anchor)
        .where(
            _is_readable(idea_id),
            COMMENT.c.reply_to.is_(None),
            COMMENT.c.resolved_at.is_(None),
            _has_anchor(),
        )
        .order_by(COMMENT.c.created_at.desc(), COMMENT.c.id.desc())
        .limit(ANCHORED_MAX)
    )
    return [(row[0], row[1], row[2]) for row in await tx.run(query)]


async def count_readable(tx: Transaction, idea_id: UUID) -> int:
    """How many comments of the idea anybody can read."""
    query = select(func.count()).where(_is_readable(idea_id))
    return int((await tx.run(query)).scalar_one())


def _roots(idea_id: UUID, at: Span, wanted: Wanted, is_forward: bool) -> Select[Any]:
    """First comments of threads; a deleted one keeps its place only for those who answered it."""
    answered = select(ANSWER.c.id).where(ANSWER.c.reply_to == COMMENT.c.id)
    query = select(COMMENT.c.id).where(
        COMMENT.c.idea_id == idea_id,
        COMMENT.c.reply_to.is_(None),
        or_(COMMENT.c.deleted_at.is_(None), answered.where(ANSWER.c.deleted_at.is_(None)).exists()),
        *_fits(wanted),
    )
    if at.before is not None:
        query = query.where(_earlier_than(at.before))
    if at.after is not None:
        query = query.where(not_(_up_to(at.after)))
    if at.since is not None:
        query = query.where(not_(_earlier_than(at.since)))
    order = (COMMENT.c.created_at, COMMENT.c.id)
    return query.order_by(*(order if is_forward else (each.desc() for each in order)))


def _replies(root: UUID) -> Any:
    return select_rows(Comment).where(
        col(Comment.reply_to) == root, col(Comment.deleted_at).is_(None)
    )


def _fits(wanted: Wanted) -> list[ColumnElement[bool]]:
    fits: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        fits.append(COMMENT.c.kind == wanted.kind)
    if wanted.resolved is not None:
        is_open = COMMENT.c.resolved_at.is_(None)
        fits.append(not_(is_open) if wanted.resolved else is_open)
    if wanted.anchored is not None:
        fits.append(_has_anchor() if wanted.anchored else not_(_has_anchor()))
    if wanted.section is not None:
        fits.append(and_(_has_anchor(), COMMENT.c.anchor["section"].as_string() == wanted.section))
    return fits


def _has_anchor() -> ColumnElement[bool]:
    return COMMENT.c.anchor.is_not(None)


def _is_readable(idea_id: UUID) -> ColumnElement[bool]:
    return and_(
        COMMENT.c.idea_id == idea_id, COMMENT.c.deleted_at.is_(None), COMMENT.c.hidden_at.is_(None)
    )


def _earlier_than(one: Comment) -> ColumnElement[bool]:
    at = COMMENT.c.created_at
    return or_(at < one.created_at, and_(at == one.created_at, COMMENT.c.id < one.id))


def _up_to(one: Comment) -> ColumnElement[bool]:
    return or_(_earlier_than(one), COMMENT.c.id == one.id)
