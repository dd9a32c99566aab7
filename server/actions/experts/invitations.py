"""Asking somebody who knows, answering, taking the question back, and its lapsing by itself."""

from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import Actor
from collab.process.alignment.statements import FIELDS_OF_ACTION
from collab.process.events.asking.experts import ExpertAnswered, ExpertInvited
from collab.process.events.event import is_public
from collab.process.experts import invitations as rules
from collab.process.experts.invitations import InvitationAnswer, InvitationState
from collab.process.experts.matching import reasons_for
from collab.process.following.notices import NoticeReason
from collab.process.permissions import Action
from server.actions.cases import Case, acting_case, tell
from server.actions.catalogues.today import today
from server.actions.experts.suggesting import asked_values, known_of, wanted_by
from server.actions.facts.case import team_ids
from server.actions.following.addressing import address
from server.auth import limits
from server.services import Services
from storage import documents, events, ideas, people
from storage.database import Transaction
from storage.experts import invitations, profiles
from storage.experts.invitations import ExpertInvitation
from storage.process import catalogues
from storage.talk import comments


async def invite(
    services: Services,
    actor: Actor,
    ref: str,
    *,
    handle: str,
    note: str,
    question: str = "",
    comment_id: UUID | None = None,
) -> ExpertInvitation:
    """Ask a person who may be asked; he learns who asks, and why.

    Raises:
        Invalid: the note, the question, the handle or the comment is faulty.
        Conflict: he is not to be asked, here or now; the code says why.
    """
    said, asked = rules.check_words(note, question)
    await services.limiter.hit(limits.ASK_PER_PERSON, "ask-expert", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.INVITE_EXPERT)
        person_id, reasons = await _askable(services, tx, case, handle)
        await _require_comment(tx, case, comment_id)
        row = await invitations.add(
            tx,
            id=uuid4(),
            idea_id=case.idea.id,
            person_id=person_id,
            note=said,
            question=asked,
            comment_id=comment_id,
            reasons=reasons,
            invited_by=case.person_id,
            invited_at=now,
            due_at=now + rules.LAPSES_AFTER,
        )
        event = await tell(tx, case, ExpertInvited(row.id, person_id), now)
        await address(tx, event, [person_id], NoticeReason.INVITED)
    await services.announcer.announce([event])
    return row


async def answer(
    services: Services, actor: Actor, ref: str, invitation_id: UUID, *, act: str, text: str
) -> ExpertInvitation:
    """Say yes or no to one's own invitation. A yes appoints to nothing.

    Raises:
        NotFound: it is not his.
        Conflict: (invitation-moved) it is no longer open.
    """
    if act not in set(InvitationAnswer):
        raise Invalid(fields={"act": "unknown-choice"})
    said, state = rules.check_answer(text), rules.AFTER[InvitationAnswer(act)]
    await services.limiter.hit(limits.ASK_PER_PERSON, "ask-expert", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.ANSWER_INVITATION)
        row = await _of(tx, case, invitation_id)
        if row.person_id != case.person_id:
            raise NotFound("invitation-not-found")
        event = await _settle(services, tx, case, row, state, said)
    await services.announcer.announce([event])
    return await _again(services, invitation_id)


async def withdraw(
    services: Services, actor: Actor, ref: str, invitation_id: UUID
) -> ExpertInvitation:
    """Take an open invitation back."""
    await services.limiter.hit(limits.ASK_PER_PERSON, "ask-expert", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.INVITE_EXPERT)
        row = await _of(tx, case, invitation_id)
        event = await _settle(services, tx, case, row, InvitationState.WITHDRAWN, "")
    await services.announcer.announce([event])
    return await _again(services, invitation_id)


async def lapse(services: Services, invitation_id: UUID) -> None:
    """Let an invitation lapse that nobody answered in time; nothing if it is not due."""
    now = services.clock()
    async with services.database.read() as tx:
        found = await invitations.get(tx, invitation_id)
        idea = await ideas.get(tx, found.idea_id) if found else None
    if idea is None:
        return
    async with services.database.write() as tx:
        await documents.lock_heads(tx, [idea.document_id])
        row, idea = await invitations.get(tx, invitation_id), await ideas.get(tx, idea.id)
        if row is None or not rules.is_over(InvitationState(row.state), row.due_at, now):
            return
        assert idea is not None, "ideas are not deleted"
        state = InvitationState.LAPSED
        await invitations.change(tx, row.id, state=state, answered_at=now)
        fact = ExpertAnswered(row.id, row.person_id, state.value)
        public = is_public(fact, idea.stage)
        event = await events.append(
            tx, fact, idea_id=idea.id, actor_id=None, public=public, now=now
        )
    await services.announcer.announce([event])


async def _askable(
    services: Services, tx: Transaction, case: Case, handle: str
) -> tuple[UUID, list[dict[str, str]]]:
    """Whom the handle names, if he may be asked here and now, and the reasons to ask him."""
    person = await people.by_handle(tx, handle.strip())
    if person is None or person.erased_at is not None:
        raise Invalid(fields={"handle": "unknown-person"})
    await profiles.lock(tx, person.id)
    stored = await profiles.get(tx, person.id)
    known = await known_of(tx, case, [stored]) if stored else []
    rows = await invitations.of_idea(tx, case.idea.id)
    rules.check_invitation(
        asked_values(rows),
        person.id,
        in_team=person.id in await team_ids(tx, case.idea.id),
        may_be_asked=bool(known and stored and stored.profile.may_be_asked),
        open_elsewhere=await invitations.open_of(tx, person.id),
        now=services.clock(),
    )
    on = today(services)
    catalogue = await catalogues.current(tx, FIELDS_OF_ACTION, on)
    reasons = reasons_for(known[0], await wanted_by(tx, case, catalogue))
    return person.id, [{"kind": each.kind.value, "about": each.about} for each in reasons]


async def _require_comment(tx: Transaction, case: Case, comment_id: UUID | None) -> None:
    if comment_id is None:
        return
    comment = await comments.get(tx, comment_id)
    is_there = comment is not None and comment.idea_id == case.idea.id
    if not is_there or comment is None or comment.deleted_at or comment.hidden_at:
        raise Invalid(fields={"comment_id": "unknown-choice"})


async def _of(tx: Transaction, case: Case, invitation_id: UUID) -> ExpertInvitation:
    row = await invitations.get(tx, invitation_id)
    if row is None or row.idea_id != case.idea.id:
        raise NotFound("invitation-not-found")
    return row


async def _settle(
    services: Services,
    tx: Transaction,
    case: Case,
    row: ExpertInvitation,
    state: InvitationState,
    said: str,
) -> events.StoredEvent:
    now = services.clock()
    if not await invitations.change(tx, row.id, state=state, answer=said, answered_at=now):
        raise Conflict("invitation-moved", current=row.state)
    return await tell(tx, case, ExpertAnswered(row.id, row.person_id, state.value), now)


async def _again(services: Services, invitation_id: UUID) -> ExpertInvitation:
    async with services.database.read() as tx:
        found = await invitations.get(tx, invitation_id)
    assert found is not None, "it was there a moment ago"
    return found
