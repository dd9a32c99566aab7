"""Ideas: their references, their revision, who has which role, and lists of them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.references import format_reference, parse_reference
from storage.database import METADATA, Transaction
from storage.engine.once import each_once
from storage.search.listing import IdeaFilter, Page, count, page
from storage.search.titles import SimilarIdea, similar
from storage.tables.ideas import Idea, IdeaRole

__all__ = [
    "Idea",
    "IdeaFilter",
    "Page",
    "SimilarIdea",
    "add_role",
    "advance",
    "by_document",
    "by_ref",
    "by_source",
    "change_kind",
    "count",
    "create",
    "get",
    "in_process",
    "lock",
    "move_process",
    "next_reference",
    "of_person",
    "page",
    "remove_role",
    "roles",
    "set_measure_type",
    "similar",
    "team",
    "touch",
]

IDEA = METADATA.tables["idea"]
IDEA_ROLE = METADATA.tables["idea_role"]
COUNTER = METADATA.tables["reference_counter"]

# ``idea.number`` = year × this + the idea's number in that year.
IDEAS_PER_YEAR_MAX = 10**9


async def next_reference(tx: Transaction, year: int) -> str:
    """The next reference of the year, like ``2026-00042``; nobody else gets it.

    It locks the year's counter until ``tx`` ends, so take it late. Undone together with ``tx``.
    """
    statement = (
        tx.insert(COUNTER)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=["year"], set_={"last": COUNTER.c.last + 1})
        .returning(COUNTER.c.last)
    )
    return format_reference(year, (await tx.run(statement)).scalar_one())


async def create(
    tx: Transaction,
    *,
    idea_id: UUID,
    ref: str,
    kind: str,
    title: str,
    stage: str,
    template_id: str,
    template_version: int,
    process_id: str,
    process_version: int,
    document_id: UUID,
    created_by: UUID,
    now: datetime,
    source: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> Idea:
    """Create the idea; its document exists already, roles and text are set by the caller."""
    reference = parse_reference(ref)
    idea = Idea(
        id=idea_id,
        ref=ref,
        number=reference.year * IDEAS_PER_YEAR_MAX + reference.number,
        kind=kind,
        title=title,
        stage=stage,
        template_id=template_id,
        template_version=template_version,
        process_id=process_id,
        process_version=process_version,
        document_id=document_id,
        created_by=created_by,
        created_at=now,
        active_at=now,
        source=source,
        latitude=latitude,
        longitude=longitude,
    )
    tx.add(idea)
    await tx.flush()
    return idea


async def get(tx: Transaction, idea_id: UUID) -> Idea | None:
    return await tx.row(select_rows(Idea).where(Idea.id == idea_id))


async def by_ref(tx: Transaction, ref: str) -> Idea | None:
    return await tx.row(select_rows(Idea).where(Idea.ref == ref))


async def of_ids(tx: Transaction, idea_ids: Iterable[UUID]) -> list[Idea]:
    """These ideas, in no order."""
    return await tx.rows(select_rows(Idea).where(col(Idea.id).in_(list(idea_ids))))


async def by_document(tx: Transaction, document_id: UUID) -> Idea | None:
    return await tx.row(select_rows(Idea).where(Idea.document_id == document_id))


async def by_source(tx: Transaction, source: str) -> Idea | None:
    """The idea that was imported from ``source``, if it was."""
    return await tx.row(select_rows(Idea).where(Idea.source == source))


async def lock(tx: Transaction, idea_id: UUID) -> Idea | None:
    """The idea as it is now, and nobody changes its stage, revision or activity until ``tx`` ends.

    What an action may do depends on the stage: lock, judge, write. Lock the idea before document
    heads, and append events last.
    """
    return await tx.row(select_rows(Idea).where(Idea.id == idea_id).with_for_update())


async def advance(
    tx: Transaction,
    idea_id: UUID,
    expected_revision: int,
    *,
    from_stage: str,
    to_stage: str,
    now: datetime,
) -> bool:
    """Move the idea and count its revision up, if it still is at that revision and stage.

    False: somebody else was first; read the idea again to name the winner.
    """
    result = await tx.run(
        update(IDEA)
        .where(
            IDEA.c.id == idea_id,
            IDEA.c.revision == expected_revision,
            IDEA.c.stage == from_stage,
        )
        .values(stage=to_stage, revision=IDEA.c.revision + 1, active_at=now)
    )
    return result.rowcount == 1


async def in_process(tx: Transaction, process_id: str, version: int) -> list[Idea]:
    """All ideas that go through a process in that version, in the order of their references."""
    query = select_rows(Idea).where(Idea.process_id == process_id, Idea.process_version == version)
    return await tx.rows(query.order_by(col(Idea.number)))


async def move_process(
    tx: Transaction, idea_id: UUID, expected_revision: int, *, version: int, stage: str
) -> bool:
    """Let the idea go on in another version of its process; False if somebody acted meanwhile."""
    result = await tx.run(
        update(IDEA)
        .where(IDEA.c.id == idea_id, IDEA.c.revision == expected_revision)
        .values(process_version=version, stage=stage, revision=IDEA.c.revision + 1)
    )
    return result.rowcount == 1


async def set_measure_type(tx: Transaction, idea_id: UUID, measure_type: str | None) -> None:
    """Say what type of measure the idea has become; None takes that back."""
    await tx.run(update(IDEA).where(IDEA.c.id == idea_id).values(measure_type=measure_type))


async def change_kind(
    tx: Transaction,
    idea_id: UUID,
    expected_revision: int,
    *,
    kind: str,
    template_id: str,
    template_version: int,
    now: datetime,
) -> bool:
    """Change need to proposal or back, with its template, and count up as ``advance`` does."""
    result = await tx.run(
        update(IDEA)
        .where(IDEA.c.id == idea_id, IDEA.c.revision == expected_revision, IDEA.c.kind != kind)
        .values(
            kind=kind,
            template_id=template_id,
            template_version=template_version,
            revision=IDEA.c.revision + 1,
            active_at=now,
        )
    )
    return result.rowcount == 1


async def touch(tx: Transaction, idea_id: UUID, now: datetime) -> None:
    """Note that somebody did something; time does not run backwards."""
    await tx.run(
        update(IDEA).where(IDEA.c.id == idea_id, IDEA.c.active_at < now).values(active_at=now)
    )


async def roles(tx: Transaction, idea_id: UUID, person_id: UUID) -> frozenset[str]:
    """The roles that the person holds at the idea."""
    query = select(IDEA_ROLE.c.role).where(
        IDEA_ROLE.c.idea_id == idea_id, IDEA_ROLE.c.person_id == person_id
    )
    return frozenset((await tx.run(query)).scalars())


@each_once
async def team(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, list[IdeaRole]]:
    """Who holds which role, for each of the ideas, in the order of roles."""
    rows = select_rows(IdeaRole).where(col(IdeaRole.idea_id).in_(list(idea_ids)))
    found: dict[UUID, list[IdeaRole]] = {}
    for row in await tx.rows(rows.order_by(col(IdeaRole.role), col(IdeaRole.person_id))):
        found.setdefault(row.idea_id, []).append(row)
    return found


async def add_role(tx: Transaction, idea_id: UUID, person_id: UUID, role: str) -> bool:
    """Give the person the role; False if he has it already."""
    values = {"idea_id": idea_id, "person_id": person_id, "role": role}
    return await tx.insert_new(IDEA_ROLE, values)


async def remove_role(tx: Transaction, idea_id: UUID, person_id: UUID, role: str) -> bool:
    """Take the role away; False if the person does not have it."""
    result = await tx.run(
        delete(IDEA_ROLE).where(
            IDEA_ROLE.c.idea_id == idea_id,
            IDEA_ROLE.c.person_id == person_id,
            IDEA_ROLE.c.role == role,
        )
    )
    return result.rowcount == 1


async def of_person(
    tx: Transaction, person_id: UUID, cursor: str | None = None, limit: int = 20
) -> Page:
    """The ideas where the person holds a role, drafts too, newest activity first."""
    wanted = IdeaFilter(mine=person_id, hidden_stages=frozenset())
    return await page(tx, wanted, cursor, limit)
