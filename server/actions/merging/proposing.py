"""Asking whether one idea may go on in another one, answering, and taking the question back."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import Actor
from collab.process.events.ties.merging import MergeAnswered, MergeProposed, MergeWithdrawn
from collab.process.following.notices import NoticeReason
from collab.process.merging.rules import (
    Answer,
    MergeState,
    asked,
    check_answer,
    check_proposal,
    check_reason,
    consents,
)
from collab.process.permissions import Action, require
from server.actions.cases import Case, open_case
from server.actions.following.addressing import address
from server.actions.merging.telling import tell_both
from server.auth import limits
from server.services import Services
from storage import documents, ideas
from storage.database import Transaction
from storage.process.ties import merging
from storage.process.ties.merging import IdeaMerge


@dataclass(frozen=True, slots=True)
class Asked:
    """A merge with its two ideas, as one actor meets them."""

    row: IdeaMerge
    source: Case
    target: Case

    @property
    def refs(self) -> tuple[str, str]:
        """The references of both, that of the source first."""
        return self.source.idea.ref, self.target.idea.ref


async def propose(services: Services, actor: Actor, ref: str, *, to: str, reason: str) -> IdeaMerge:
    """Propose that idea ``ref`` goes on in idea ``to``; those who answer for both are asked.

    A member of either team may, and a moderator. Whoever proposes it and is among those who are
    asked has agreed by that.

    Raises:
        Invalid: there is no such idea, it is the same or closed, or the reason is faulty.
        Conflict: (merge-asked) it is asked for already; (no-way-to-merge) the process of the idea
            has no such way from here.
    """
    stored_reason = check_reason(reason)
    await services.limiter.hit(limits.LINK_IDEAS_PER_PERSON, "link", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        source, target = await _both(tx, actor, ref, to)
        if not target.may(Action.PROPOSE_MERGE):
            require(Action.PROPOSE_MERGE, source.actor, source.idea.stage)
        check_proposal(
            source.process,
            kind=source.idea.kind,
            stages=(source.idea.stage, target.idea.stage),
            is_same=source.idea.id == target.idea.id,
            living=await merging.living_states(tx, source.idea.id),
        )
        found = consents(
            asked(await _team(tx, source)), asked(await _team(tx, target)), source.person_id
        )
        row = await merging.add(
            tx,
            found,
            id=uuid4(),
            source_id=source.idea.id,
            target_id=target.idea.id,
            reason=stored_reason,
            proposed_by=source.person_id,
            proposed_at=now,
        )
        fact = MergeProposed(row.id, source.idea.ref, target.idea.ref)
        told = await tell_both(tx, source, target.idea, fact, now)
        people = [each.person_id for each in found if each.answer is None]
        await address(tx, told[0], people, NoticeReason.MERGE_ASKED)
    await services.announcer.announce(told)
    return row


async def answer(
    services: Services, actor: Actor, ref: str, merge_id: UUID, *, said: str, note: str = ""
) -> IdeaMerge:
    """Answer as one of those who are asked; a no ends it, a yes can still become one.

    Raises:
        NotAllowed: (merge-not-asked) he is none of them.
        Conflict: (merge-over) it has ended, or was carried out.
        Invalid: the answer is unknown, or the no says no reason.
    """
    found, stored_note = check_answer(said, note)
    await services.limiter.hit(limits.LINK_IDEAS_PER_PERSON, "link", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        both = await locked_merge(tx, actor, ref, merge_id)
        _require_asked(both)
        require(Action.ANSWER_MERGE, both.source.actor, both.source.idea.stage)
        person_id = both.source.person_id
        if not await merging.answer(tx, merge_id, person_id, found, stored_note, now):
            raise NotAllowed("merge-not-asked")
        if found is Answer.NO:
            await merging.end(
                tx,
                merge_id,
                before=MergeState.ASKED,
                state=MergeState.DECLINED,
                by=person_id,
                reason=stored_note,
                now=now,
            )
        fact = MergeAnswered(merge_id, *both.refs, found.value)
        told = await tell_both(tx, both.source, both.target.idea, fact, now)
        if both.row.proposed_by != person_id:
            await address(tx, told[0], [both.row.proposed_by], NoticeReason.MERGE_ANSWERED)
        row = await merging.get(tx, merge_id)
    await services.announcer.announce(told)
    assert row is not None, "merges are not deleted"
    return row


async def withdraw(
    services: Services, actor: Actor, ref: str, merge_id: UUID, *, reason: str = ""
) -> None:
    """Take the question back, as who asked it or a moderator.

    Raises:
        NotAllowed: it is not his. Conflict: (merge-over) it has ended, or was carried out.
    """
    stored_reason = check_reason(reason) if reason.strip() else ""
    now = services.clock()
    async with services.database.write() as tx:
        both = await locked_merge(tx, actor, ref, merge_id)
        _require_asked(both)
        if not may_withdraw(both):
            raise NotAllowed("merge-not-yours")
        await merging.end(
            tx,
            merge_id,
            before=MergeState.ASKED,
            state=MergeState.WITHDRAWN,
            by=both.source.person_id,
            reason=stored_reason,
            now=now,
        )
        fact = MergeWithdrawn(merge_id, *both.refs)
        told = await tell_both(tx, both.source, both.target.idea, fact, now)
    await services.announcer.announce(told)


def may_withdraw(both: Asked) -> bool:
    """Whose it is to take back: who asked, or who moderates."""
    own = both.source.actor.person_id == both.row.proposed_by
    return (own and not both.source.actor.suspended) or both.source.may(Action.HIDE_COMMENT)


async def merge_of(tx: Transaction, actor: Actor, ref: str, merge_id: UUID) -> Asked:
    """The merge at one end of which the idea ``ref`` is.

    Raises:
        NotFound: (merge-unknown) there is none, or one of its ideas is not for him.
    """
    case = await open_case(tx, actor, ref)
    row = await merging.get(tx, merge_id)
    if row is None or case.idea.id not in (row.source_id, row.target_id):
        raise NotFound("merge-unknown")
    known = {each.id: each.ref for each in await ideas.of_ids(tx, [row.source_id, row.target_id])}
    source, target = [
        await open_case(tx, actor, known[each]) for each in (row.source_id, row.target_id)
    ]
    return Asked(row, source, target)


async def locked_merge(tx: Transaction, actor: Actor, ref: str, merge_id: UUID) -> Asked:
    """The same for an act: nobody else acts at either idea until ``tx`` ends.

    Raises:
        NotAllowed: he is not signed in.
    """
    both = await merge_of(tx, actor, ref, merge_id)
    heads = [both.source.idea.document_id, both.target.idea.document_id]
    await documents.lock_heads(tx, heads)
    both = await merge_of(tx, actor, ref, merge_id)
    if both.source.actor.person_id is None:
        raise NotAllowed("sign-in-required")
    return both


def _require_asked(both: Asked) -> None:
    if both.row.state != MergeState.ASKED:
        raise Conflict("merge-over", current=both.row.state)


async def _both(tx: Transaction, actor: Actor, ref: str, to: str) -> tuple[Case, Case]:
    """Both ideas, locked; raises Invalid for one that he may not read."""
    found = [await ideas.by_ref(tx, each.strip()) for each in (ref, to)]
    await documents.lock_heads(tx, [each.document_id for each in found if each is not None])
    source = await open_case(tx, actor, ref)
    if source.actor.person_id is None:
        raise NotAllowed("sign-in-required")
    try:
        return source, await open_case(tx, actor, to.strip())
    except NotFound:
        require(Action.PROPOSE_MERGE, source.actor, source.idea.stage)
        raise Invalid(fields={"to": "unknown-idea"}) from None


async def _team(tx: Transaction, case: Case) -> list[tuple[UUID, str]]:
    roles = (await ideas.team(tx, [case.idea.id])).get(case.idea.id, [])
    return [(each.person_id, each.role) for each in roles]
