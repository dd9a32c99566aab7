"""Taking an official act back: an act of its own, in one transaction under the text's lock."""

from uuid import uuid4

from collab.errors import Conflict, NotFound
from collab.process.actors import Actor
from collab.process.events.ideas import StageChanged
from collab.process.gates.unmet import REASON_CHARS_MAX
from collab.process.permissions import Action, require
from collab.process.seam.undo import (
    UNDO,
    DoneAct,
    require_undoable,
    returns_to_fixed_text,
    way_of,
)
from collab.typed import checked
from server.actions.cases import Case, open_case, tell
from server.actions.live.exact_text import ExactText, exact_text
from server.actions.seam.statements import tell_concerned
from server.actions.stages import ATTEMPTS_MAX, is_head, record_of, somebody_was_first
from server.faces import faces
from server.services import Services
from storage import documents, ideas, stages
from storage.database import Transaction
from storage.events import StoredEvent
from storage.stages import StageChange


async def undo_act(
    services: Services, actor: Actor, ref: str, revision: int, *, reason: str
) -> StageChange:
    """Undo the act that led to ``revision``, if nothing has happened at the idea since.

    Raises:
        NotFound: there was no such act. NotAllowed: it is not his to undo.
        Conflict: (act-stands, act-followed, undo-over) it cannot be undone, or not any more;
            (text-moved) it would return to a text that is not the one it rested on;
            (stage-moved) somebody was first.
        Invalid: the reason is missing or too long.
    """
    stored_reason = checked(reason, "reason", REASON_CHARS_MAX)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.CHANGE_STAGE)
    for _ in range(ATTEMPTS_MAX):
        exact = await exact_text(services, case.idea.document_id)
        async with services.database.write() as tx:
            if not await is_head(tx, case.idea.document_id, exact.version):
                continue
            case = await open_case(tx, actor, ref)
            change = await _undoable(services, tx, case, revision, exact)
            require(Action.CHANGE_STAGE, case.actor, case.idea.stage)
            undone, event = await _move_back(services, tx, case, change, exact, stored_reason)
        await services.announcer.announce([event])
        await tell_concerned(services)
        return undone
    raise Conflict("text-moved", current=exact.version.to_json())


def done_act(change: StageChange, kind: str) -> DoneAct:
    """The act as the rule looks at it."""
    return DoneAct(
        transition=change.transition,
        from_stage=change.from_stage,
        to_stage=change.to_stage,
        kind=kind,
        revision=change.revision,
        actor_id=change.actor_id,
        office=change.office,
        sha256=change.sha256,
        at=change.at,
    )


async def _undoable(
    services: Services, tx: Transaction, case: Case, revision: int, exact: ExactText
) -> StageChange:
    """The act, if its idea and its text are still as it left them."""
    change = await stages.at_revision(tx, case.idea.id, revision)
    if change is None:
        raise NotFound
    act, now = done_act(change, case.idea.kind), services.clock()
    require_undoable(case.process, act, case.actor, revision=case.idea.revision, now=now)
    if returns_to_fixed_text(act) and act.sha256 != exact.version.sha256:
        raise Conflict("text-moved", current=exact.version.to_json())
    return change


async def _move_back(
    services: Services,
    tx: Transaction,
    case: Case,
    undone: StageChange,
    exact: ExactText,
    reason: str,
) -> tuple[StageChange, StoredEvent]:
    """Write the way back with a row of its own."""
    now, idea = services.clock(), case.idea
    source, target, revision = undone.to_stage, undone.from_stage, idea.revision
    way = way_of(case.process, done_act(undone, idea.kind))
    office = way.office(case.actor.effective_roles) if way else None
    face = (await faces(tx, [case.person_id]))[case.person_id]
    await exact.pin(tx, idea.document_id, services)
    if not await ideas.advance(tx, idea.id, revision, from_stage=source, to_stage=target, now=now):
        raise await somebody_was_first(tx, case)
    change = await stages.append(
        tx,
        change_id=uuid4(),
        idea_id=idea.id,
        transition=UNDO,
        from_stage=source,
        to_stage=target,
        reason=reason,
        actor_id=case.person_id,
        actor_name=case.actor.name,
        revision=revision + 1,
        version=exact.version,
        now=now,
        office=office,
        organisation=face.organisation,
        undoes=undone.revision,
    )
    await documents.bump_access(tx, idea.document_id)
    fact = StageChanged(UNDO, source, target, reason, exact.version)
    record = record_of(change, face.organisation_id)
    return change, await tell(tx, case, fact, now, stage=target, record=record)
