"""What is asked for everybody at once who looks at the talk of ideas."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from collab.process.talk.reactions import Reaction
from storage.database import METADATA, Transaction
from storage.tables.ideas import Idea

COMMENT = METADATA.tables["comment"]
EVENT = METADATA.tables["event"]
REACTION = METADATA.tables["reaction"]


_LAST_EVENT = select(func.max(EVENT.c.id))
_REACTED_TO_IT = REACTION.c.idea_id == Idea.id

# Put together once: that takes longer than to ask it.
_STANDINGS: Any = select(
    Idea,
    _LAST_EVENT.where(EVENT.c.idea_id == Idea.id).scalar_subquery(),
    _LAST_EVENT.where(EVENT.c.idea_id.is_(None)).scalar_subquery(),
    select(func.count()).select_from(REACTION).where(_REACTED_TO_IT).scalar_subquery(),
    select(func.max(REACTION.c.updated_at)).where(_REACTED_TO_IT).scalar_subquery(),
    _LAST_EVENT.scalar_subquery(),
).where(col(Idea.ref).in_(bindparam("refs", expanding=True)))


@dataclass(frozen=True, slots=True)
class TalkVersion:
    """How far an idea has come: as long as it stays the same, so does what is shown of its talk.

    But for what has no events: the text, and the time that passes.
    """

    event: int
    """The last one of the idea."""
    arena_event: int
    """The last one that concerns no idea: names, roles, organisations."""
    reactions: int
    reacted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """An idea, the version of its talk, and the last event of all."""

    idea: Idea
    version: TalkVersion
    last_event: int


@dataclass(frozen=True, slots=True)
class Reader:
    """A person who is shown comments of an idea, the oldest of which is of ``since``."""

    person_id: UUID
    idea_id: UUID
    since: datetime


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody has to do with one comment: he wrote it, or reacted to it."""

    is_author: bool = False
    reaction: Reaction | None = None


async def standings(tx: Transaction, refs: Iterable[str]) -> dict[str, Standing]:
    """How the ideas of these references stand; of one that does not exist there is nothing."""
    found = {}
    for idea, *version, last in await tx.exec(_STANDINGS, params={"refs": sorted(refs)}):
        own, arena, reactions, reacted_at = version
        found[idea.ref] = Standing(
            idea, TalkVersion(own or 0, arena or 0, reactions, reacted_at), last or 0
        )
    return found


async def own(tx: Transaction, readers: Collection[Reader]) -> dict[Reader, dict[UUID, Own]]:
    """What each reader has to do with the comments he is shown, by comment."""
    ideas, persons = {each.idea_id for each in readers}, {each.person_id for each in readers}
    since = min(each.since for each in readers)
    shown = (COMMENT.c.idea_id.in_(ideas), COMMENT.c.created_at >= since)
    wrote = select(COMMENT.c.idea_id, COMMENT.c.author_id, COMMENT.c.id)
    reacted = select(
        COMMENT.c.idea_id, REACTION.c.person_id, COMMENT.c.id, REACTION.c.reaction
    ).join(COMMENT, COMMENT.c.id == REACTION.c.comment_id)
    found: dict[tuple[UUID, UUID], dict[UUID, Own]] = {}
    for idea_id, person_id, comment_id in await tx.run(
        wrote.where(*shown, COMMENT.c.author_id.in_(persons))
    ):
        found.setdefault((idea_id, person_id), {})[comment_id] = Own(is_author=True)
    for idea_id, person_id, comment_id, word in await tx.run(
        reacted.where(*shown, REACTION.c.person_id.in_(persons))
    ):
        mine = found.setdefault((idea_id, person_id), {})
        mine[comment_id] = Own(comment_id in mine, Reaction(word))
    return {each: found.get((each.idea_id, each.person_id), {}) for each in readers}
