"""How much there is at an idea that would go along with it, and how much would stay."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Table, func, or_, select

from storage.database import METADATA, Transaction
from storage.following import follows

ALIGNMENT = METADATA.tables["alignment"]
COMMENT = METADATA.tables["comment"]
EVIDENCE = METADATA.tables["evidence"]
INDICATOR = METADATA.tables["indicator"]
JUDGEMENT = METADATA.tables["judgement"]
LINK = METADATA.tables["idea_link"]
REQUIREMENT = METADATA.tables["requirement"]
RESPONSIBILITY = METADATA.tables["responsibility"]
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


@dataclass(frozen=True, slots=True)
class Staying:
    """What is bound to the text and the case of an idea and goes along with nothing."""

    responsibilities: int
    """Those that are offered or held."""
    alignments: int
    indicators: int
    evidence: int


async def staying_of(tx: Transaction, idea_id: UUID) -> Staying:
    """What would stay at the idea; of everything that has revisions the newest counts."""
    counted = {
        "responsibilities": select(func.count()).where(
            RESPONSIBILITY.c.idea_id == idea_id, RESPONSIBILITY.c.state.in_(("offered", "active"))
        ),
        "alignments": select(func.count()).where(
            ALIGNMENT.c.idea_id == idea_id,
            ALIGNMENT.c.is_withdrawn.is_(False),
            _is_newest(ALIGNMENT, "idea_id", "catalogue_id", "entry_id"),
        ),
        "indicators": select(func.count()).where(
            INDICATOR.c.idea_id == idea_id,
            INDICATOR.c.is_withdrawn.is_(False),
            _is_newest(INDICATOR, "idea_id", "number"),
        ),
        "evidence": select(func.count(EVIDENCE.c.kind.distinct())).where(
            EVIDENCE.c.idea_id == idea_id
        ),
    }
    parts = [query.scalar_subquery().label(name) for name, query in counted.items()]
    row = (await tx.run(select(*parts))).one()
    return Staying(**{name: int(getattr(row, name)) for name in counted})


def _is_newest(table: Table, *keys: str) -> ColumnElement[bool]:
    other = table.alias()
    same = [other.c[key] == table.c[key] for key in keys]
    newest = select(func.max(other.c.revision)).where(*same).scalar_subquery()
    return table.c.revision == newest
