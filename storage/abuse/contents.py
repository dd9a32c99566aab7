"""What the queue shows of the things that were reported."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col
from sqlmodel import select as select_rows

from storage.database import Transaction
from storage.tables.ideas import Idea
from storage.tables.talk.comments import Comment


async def comments_of(tx: Transaction, comment_ids: Collection[UUID]) -> dict[UUID, Comment]:
    """These comments, also hidden and deleted ones."""
    query = select_rows(Comment).where(col(Comment.id).in_(list(comment_ids)))
    return {row.id: row for row in await tx.rows(query)} if comment_ids else {}


async def ideas_of(tx: Transaction, idea_ids: Collection[UUID]) -> dict[UUID, Idea]:
    """These ideas."""
    query = select_rows(Idea).where(col(Idea.id).in_(list(idea_ids)))
    return {row.id: row for row in await tx.rows(query)} if idea_ids else {}
