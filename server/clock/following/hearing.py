"""What the log holds for followers: what calls for them, and what may fit a saved search.

Ordinary events are not written down for anybody; only a lead that was given back, and an idea that
stands still, are addressed to followers themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.process.board.stalled import is_stalled, quiet_since
from collab.process.events.event import INBOX_TOPIC, is_public
from collab.process.events.ties.following import IdeaStalled
from collab.process.following.notices import NoticeReason
from collab.process.processes import access_of, every_stage
from collab.process.responsibility.states import Part, State
from collab.process.stages import StageAccess
from server.actions.catalogues.today import today
from server.services import Services
from server.views.following.searches import filter_of
from storage import documents, events, ideas
from storage.database import Transaction
from storage.events import StoredEvent
from storage.following import marks, notices, searches, stalls

THE_LOG: Final = UUID("6c1f2c1e-7a0e-4c53-9d0f-5b9b5a6b1c01")
"""The one thing that the first job does."""

HEARD: Final = "heard"
EVENTS_PER_READ: Final = 500
READS_PER_TICK: Final = 20
ALERTS_MAX: Final = 20
"""So many ideas at most a search alerts to at a time; the newest."""


async def unheard(tx: Transaction, _now: datetime, _limit: int) -> Sequence[UUID]:
    """Whether the log goes on beyond what was heard."""
    return [THE_LOG] if await marks.watermark(tx, HEARD) < await events.last_id(tx) else []


async def hear(services: Services, _log: UUID) -> None:
    """Read on in the log, once however many processes do, and address what calls for followers."""
    for _ in range(READS_PER_TICK):
        async with services.database.write() as tx:
            found = await _read_on(tx)
            called = [each for each in found if gives_lead_back(each)]
            for each in called:
                reason = NoticeReason.LEAD_GIVEN_BACK
                await notices.add_for_followers(tx, each, reason, services.clock())
            told = await notices.addressed(tx, [each.id for each in called])
        services.live.tell_people(told, INBOX_TOPIC)
        if len(found) < EVENTS_PER_READ:
            return


async def _read_on(tx: Transaction) -> list[StoredEvent]:
    """The next events, which nobody else reads; what made an idea public is noted."""
    old = await marks.watermark(tx, HEARD)
    found = await events.since(tx, old, limit=EVENTS_PER_READ)
    if not found or not await marks.move_watermark(tx, HEARD, old, found[-1].id):
        return []
    published = [each.id for each in found if publishes(each)]
    if published:
        last = await marks.watermark(tx, searches.PUBLISHED)
        await marks.move_watermark(tx, searches.PUBLISHED, last, published[-1])
    return found


async def alert(services: Services, search_id: UUID) -> None:
    """Hold what was published against a saved search, and address what fits to who saved it."""
    now = services.clock()
    async with services.database.write() as tx:
        row = await searches.get(tx, search_id)
        last = await marks.watermark(tx, searches.PUBLISHED)
        if row is None or not await searches.looked(tx, row.id, row.looked_to, last):
            return
        published = await _published(tx, row.looked_to, last)
        fitting = await _fitting(tx, services, row.parameters, published)
        for each in fitting:
            if published[each].actor_id != row.person_id:
                await notices.add(
                    tx,
                    published[each].id,
                    [row.person_id],
                    NoticeReason.SEARCH_ALERT,
                    idea_id=each,
                    now=now,
                )
    if fitting:
        services.live.tell_people({row.person_id}, INBOX_TOPIC)


async def tell_stall(services: Services, idea_id: UUID) -> None:
    """Tell the followers that the idea stands still; once for each time of rest (AC-A4b)."""
    now = services.clock()
    async with services.database.write() as tx:
        idea = await ideas.get(tx, idea_id)
        assert idea is not None, "ideas are not deleted"
        await documents.lock_heads(tx, [idea.document_id])
        idea = await ideas.get(tx, idea_id)
        assert idea is not None, "ideas are not deleted"
        stage = every_stage().get(idea.stage)
        if stage is None or not is_stalled(stage, idea.active_at, now):
            return
        if not await marks.tell_stall(tx, idea.id, idea.active_at):
            return
        fact = IdeaStalled((now - idea.active_at).days)
        is_open = is_public(fact, idea.stage)
        event = await events.append(
            tx, fact, idea_id=idea.id, actor_id=None, public=is_open, now=now
        )
        await notices.add_for_followers(tx, event, NoticeReason.STALLED, now)
    await services.announcer.announce([event])


async def stalled(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
    """Ideas that stand still and of whose rest nobody was told."""
    return await stalls.untold(tx, quiet_since(every_stage().values(), now), limit)


def gives_lead_back(event: StoredEvent) -> bool:
    """Whether the idea looks for a lead again (AC-A7b); handing over leaves no gap."""
    return (
        event.kind == "responsibility_ended"
        and event.payload.get("part") == Part.LEAD
        and event.payload.get("state") == State.RELEASED
    )


def publishes(event: StoredEvent) -> bool:
    """Whether everybody may read the idea since this event."""
    if not event.public:
        return False
    if event.kind == "idea_created":
        return True
    came_from = str(event.payload.get("from_stage", ""))
    return event.kind == "stage_changed" and access_of(came_from) is StageAccess.PRIVATE


async def _published(tx: Transaction, after: int, up_to: int) -> dict[UUID, StoredEvent]:
    """What made ideas public between these events, by idea; of very many the newest."""
    kinds = ("stage_changed", "idea_created")
    found = await events.latest(tx, kinds=kinds, before=up_to + 1, limit=EVENTS_PER_READ)
    return {
        each.idea_id: each
        for each in found
        if each.idea_id is not None and each.id > after and publishes(each)
    }


async def _fitting(
    tx: Transaction, services: Services, parameters: str, published: Iterable[UUID]
) -> list[UUID]:
    """Those of the ideas that the search finds."""
    wanted, only = await filter_of(tx, parameters, today(services)), frozenset(published)
    if not only or wanted is None:
        return []
    found = await ideas.page(tx, replace(wanted, only=only), limit=ALERTS_MAX)
    return [idea.id for idea in found.ideas]
