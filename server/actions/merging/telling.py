"""What people are told of merges: at both ideas, and whom it concerns himself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.process.events.event import Event
from collab.process.events.ties.merging import IdeasMerged, IdeasUnmerged
from collab.process.following.notices import NoticeReason
from server.actions.cases import Case, tell
from server.actions.linking.links import tell_at
from storage import ideas
from storage.database import Transaction
from storage.events import StoredEvent
from storage.following import follows, notices
from storage.ideas import Idea
from storage.merging import parts
from storage.merging.parts import Kind

TOLD_MAX: Final = 10_000
"""So many people at most hear of one merge because it concerns them themselves."""

NOTICES_AT_ONCE: Final = 500


async def tell_both(
    tx: Transaction, case: Case, other: Idea, fact: Event, now: datetime
) -> list[StoredEvent]:
    """Tell of something at the case and at the other idea."""
    return [await tell(tx, case, fact, now), await tell_at(tx, other, case, fact, now)]


async def tell_target(
    tx: Transaction, case: Case, facts: Sequence[Event], now: datetime
) -> list[StoredEvent]:
    """If an act at the case has merged or separated it: tell the other idea, and the people.

    Whose judgement went along is asked to look at it there; who wrote, spoke or followed is told.
    """
    fact = next((each for each in facts if isinstance(each, IdeasMerged | IdeasUnmerged)), None)
    if fact is None:
        return []
    target = await ideas.by_ref(tx, fact.target_ref)
    assert target is not None, "the act has just changed it"
    event = await tell_at(tx, target, case, fact, now)
    if isinstance(fact, IdeasMerged):
        judged = await parts.of_kind(tx, fact.merge_id, Kind.JUDGEMENT)
        said = await parts.of_kind(tx, fact.merge_id, Kind.COMMENT)
        judges, spoke = {each.person_id for each in judged}, {each.person_id for each in said}
        await _address(tx, event, judges, NoticeReason.JUDGEMENT_MOVED)
        told = [*await _of_idea(tx, case.idea.id), *spoke]
        others = [each for each in told if each not in judges]
        await _address(tx, event, others, NoticeReason.MERGED)
    return [event]


async def _of_idea(tx: Transaction, idea_id: UUID) -> list[UUID]:
    """The team and whoever follows the idea."""
    team = (await ideas.team(tx, [idea_id])).get(idea_id, [])
    following = await follows.followers(tx, idea_id, TOLD_MAX)
    return [*(each.person_id for each in team), *following]


async def _address(
    tx: Transaction, event: StoredEvent, people: Iterable[UUID | None], reason: NoticeReason
) -> None:
    wanted = dict.fromkeys(each for each in people if each not in (None, event.actor_id))
    others = [each for each in wanted if each is not None][:TOLD_MAX]
    for start in range(0, len(others), NOTICES_AT_ONCE):
        some = others[start : start + NOTICES_AT_ONCE]
        await notices.add(tx, event.id, some, reason, idea_id=event.idea_id, now=event.at)
