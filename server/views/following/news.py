"""What happened at followed ideas since their follower looked: one entry for each idea."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.process.actors import Actor
from collab.process.following.heard import HEARD, Heard
from collab.process.following.visits import Visit
from collab.process.processes import stages_with
from collab.process.stages import StageAccess
from server.actions.cases import Case
from server.views.following.readable import cases_of
from server.views.record.known import knows_more
from storage.database import Transaction
from storage.following import marks, news
from storage.following.news import Counted, Reader
from storage.tables.ideas import Idea

PER_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """What is new at one idea; ``seen_at``: when the reader was there last, if ever."""

    idea: Idea
    text_changed: bool
    counts: Mapping[Heard, int]
    at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Period:
    """Of what a digest tells: events after one up to another, none older than ``since``."""

    after_event: int
    to_event: int
    since: datetime


async def catch_up(
    tx: Transaction, actor: Actor, cursor: str | None = None
) -> tuple[list[Entry], str | None]:
    """A page of followed ideas with news, the newest first, and the cursor of what follows."""
    assert actor.person_id is not None, "guests follow nothing"
    found, older = await news.moved_since(
        tx, actor.person_id, hidden=stages_with(StageAccess.PRIVATE), cursor=cursor, limit=PER_PAGE
    )
    return await entries(tx, actor, found), older


async def digest(
    tx: Transaction, actor: Actor, period: Period, limit: int
) -> tuple[list[Entry], bool]:
    """The news of a time, not seen yet, at so many followed ideas; whether there are more."""
    assert actor.person_id is not None, "guests follow nothing"
    found, older = await news.moved_since(
        tx,
        actor.person_id,
        hidden=stages_with(StageAccess.PRIVATE),
        limit=limit,
        since=period.since,
    )
    return await entries(tx, actor, found, period), older is not None


async def entries(
    tx: Transaction, actor: Actor, found: Sequence[Idea], period: Period | None = None
) -> list[Entry]:
    """What is new to the actor at these ideas; without those at which only he acted."""
    assert actor.person_id is not None
    ids = [idea.id for idea in found]
    cases = await cases_of(tx, actor, ids)
    visits = await marks.visits(tx, actor.person_id, ids)
    begun = await news.known_from(tx, actor.person_id, ids)
    floors = {each: _floor(visits.get(each), begun.get(each, 0), period) for each in cases}
    counts = await _counts(tx, cases, floors, period)
    texts = await news.texts_of(tx, list(cases))
    shown = [
        entry
        for idea in found
        if idea.id in cases
        if (entry := _entry(idea, counts.get(idea.id, []), visits.get(idea.id), texts)) is not None
    ]
    return sorted(shown, key=lambda entry: entry.at, reverse=True)


async def _counts(
    tx: Transaction,
    cases: Mapping[UUID, Case],
    floors: Mapping[UUID, int],
    period: Period | None,
) -> dict[UUID, list[Counted]]:
    found: dict[UUID, list[Counted]] = {}
    if not cases:
        return found
    reader = reader_at(cases)
    to_event, since = (period.to_event, period.since) if period else (None, None)
    for each in await news.counted(tx, reader, floors, up_to=to_event, since=since):
        found.setdefault(each.idea_id, []).append(each)
    return found


def reader_at(cases: Mapping[UUID, Case]) -> Reader:
    """Whose news it is at these ideas."""
    some = next(iter(cases.values()))
    at_home = frozenset(idea_id for idea_id, case in cases.items() if knows_more(case))
    return Reader(some.person_id, at_home)


def by_heading(counts: Sequence[Counted]) -> dict[Heard, int]:
    """How much there is under each heading."""
    found: dict[Heard, int] = {}
    for each in counts:
        found[HEARD[each.kind]] = found.get(HEARD[each.kind], 0) + each.count
    return found


def _floor(visit: Visit | None, begun: int, period: Period | None) -> int:
    known = max(visit.seen.event if visit else 0, begun)
    return max(known, period.after_event) if period else known


def _entry(
    idea: Idea, counts: Sequence[Counted], visit: Visit | None, texts: Mapping[UUID, str]
) -> Entry | None:
    seen = visit.seen if visit else None
    text_changed = seen is not None and texts.get(idea.id, seen.version.sha256) != (
        seen.version.sha256
    )
    if not counts and not text_changed:
        return None
    at = max((each.at for each in counts), default=idea.active_at)
    return Entry(idea, text_changed, by_heading(counts), at, seen.at if seen else None)
