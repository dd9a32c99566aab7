"""Comments on ideas. Rows keep their place for ever; deleting takes the text away.

Pages read them thread by thread (``storage.talk.threads``).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import METADATA, Transaction
from storage.engine.absent import only_where_named
from storage.engine.once import once
from storage.tables.talk.comments import Comment

__all__ = [
    "Comment",
    "add",
    "authors",
    "counts",
    "delete",
    "edit",
    "get",
    "hide",
    "of_idea",
    "reopen",
    "resolve",
    "same_lately",
    "show",
    "speakers",
]

COMMENT = METADATA.tables["comment"]


async def add(
    tx: Transaction,
    *,
    comment_id: UUID,
    idea_id: UUID,
    author_id: UUID,
    kind: str,
    text: str,
    now: datetime,
    reply_to: UUID | None = None,
    anchor: Mapping[str, Any] | None = None,
) -> Comment:
    """Add the comment; a reply to a comment of another idea raises IntegrityError."""
    comment = Comment(
        id=comment_id,
        idea_id=idea_id,
        author_id=author_id,
        reply_to=reply_to,
        kind=kind,
        text=text,
        anchor=None if anchor is None else dict(anchor),
        created_at=now,
    )
    tx.add(comment)
    await tx.flush()
    return comment


async def get(tx: Transaction, comment_id: UUID) -> Comment | None:
    return await tx.row(select_rows(Comment).where(Comment.id == comment_id))


async def same_lately(
    tx: Transaction,
    idea_id: UUID,
    author_id: UUID,
    reply_to: UUID | None,
    text: str,
    since: datetime,
) -> Comment | None:
    """What the author said in these words in the same thread since then, if it stands."""
    return await tx.row(
        select_rows(Comment)
        .where(
            Comment.idea_id == idea_id,
            Comment.author_id == author_id,
            Comment.reply_to == reply_to if reply_to else col(Comment.reply_to).is_(None),
            Comment.text == text,
            col(Comment.created_at) > since,
            col(Comment.deleted_at).is_(None),
            col(Comment.hidden_at).is_(None),
        )
        .order_by(col(Comment.created_at).desc())
        .limit(1)
    )


@only_where_named("comment.idea_id", nothing=list)
@once
async def authors(tx: Transaction, idea_id: UUID) -> list[UUID]:
    """Everybody who said something about the idea, once."""
    query = select(COMMENT.c.author_id).where(COMMENT.c.idea_id == idea_id).distinct()
    return list((await tx.run(query)).scalars())


async def speakers(tx: Transaction, root: UUID, limit: int) -> list[UUID]:
    """Who began a thread or spoke in it; beyond ``limit`` those who spoke last."""
    said = (COMMENT.c.id == root) | (COMMENT.c.reply_to == root)
    query = (
        select(COMMENT.c.author_id)
        .where(said, COMMENT.c.deleted_at.is_(None))
        .group_by(COMMENT.c.author_id)
        .order_by(func.max(COMMENT.c.created_at).desc(), COMMENT.c.author_id)
    )
    return list((await tx.run(query.limit(limit))).scalars())


async def of_idea(tx: Transaction, idea_id: UUID) -> list[Comment]:
    """All comments of the idea, also hidden and deleted ones, oldest first."""
    query = select_rows(Comment).where(Comment.idea_id == idea_id)
    return await tx.rows(query.order_by(col(Comment.created_at), col(Comment.id)))


async def counts(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many comments can be read at each idea; none is left out."""
    query = (
        select(COMMENT.c.idea_id, func.count())
        .where(
            COMMENT.c.idea_id.in_(list(idea_ids)),
            COMMENT.c.deleted_at.is_(None),
            COMMENT.c.hidden_at.is_(None),
        )
        .group_by(COMMENT.c.idea_id)
    )
    return {row[0]: row[1] for row in await tx.run(query)}


async def edit(tx: Transaction, comment_id: UUID, text: str, now: datetime) -> bool:
    """Change the text; False if the comment is deleted."""
    return await _change(tx, comment_id, text=text, edited_at=now)


async def hide(tx: Transaction, comment_id: UUID, by: UUID, reason: str, now: datetime) -> bool:
    """Hide the comment from readers; False if it is deleted."""
    return await _change(tx, comment_id, hidden_at=now, hidden_by=by, hidden_reason=reason)


async def show(tx: Transaction, comment_id: UUID) -> bool:
    """Undo ``hide``."""
    return await _change(tx, comment_id, hidden_at=None, hidden_by=None, hidden_reason=None)


async def delete(tx: Transaction, comment_id: UUID, now: datetime) -> bool:
    """Take text and anchor away; False if that was done before."""
    return await _change(tx, comment_id, text="", anchor=None, deleted_at=now)


async def resolve(tx: Transaction, comment_id: UUID, by: UUID, now: datetime) -> bool:
    """Mark the thread as settled; False if the comment is deleted."""
    return await _change(tx, comment_id, resolved_at=now, resolved_by=by)


async def reopen(tx: Transaction, comment_id: UUID) -> bool:
    """Undo ``resolve``."""
    return await _change(tx, comment_id, resolved_at=None, resolved_by=None)


async def _change(tx: Transaction, comment_id: UUID, **values: object) -> bool:
    result = await tx.run(
        update(COMMENT)
        .where(COMMENT.c.id == comment_id, COMMENT.c.deleted_at.is_(None))
        .values(**values)
    )
    return result.rowcount == 1
