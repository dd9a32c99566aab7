"""Slow mode of an idea: set, ended, over, and asked for by whoever contributes."""

from datetime import datetime, timedelta
from uuid import UUID

from collab.errors import NotFound
from collab.process.abuse.slow import check_slow, require_turn, wait_s
from collab.process.actors import IDEA_ROLES, Actor
from collab.process.events.conduct.abuse import SlowModeEnded, SlowModeSet
from collab.process.events.event import is_public
from collab.process.permissions import Action
from server.actions.cases import Case, acting_case, tell
from server.services import Services
from storage import documents, events, ideas
from storage.abuse import slow
from storage.abuse.slow import SlowMode
from storage.database import Transaction


async def set_slow_mode(
    services: Services, actor: Actor, ref: str, *, seconds: int, hours: int, reason: str
) -> None:
    """Let people outside the team contribute once in so many seconds, for so many hours."""
    stored, now = check_slow(seconds, hours, reason), services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.SET_SLOW_MODE)
        await slow.begin(
            tx,
            case.idea.id,
            seconds=seconds,
            reason=stored,
            by=case.person_id,
            now=now,
            until=now + timedelta(hours=hours),
        )
        event = await tell(tx, case, SlowModeSet(seconds, hours, stored), now)
    await services.announcer.announce([event])


async def end_slow_mode(services: Services, actor: Actor, ref: str) -> None:
    """End slow mode before its time.

    Raises:
        NotFound: (not-slow) there is none.
    """
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.SET_SLOW_MODE)
        if not await slow.end(tx, case.idea.id):
            raise NotFound("not-slow")
        event = await tell(tx, case, SlowModeEnded("ended"), services.clock())
    await services.announcer.announce([event])


async def expire(services: Services, idea_id: UUID) -> None:
    """End slow mode whose time is over; nothing if it is not, or was ended."""
    now = services.clock()
    async with services.database.read() as tx:
        idea = await ideas.get(tx, idea_id)
    assert idea is not None, "ideas are not deleted"
    async with services.database.write() as tx:
        await documents.lock_heads(tx, [idea.document_id])
        mode, idea = await slow.of_idea(tx, idea_id), await ideas.get(tx, idea_id)
        assert idea is not None, "ideas are not deleted"
        if mode is None or mode.until > now:
            return
        await slow.end(tx, idea_id)
        fact = SlowModeEnded("over")
        public = is_public(fact, idea.stage)
        event = await events.append(
            tx, fact, idea_id=idea_id, actor_id=None, public=public, now=now
        )
    await services.announcer.announce([event])


async def take_turn(tx: Transaction, case: Case, now: datetime) -> None:
    """Contribute now, in the transaction of whatever is contributed.

    Raises:
        Limited: (slow-mode) it is not the actor's turn; ``retry_after_s`` says when it is.
    """
    mode = await slow_mode(tx, case, now)
    if mode is None or is_free(case):
        return
    require_turn(await slow.last_turn(tx, case.idea.id, case.person_id), mode.seconds, now)
    await slow.take_turn(tx, case.idea.id, case.person_id, now)


async def slow_mode(tx: Transaction, case: Case, now: datetime) -> SlowMode | None:
    """Slow mode at the idea, if it lasts."""
    mode = await slow.of_idea(tx, case.idea.id)
    return mode if mode is not None and mode.until > now else None


async def waits(tx: Transaction, case: Case, mode: SlowMode, now: datetime) -> int:
    """How many seconds the actor waits until his next turn."""
    if is_free(case) or case.actor.person_id is None:
        return 0
    return wait_s(await slow.last_turn(tx, case.idea.id, case.person_id), mode.seconds, now)


def is_free(case: Case) -> bool:
    """Whether slow mode is not for the actor: he is of the team, or keeps order here."""
    return bool(case.actor.roles & IDEA_ROLES) or case.may(Action.SET_SLOW_MODE)
