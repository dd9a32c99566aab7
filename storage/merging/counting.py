"""How much there is at an idea that would go along with it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from storage.database import METADATA, Transaction
from storage.following import follows

COMMENT = METADATA.tables["comment"]
JUDGEMENT = METADATA.tables["judgement"]
LINK = METADATA.tables["idea_link"]
REQUIREMENT = METADATA.tables["requirement"]
SUGGESTION = METADATA.tables["suggestion"]
TASK = METADATA.tables["task"]

FOLLOWERS_COUNTED_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is at an idea; ``suggestions`` are the open ones, which stay where they are."""

    comments: int
    tasks: int
    requirements: int
    followers: int
    links: int
    suggestions: int
    judges: frozenset[UUID]


async def numbers_of(tx: Transaction, idea_id: UUID) -> Numbers:
    """The numbers of one idea."""
    counted = {
        "comments": select(func.count()).where(
            COMMENT.c.idea_id == idea_id, COMMENT.c.deleted_at.is_(None)
        ),
        "tasks": select(func.count()).where(TASK.c.idea_id == idea_id),
        "requirements": select(func.count()).where(REQUIREMENT.c.idea_id == idea_id),
        "links": select(func.count()).where(
            or_(LINK.c.from_id == idea_id, LINK.c.to_id == idea_id)
        ),
        "suggestions": select(func.count()).where(
            SUGGESTION.c.idea_id == idea_id, SUGGESTION.c.state == "open"
        ),
    }
    parts = [query.scalar_subquery().label(name) for name, query in counted.items()]
    row = (await tx.run(select(*parts))).one()
    judges = select(JUDGEMENT.c.person_id).where(
        JUDGEMENT.c.idea_id == idea_id, JUDGEMENT.c.withdrawn_at.is_(None)
    )
    return Numbers(
        **{name: int(getattr(row, name)) for name in counted},
        followers=len(await follows.followers(tx, idea_id, FOLLOWERS_COUNTED_MAX)),
        judges=frozenset((await tx.run(judges)).scalars()),
    )
