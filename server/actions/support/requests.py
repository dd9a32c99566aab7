"""Asking for support, answering, and saying what came of it."""

from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import Actor
from collab.process.calendar.deadlines import Span, due, is_over
from collab.process.events.event import is_public
from collab.process.events.support import SupportAsked, SupportEscalated, SupportMoved
from collab.process.permissions import Action
from collab.process.support.requests import (
    OPEN,
    SupportAct,
    SupportKind,
    SupportState,
    after,
    check_text,
    check_words,
)
from server.actions.cases import acting_case, tell
from server.auth import limits
from server.services import Services
from storage import documents, events, ideas
from storage.process import support
from storage.process.support import SupportRequest


async def ask(
    services: Services, actor: Actor, ref: str, *, kind: str, text: str
) -> SupportRequest:
    """Ask for support; it is to be answered and done within the agreed working days."""
    await services.limiter.hit(limits.OFFER_PER_PERSON, "support", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.ASK_SUPPORT)
        if kind not in set(SupportKind):
            raise Invalid(fields={"kind": "unknown-choice"})
        row = await support.add(
            tx,
            id=uuid4(),
            idea_id=case.idea.id,
            kind=kind,
            text=check_text(text),
            asked_by=case.person_id,
            asked_at=now,
            due_at=due(now, Span(services.settings.support_working_days)),
        )
        event = await tell(tx, case, SupportAsked(row.id, kind), now)
    await services.announcer.announce([event])
    return row


async def answer(
    services: Services, actor: Actor, ref: str, request_id: UUID, *, act: SupportAct, text: str
) -> SupportRequest:
    """Accept a request, decline it with a reason, or say what came of it.

    Raises:
        Conflict: (support-moved) somebody was quicker.
    """
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.GIVE_SUPPORT)
        row = await support.get(tx, request_id)
        if row is None or row.idea_id != case.idea.id:
            raise NotFound("support-not-found")
        state, said = after(SupportState(row.state), act), check_words(act, text)
        who = {"by": case.person_id, "at": now}
        values = (
            {"result": said, "done_by": who["by"], "done_at": now}
            if act is SupportAct.FINISH
            else {"answer": said, "answered_by": who["by"], "answered_at": now}
        )
        if not await support.change(tx, row.id, row.state, state=state, **values):
            raise Conflict("support-moved", current=row.state, act=act.value)
        event = await tell(tx, case, SupportMoved(row.id, state.value, said), now)
    await services.announcer.announce([event])
    async with services.database.read() as tx:
        found = await support.get(tx, request_id)
    assert found is not None, "requests are not deleted"
    return found


async def escalate(services: Services, request_id: UUID) -> None:
    """Say once that a request has been open for too long; nothing if it is not, or was said."""
    now = services.clock()
    async with services.database.read() as tx:
        found = await support.get(tx, request_id)
        idea = await ideas.get(tx, found.idea_id) if found else None
    assert idea is not None, "a request is made at an idea"
    async with services.database.write() as tx:
        await documents.lock_heads(tx, [idea.document_id])
        row, idea = await support.get(tx, request_id), await ideas.get(tx, idea.id)
        assert row is not None, "requests are not deleted"
        assert idea is not None, "ideas are not deleted"
        is_due = row.state in OPEN and is_over(row.due_at, now)
        if not is_due or row.escalated_at is not None:
            return
        await support.change(tx, row.id, row.state, escalated_at=now)
        fact = SupportEscalated(row.id)
        event = await events.append(
            tx,
            fact,
            idea_id=idea.id,
            actor_id=None,
            public=is_public(fact, idea.stage),
            now=now,
        )
    await services.announcer.announce([event])
