"""Objecting to a hiding, once, and the answer of somebody else than who hid."""

from dataclasses import dataclass

from collab.errors import Conflict, NotFound
from collab.process.abuse.hidings import (
    AppealState,
    check_appeal,
    require_appealable,
    require_other,
)
from collab.process.abuse.reports import Target, check_reason, check_target
from collab.process.actors import Actor
from collab.process.permissions import Action
from server.actions.abuse import facts
from server.actions.abuse.hiding import (
    NOT_THERE,
    answer_in,
    contribution_at,
    grant_in,
    hidden_at,
)
from server.actions.access import known
from server.actions.cases import Case, acting_case, open_case, tell
from server.auth import limits
from server.services import Services
from storage.abuse import hidings
from storage.abuse.contents import Contribution
from storage.abuse.hidings import Hiding


@dataclass(frozen=True, slots=True)
class Statement:
    """A hiding as those may read it whom it concerns."""

    case: Case
    contribution: Contribution
    hiding: Hiding

    @property
    def is_own(self) -> bool:
        return self.case.actor.person_id == self.contribution.author_id


async def statement_of(
    services: Services, actor: Actor, ref: str, target: str, target_id: str
) -> Statement:
    """The last hiding of a contribution, for its author, moderators and auditors.

    Raises:
        NotFound: it was never hidden, or is nothing to who asks.
    """
    known(actor)
    kind = check_target(target)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        contribution = await contribution_at(tx, case, kind, target_id)
        hiding = await hidings.latest(tx, case.idea.id, kind, contribution.id)
    if hiding is None:
        raise _not_found(kind)
    found = Statement(case, contribution, hiding)
    if not (found.is_own or case.may(Action.HIDE_COMMENT) or case.may(Action.READ_AUDIT)):
        raise _not_found(kind)
    return found


async def appeal(
    services: Services, actor: Actor, ref: str, target: str, target_id: str, *, words: str
) -> None:
    """Object to the hiding of what one wrote oneself.

    Raises:
        Conflict: (not-hidden, already-appealed, appeal-over) there is nothing to object to.
        NotFound: there is no such contribution of the actor's.
    """
    person_id, kind, stored = known(actor), check_target(target), check_appeal(words)
    await services.limiter.hit(limits.APPEAL_PER_PERSON, "appeal", str(person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.READ_IDEA)
        found = await contribution_at(tx, case, kind, target_id)
        hiding = await hidings.latest(tx, case.idea.id, kind, found.id)
        if hiding is None or found.author_id != person_id:
            raise _not_found(kind)
        require_appealable(
            hidden_at=hiding.at,
            is_hidden=hiding.shown_at is None,
            appealed=hiding.appeal_state is not None,
            now=now,
        )
        await hidings.appeal(tx, hiding.id, stored, now)
        event = await tell(tx, case, facts.appealed(kind, found.id), now)
    await services.announcer.announce([event])


async def answer_appeal(
    services: Services,
    actor: Actor,
    ref: str,
    target: str,
    target_id: str,
    *,
    granted: bool,
    reason: str,
) -> None:
    """Show it again, or leave it hidden, for a reason that its author reads.

    Raises:
        NotAllowed: (own-decision, own-content) somebody else must decide.
        Conflict: (appeal-decided, not-hidden) there is nothing to decide any more.
    """
    kind, stored, now = check_target(target), check_reason(reason), services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.HIDE_COMMENT)
        found, hiding = await hidden_at(tx, case, kind, target_id)
        require_other(case.person_id, hidden_by=hiding.by, author=found.author_id)
        if hiding.appeal_state != AppealState.OPEN:
            raise Conflict("appeal-decided")
        if granted:
            told = await grant_in(tx, case, found, hiding, stored, now)
        else:
            told = [await answer_in(tx, case, found, hiding, AppealState.REJECTED, stored, now)]
    await services.announcer.announce(told)


def _not_found(target: Target) -> NotFound:
    return NotFound(NOT_THERE.get(target, ""))
