"""Lists of ideas, newest activity first, cut into pages that stay fast however far one reads."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, func, or_, select, tuple_
from sqlmodel import select as select_rows

from collab.errors import Invalid
from storage.database import METADATA, Transaction
from storage.process.ties import alignment, districts
from storage.search.words import matches
from storage.tables.columns import UTCDateTime
from storage.tables.ideas import Idea

IDEA = METADATA.tables["idea"]
IDEA_ROLE = METADATA.tables["idea_role"]

RESPONSIBILITY = METADATA.tables["responsibility"]

PAGE_MAX = 100
_LED = select(RESPONSIBILITY.c.idea_id).where(
    RESPONSIBILITY.c.part == "lead", RESPONSIBILITY.c.state == "active"
)


@dataclass(frozen=True, slots=True)
class PaysInto:
    """Ideas with a statement on one of these entries of a catalogue."""

    catalogue_id: str
    entry_ids: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaFilter:
    """Which ideas to list.

    ``mine`` lists the ideas where that person has a role. Ideas in ``hidden_stages`` are left out,
    except those where ``reader`` has a role. ``seeking_lead_in`` lists the proposals in those
    stages for which no organisation is responsible. ``only`` asks which of these ideas are in it.
    """

    kind: str | None = None
    stage: str | None = None
    q: str = ""
    mine: UUID | None = None
    reader: UUID | None = None
    hidden_stages: frozenset[str] = frozenset({"draft"})
    seeking_lead_in: frozenset[str] | None = None
    pays_into: tuple[PaysInto, ...] = ()
    district: str | None = None
    only: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some ideas and the cursor of what follows; ``None``: nothing follows."""

    ideas: list[Idea]
    next_cursor: str | None


async def page(
    tx: Transaction, wanted: IdeaFilter, cursor: str | None = None, limit: int = 20
) -> Page:
    """The next ``limit`` ideas after ``cursor``.

    Raises:
        Invalid: the cursor was not made by this function.
    """
    limit = max(1, min(limit, PAGE_MAX))
    chosen = await conditions(tx, wanted)
    if cursor:
        chosen.append(_after(*parse_cursor(cursor)))
    query = (
        select_rows(Idea)
        .where(*chosen)
        .order_by(IDEA.c.active_at.desc(), IDEA.c.id.desc())
        .limit(limit + 1)
    )
    found = await tx.rows(query)
    shown = found[:limit]
    return Page(shown, cursor_of(shown[-1]) if len(found) > limit else None)


async def count(tx: Transaction, wanted: IdeaFilter) -> int:
    """How many ideas the filter lets through."""
    query = select(func.count()).select_from(IDEA).where(*await conditions(tx, wanted))
    return int((await tx.run(query)).scalar_one())


def cursor_of(idea: Idea) -> str:
    """The opaque cursor of what follows ``idea``."""
    place = f"{idea.active_at.isoformat()} {idea.id.hex}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def parse_cursor(cursor: str) -> tuple[datetime, UUID]:
    """What ``cursor_of`` put into the cursor; raises Invalid for anything else."""
    try:
        place = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        moment, _, idea = place.decode().partition(" ")
        active_at, idea_id = datetime.fromisoformat(moment), UUID(hex=idea)
    except (ValueError, binascii.Error) as error:
        raise Invalid(fields={"cursor": "malformed"}) from error
    # Another offset than ours can lead beyond the first or last year.
    if active_at.utcoffset() != timedelta(0):
        raise Invalid(fields={"cursor": "malformed"})
    return active_at, idea_id


async def conditions(tx: Transaction, wanted: IdeaFilter) -> list[ColumnElement[bool]]:
    """What an idea must fulfil to be in the list."""
    chosen: list[ColumnElement[bool]] = []
    if wanted.kind:
        chosen.append(IDEA.c.kind == wanted.kind)
    if wanted.stage:
        chosen.append(IDEA.c.stage == wanted.stage)
    if wanted.only is not None:
        chosen.append(IDEA.c.id.in_(sorted(wanted.only)))
    if wanted.mine:
        chosen.append(_has_role(wanted.mine))
    if hidden := _visible(wanted):
        chosen.append(hidden[0])
    if wanted.seeking_lead_in is not None:
        chosen += [
            IDEA.c.kind == "proposal",
            IDEA.c.stage.in_(sorted(wanted.seeking_lead_in)),
            IDEA.c.id.not_in(_LED),
        ]
    for goal in wanted.pays_into:
        paying = alignment.ideas_paying_into(goal.catalogue_id, goal.entry_ids)
        chosen.append(IDEA.c.id.in_(paying))
    if wanted.district:
        chosen.append(IDEA.c.id.in_(districts.ideas_in(wanted.district)))
    if wanted.q.strip():
        chosen.append(await matches(tx, wanted.q))
    return chosen


def _visible(wanted: IdeaFilter) -> list[ColumnElement[bool]]:
    if not wanted.hidden_stages or (wanted.stage and wanted.stage not in wanted.hidden_stages):
        return []
    shown = IDEA.c.stage.not_in(sorted(wanted.hidden_stages))
    return [shown if wanted.reader is None else or_(shown, _has_role(wanted.reader))]


def _has_role(person_id: UUID) -> ColumnElement[bool]:
    own = select(IDEA_ROLE.c.idea_id).where(IDEA_ROLE.c.person_id == person_id)
    return IDEA.c.id.in_(own)


def _after(active_at: datetime, idea_id: UUID) -> ColumnElement[bool]:
    place = tuple_(
        bindparam("active_at", active_at, type_=UTCDateTime()),
        bindparam("id", idea_id, type_=Uuid()),
    )
    return tuple_(IDEA.c.active_at, IDEA.c.id) < place
