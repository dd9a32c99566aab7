"""The columns of the board: ideas by stage, in the order of references, and how many there are.

Everything is answered from the indexes of ``idea`` (``ix_idea_board``); no document is opened, and
no text is read but for a search.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlmodel import select as select_rows

from collab.process.version import TextVersion
from storage.database import METADATA, Transaction
from storage.search.words import matches
from storage.tables.ideas import Idea

IDEA = METADATA.tables["idea"]
IDEA_TEXT = METADATA.tables["idea_text"]
IDEA_ROLE = METADATA.tables["idea_role"]
CLAIM = METADATA.tables["claim"]
RESPONSIBILITY = METADATA.tables["responsibility"]
STAGE_CHANGE = METADATA.tables["stage_change"]
EVENT = METADATA.tables["event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilter:
    """Which ideas of a process are on the board.

    ``claimed_by``: those that this person has claimed. ``quiet_since``: those in its stages where
    nothing has happened since the stage's moment. ``now`` decides which claims are over.
    """

    process_id: str
    stages: tuple[str, ...]
    now: datetime
    kind: str | None = None
    q: str = ""
    claimed_by: UUID | None = None
    quiet_since: Mapping[str, datetime] | None = None
    without_lead: bool = False


async def counts(tx: Transaction, wanted: BoardFilter) -> dict[str, int]:
    """How many ideas there are in each stage; stages without any are left out."""
    query = select(IDEA.c.stage, func.count()).select_from(IDEA)
    rows = await tx.run(query.where(*await _conditions(tx, wanted)).group_by(IDEA.c.stage))
    return {row[0]: row[1] for row in rows}


async def column(
    tx: Transaction, wanted: BoardFilter, stage: str, *, after: int = 0, limit: int
) -> list[Idea]:
    """The first ideas of a stage whose ``number`` is greater than ``after``, oldest first."""
    chosen = await _conditions(tx, wanted)
    query = select_rows(Idea).where(*chosen, IDEA.c.stage == stage, IDEA.c.number > after)
    return await tx.rows(query.order_by(IDEA.c.number).limit(limit))


async def processes(tx: Transaction) -> set[str]:
    """The processes that any idea is in: one step of the index for each."""
    found: set[str] = set()
    last = ""
    while True:
        query = select(func.min(IDEA.c.process_id)).where(IDEA.c.process_id > last)
        following = (await tx.run(query)).scalar()
        if following is None:
            return found
        last = following
        found.add(following)


async def came_at(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each idea came into its stage; those that never moved are left out."""
    latest = func.max(STAGE_CHANGE.c.at)
    query = select(STAGE_CHANGE.c.idea_id, latest).where(STAGE_CHANGE.c.idea_id.in_(list(idea_ids)))
    rows = await tx.run(query.group_by(STAGE_CHANGE.c.idea_id))
    return {row[0]: row[1] for row in rows}


async def last_events(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The id of the newest event of each idea: whether anything has happened to it since."""
    query = select(EVENT.c.idea_id, func.max(EVENT.c.id)).where(EVENT.c.idea_id.in_(list(idea_ids)))
    rows = await tx.run(query.group_by(EVENT.c.idea_id))
    return {row[0]: row[1] for row in rows}


async def shown_versions(tx: Transaction, idea_ids: Iterable[UUID]) -> dict[UUID, TextVersion]:
    """Which text lists show of each idea, without the text."""
    shown = IDEA_TEXT.c
    query = select(shown.idea_id, shown.epoch, shown.seq, shown.sha256)
    rows = await tx.run(query.where(shown.idea_id.in_(list(idea_ids))))
    return {row[0]: TextVersion(row[1], row[2], row[3]) for row in rows}


async def by_refs(tx: Transaction, refs: Collection[str]) -> dict[str, Idea]:
    """The ideas with these references; what does not exist is left out."""
    query = select_rows(Idea).where(IDEA.c.ref.in_(list(refs)))
    return {idea.ref: idea for idea in await tx.rows(query)}


async def _conditions(tx: Transaction, wanted: BoardFilter) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [
        IDEA.c.process_id == wanted.process_id,
        IDEA.c.stage.in_(list(wanted.stages)),
    ]
    if wanted.kind:
        chosen.append(IDEA.c.kind == wanted.kind)
    if wanted.claimed_by:
        mine = select(CLAIM.c.idea_id).where(
            CLAIM.c.person_id == wanted.claimed_by, CLAIM.c.until > wanted.now
        )
        chosen.append(IDEA.c.id.in_(mine))
    if wanted.quiet_since is not None:
        still = [
            and_(IDEA.c.stage == stage, IDEA.c.active_at < since)
            for stage, since in wanted.quiet_since.items()
        ]
        chosen.append(or_(false(), *still))
    if wanted.without_lead:
        led = RESPONSIBILITY.c
        by_organisation = select(led.id).where(
            led.idea_id == IDEA.c.id, led.part == "lead", led.state == "active"
        )
        by_person = select(IDEA_ROLE.c.idea_id).where(
            IDEA_ROLE.c.idea_id == IDEA.c.id, IDEA_ROLE.c.role == "lead"
        )
        chosen += [~by_organisation.exists(), ~by_person.exists()]
    if wanted.q.strip():
        chosen.append(await matches(tx, wanted.q))
    return chosen
