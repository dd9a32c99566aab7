"""Linking two ideas, and taking the link away again; both learn of it.

An idea that not everybody may read leaves no trace at the other one, not even in its log.
"""

from datetime import datetime

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import Actor, Role
from collab.process.events.event import Event, is_public
from collab.process.events.ties.linking import IdeasLinked, IdeasUnlinked
from collab.process.linking.links import BY_HAND, End, LinkKind, check_link
from collab.process.permissions import Action
from collab.process.processes import access_of
from collab.process.stages import StageAccess
from server.actions.cases import Case, acting_case, open_case, tell
from server.auth import limits
from server.services import Services
from storage import events, ideas
from storage.database import Transaction
from storage.events import StoredEvent
from storage.process.ties import linking
from storage.tables.ideas import Idea


async def link(services: Services, actor: Actor, ref: str, *, kind: str, to: str) -> None:
    """Link idea ``ref`` to idea ``to``; being linked so already changes nothing.

    Raises:
        Invalid: there is no such idea or kind, or the two do not fit.
        Conflict: (linked-reversed) they are linked like that the other way round.
    """
    await services.limiter.hit(limits.LINK_IDEAS_PER_PERSON, "link", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.LINK_IDEAS)
        other = await _other(tx, actor, to)
        told = await link_cases(tx, case, other, kind, services.clock())
    await services.announcer.announce(told)


async def link_cases(
    tx: Transaction, case: Case, other: Idea, kind: str, now: datetime
) -> list[StoredEvent]:
    """Write a link that people may make, and its events; none if it is there already."""
    idea = case.idea
    reverse = await linking.get(tx, other.id, idea.id, kind)
    one, two = End(idea.id, idea.kind), End(other.id, other.kind)
    found = check_link(kind, one, two, is_there_reversed=reverse is not None)
    if not await linking.add(tx, idea.id, other.id, found, by=case.person_id, now=now):
        return []
    await ideas.touch(tx, idea.id, now)
    return await tell_both(tx, case, other, IdeasLinked(found, idea.ref, other.ref), now)


async def begin_linked(
    tx: Transaction, actor: Actor, idea: Idea, kind: LinkKind, to: str, now: datetime
) -> list[StoredEvent]:
    """Link an idea that the actor has just brought in."""
    case = Case(idea, actor.with_roles({Role.AUTHOR}))
    return await link_cases(tx, case, await _other(tx, actor, to), kind, now)


async def unlink(services: Services, actor: Actor, ref: str, *, kind: str, to: str) -> None:
    """Take a link away that people made; that it was there stays in both logs.

    Raises:
        NotFound: (not-linked) they are not linked so.
        Conflict: (link-stays) a replica keeps its origin.
    """
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.LINK_IDEAS)
        other = await _other(tx, actor, to)
        if kind == LinkKind.REPLICATES:
            raise Conflict("link-stays")
        if kind not in BY_HAND or not await linking.remove(tx, case.idea.id, other.id, kind):
            raise NotFound("not-linked")
        fact = IdeasUnlinked(kind, case.idea.ref, other.ref)
        told = await tell_both(tx, case, other, fact, now)
    await services.announcer.announce(told)


async def tell_both(
    tx: Transaction, case: Case, other: Idea, fact: Event, now: datetime
) -> list[StoredEvent]:
    """Tell of a link at each of its two ideas, if everybody may read the other one."""
    told: list[StoredEvent] = []
    if not is_private(other):
        told.append(await tell(tx, case, fact, now))
    if not is_private(case.idea):
        told.append(await tell_at(tx, other, case, fact, now))
    return told


async def tell_at(
    tx: Transaction, idea: Idea, case: Case, fact: Event, now: datetime
) -> StoredEvent:
    """Tell of an act of the case's actor at another idea."""
    return await events.append(
        tx,
        fact,
        idea_id=idea.id,
        actor_id=case.actor.person_id,
        public=is_public(fact, idea.stage),
        now=now,
    )


def is_private(idea: Idea) -> bool:
    """Whether only its team and moderators may read the idea."""
    return access_of(idea.stage) is StageAccess.PRIVATE


async def _other(tx: Transaction, actor: Actor, ref: str) -> Idea:
    """The idea at the other end, which the actor must be able to read."""
    try:
        return (await open_case(tx, actor, ref.strip())).idea
    except NotFound:
        raise Invalid(fields={"to": "unknown-idea"}) from None
