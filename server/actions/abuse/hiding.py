"""Hiding what somebody wrote with a statement of reasons, and showing it again."""

from datetime import datetime
from uuid import uuid4

from collab.errors import Conflict, NotFound
from collab.process.abuse.hidings import AppealState
from collab.process.abuse.reports import (
    Ground,
    Target,
    check_ground,
    check_reason,
    check_target,
    require_impartial,
)
from collab.process.actors import Actor
from collab.process.following.notices import NoticeReason
from collab.process.permissions import Action
from server.actions.abuse import facts
from server.actions.abuse.closing import close_about
from server.actions.cases import Case, acting_case, tell
from server.actions.following.addressing import address
from server.services import Services
from storage.abuse import contents, hidings
from storage.abuse.contents import Contribution
from storage.abuse.hidings import Hiding
from storage.database import Transaction
from storage.events import StoredEvent

NOT_THERE = {
    Target.COMMENT: "comment-not-found",
    Target.SUGGESTION: "suggestion-not-found",
    Target.REQUIREMENT: "requirement-unknown",
}


async def hide(
    services: Services,
    actor: Actor,
    ref: str,
    target: str,
    target_id: str,
    *,
    reason: str,
    ground: str = Ground.OTHER,
) -> None:
    """Hide it from everybody but its author and the moderators; the author reads why.

    Raises:
        Invalid: nothing of that kind can be hidden, or reason or ground is faulty.
        NotFound: there is no such contribution at the idea.
        Conflict: (already-hidden) somebody was quicker.
        NotAllowed: (own-content) nobody hides what is his own; he can take it back.
    """
    kind, stored_reason, rule = check_target(target), check_reason(reason), check_ground(ground)
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.HIDE_COMMENT)
        found = await contribution_at(tx, case, kind, target_id)
        told = await hide_in(tx, case, found, rule, stored_reason, now)
    await services.announcer.announce(told)


async def hide_in(
    tx: Transaction, case: Case, found: Contribution, ground: Ground, reason: str, now: datetime
) -> list[StoredEvent]:
    """Hide it in a transaction that has locked its idea; open reports end with it."""
    require_impartial(case.person_id, concerned=found.author_id, is_of_team=False)
    if found.hidden_at is not None:
        raise Conflict("already-hidden")
    await contents.hide(tx, found, case.person_id, reason, now)
    await hidings.add(
        tx,
        found.target,
        found.id,
        id=uuid4(),
        idea_id=case.idea.id,
        author_id=found.author_id,
        by=case.person_id,
        ground=ground.value,
        reason=reason,
        at=now,
    )
    event = await tell(tx, case, facts.hidden(found.target, found.id, reason), now)
    await address(tx, event, [found.author_id], NoticeReason.HIDDEN)
    return [event, *await close_about(tx, case, found.target, found.id, reason, now)]


async def show(
    services: Services, actor: Actor, ref: str, target: str, target_id: str, *, reason: str
) -> None:
    """Show what is hidden again, for a reason; an open appeal is granted by that.

    Raises:
        Conflict: (not-hidden) somebody was quicker.
        NotAllowed: (own-content) it is the actor's own.
    """
    kind, stored_reason, now = check_target(target), check_reason(reason), services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.HIDE_COMMENT)
        found, hiding = await hidden_at(tx, case, kind, target_id)
        require_impartial(case.person_id, concerned=found.author_id, is_of_team=False)
        if hiding.appeal_state == AppealState.OPEN:
            told = await grant_in(tx, case, found, hiding, stored_reason, now)
        else:
            told = [await show_in(tx, case, found, hiding, stored_reason, now)]
            await address(tx, told[0], [found.author_id], NoticeReason.HIDDEN)
    await services.announcer.announce(told)


async def grant_in(
    tx: Transaction, case: Case, found: Contribution, hiding: Hiding, reason: str, now: datetime
) -> list[StoredEvent]:
    """Grant the open appeal: what was hidden is shown again, and its author is told."""
    answered = await answer_in(tx, case, found, hiding, AppealState.GRANTED, reason, now)
    return [answered, await show_in(tx, case, found, hiding, reason, now)]


async def answer_in(
    tx: Transaction,
    case: Case,
    found: Contribution,
    hiding: Hiding,
    state: AppealState,
    reason: str,
    now: datetime,
) -> StoredEvent:
    """Answer the open appeal."""
    if not await hidings.settle(
        tx, hiding.id, state=state, answer=reason, by=case.person_id, now=now
    ):
        raise Conflict("appeal-decided")
    fact = facts.appeal_decided(found.target, found.id, state.value, reason)
    event = await tell(tx, case, fact, now)
    await address(tx, event, [hiding.author_id], NoticeReason.APPEAL)
    return event


async def show_in(
    tx: Transaction, case: Case, found: Contribution, hiding: Hiding, reason: str, now: datetime
) -> StoredEvent:
    """Show it again."""
    if not await hidings.close(tx, hiding.id, reason=reason, by=case.person_id, now=now):
        raise Conflict("not-hidden")
    await contents.show(tx, found)
    return await tell(tx, case, facts.shown(found.target, found.id, reason), now)


async def hidden_at(
    tx: Transaction, case: Case, target: Target, target_id: str
) -> tuple[Contribution, Hiding]:
    """What is hidden now, with why.

    Raises:
        NotFound: there is no such contribution at the idea.
        Conflict: (not-hidden) it can be read.
    """
    found = await contribution_at(tx, case, target, target_id)
    hiding = await hidings.latest(tx, case.idea.id, target, found.id)
    if found.hidden_at is None or hiding is None or hiding.shown_at is not None:
        raise Conflict("not-hidden")
    return found, hiding


async def contribution_at(
    tx: Transaction, case: Case, target: Target, target_id: str
) -> Contribution:
    """The contribution if it belongs to the idea and was not taken back."""
    found = await contents.contribution(tx, case.idea.id, target, target_id)
    if found is None or found.is_gone:
        raise NotFound(NOT_THERE.get(target, ""))
    return found
