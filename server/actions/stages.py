"""The official act: an idea changes its stage, bound to an exact text and to what was known.

The document's head is locked first, so nothing can be written between the check of the text and
the commit; typing that comes later meets the rights of the new stage.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid, NotAllowed
from collab.process.actors import Actor
from collab.process.audit.entry import digest_of
from collab.process.events.event import Event
from collab.process.events.ideas import StageChanged
from collab.process.evidence import grounds
from collab.process.gates.checks import gate_report, require_met
from collab.process.permissions import Action, allowed, require
from collab.process.stages import Transition
from collab.process.version import TextVersion
from collab.typed import tidied
from server.actions.cases import Case, open_case, tell
from server.actions.facts.case import case_facts
from server.actions.linking.neighbours import mail_neighbours, tell_neighbours
from server.actions.linking.offers import offer_text
from server.actions.live.exact_text import ExactText, exact_text, is_current
from server.actions.merging.locking import lock_with_targets
from server.actions.merging.telling import tell_target
from server.actions.official.effects import Act, take_effect
from server.actions.seam.statements import tell_concerned
from server.errors import SIGN_IN_REQUIRED
from server.faces import faces
from server.services import Services
from storage import documents, ideas, stages
from storage.database import Transaction
from storage.events import StoredEvent
from storage.process.casefile import evidence
from storage.stages import StageChange

ATTEMPTS_MAX = 3


async def change_stage(
    services: Services,
    actor: Actor,
    ref: str,
    *,
    to: str,
    expected_revision: int,
    seen: TextVersion,
    reason: str,
    reason_code: str | None = None,
) -> StageChange:
    """Move the idea to stage ``to``, if it still is as the actor saw it.

    Raises:
        Conflict: (stage-moved) somebody was first, ``winner`` says who; (text-moved) the text is
            no longer ``seen``; (no-transition) no way leads there. Nothing was changed.
        Unmet: conditions are open; ``unmet`` lists all of them.
        NotAllowed: not in this stage, or not to that one.
    """
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
    if case.actor.person_id is None:
        raise NotAllowed(SIGN_IN_REQUIRED)
    wanted = Decision(ref, to, expected_revision, seen, reason, reason_code)
    for _ in range(ATTEMPTS_MAX):
        exact = await exact_text(services, case.idea.document_id)
        async with services.database.write() as tx:
            await lock_with_targets(tx, [case.idea])
            if not await is_head(tx, case.idea.document_id, exact.version):
                continue
            decided = await decide(services, tx, actor, wanted, exact)
        await services.announcer.announce(decided.events)
        if decided.has_statement:
            await tell_concerned(services)
        await mail_neighbours(services, decided.change)
        return decided.change
    raise Conflict("text-moved", current=exact.version.to_json())


@dataclass(frozen=True, slots=True)
class Decision:
    """Where an idea is to go, why, and on which state of it that was decided."""

    ref: str
    to: str
    expected_revision: int
    seen: TextVersion
    reason: str
    reason_code: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """The move that was made, and what is to be told of it once its transaction has ended.

    ``has_statement``: those concerned get a statement of reasons (``tell_concerned``).
    """

    change: StageChange
    events: list[StoredEvent]
    has_statement: bool


async def decide(
    services: Services, tx: Transaction, actor: Actor, wanted: Decision, exact: ExactText
) -> Decided:
    """The act itself, in somebody's transaction; raises the refusals of ``change_stage``.

    The caller holds the lock of the document's head, where ``exact`` still is (``is_head``).
    """
    case = await open_case(tx, actor, wanted.ref)
    await _require_first(tx, case, wanted.expected_revision)
    require(Action.CHANGE_STAGE, case.actor, case.idea.stage)
    _require_seen(wanted.seen, exact.version)
    roles = case.actor.effective_roles
    way = case.process.change(case.idea.stage, wanted.to, case.idea.kind, roles)
    _require_known(way, wanted.reason_code)
    reason = tidied(wanted.reason)
    facts = await case_facts(tx, case, exact.text, now=services.clock(), reason=reason)
    require_met(way, facts)
    ground = Ground(reason, wanted.reason_code, gate_report(way, facts))
    change, events = await _move(services, tx, case, way, exact, ground)
    return Decided(change, events, way.statement)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an idea is moved, and what its gates demanded and found."""

    reason: str
    reason_code: str | None
    gates: list[dict[str, object]]


async def _move(
    services: Services,
    tx: Transaction,
    case: Case,
    way: Transition,
    exact: ExactText,
    ground: Ground,
) -> tuple[StageChange, list[StoredEvent]]:
    """Write the move with everything that hangs on it."""
    now, idea = services.clock(), case.idea
    from_stage, revision = idea.stage, idea.revision
    await exact.pin(tx, idea.document_id, services)
    moved = await ideas.advance(
        tx, idea.id, revision, from_stage=from_stage, to_stage=way.target, now=now
    )
    if not moved:
        raise await somebody_was_first(tx, case)
    face = (await faces(tx, [case.person_id]))[case.person_id]
    change = await stages.append(
        tx,
        change_id=uuid4(),
        idea_id=idea.id,
        transition=way.id,
        from_stage=from_stage,
        to_stage=way.target,
        reason=ground.reason,
        actor_id=case.person_id,
        actor_name=case.actor.name,
        revision=revision + 1,
        version=exact.version,
        now=now,
        office=way.office(case.actor.effective_roles),
        organisation=face.organisation,
        reason_code=ground.reason_code,
        gates=ground.gates,
        evidence=await _evidence(tx, idea.id, way),
    )
    await documents.bump_access(tx, idea.document_id)
    facts: list[Event] = [
        StageChanged(way.id, from_stage, way.target, ground.reason, exact.version)
    ]
    for effect in way.effects:
        facts += await take_effect(tx, Act(case, effect, change.id, ground.reason, now))
    record = record_of(change, face.organisation_id)
    told = [await tell(tx, case, fact, now, stage=way.target, record=record) for fact in facts]
    told += await tell_target(tx, case, facts, now)
    told += await tell_neighbours(tx, case, change)
    return change, [*told, *await offer_text(tx, case, exact.version, exact.text, now)]


def record_of(change: StageChange, organisation_id: UUID | None) -> dict[str, object]:
    """What the audit log says of the move besides its event."""
    return {
        "revision": change.revision,
        "office": change.office,
        "organisation_id": str(organisation_id) if organisation_id else None,
        "reason_code": change.reason_code,
        "gate_report": digest_of(change.gates),
        "evidence": digest_of(change.evidence),
    }


async def _evidence(tx: Transaction, idea_id: UUID, way: Transition) -> dict[str, int]:
    """The revision of each kind of evidence that the act is grounded on."""
    revisions = await evidence.revisions(tx, idea_id)
    return {kind: revisions[kind] for kind in sorted(grounds(way) & revisions.keys())}


def _require_known(way: Transition, reason_code: str | None) -> None:
    if reason_code is not None and reason_code not in {each.id for each in way.reasons}:
        raise Invalid(fields={"reason_code": "unknown-choice"})


async def is_head(tx: Transaction, document_id: UUID, version: TextVersion) -> bool:
    """Lock the document's head; whether it still is where the text was read."""
    head = (await documents.lock_heads(tx, [document_id]))[document_id]
    return (head.epoch, head.seq) == (version.epoch, version.seq)


async def _require_first(tx: Transaction, case: Case, expected_revision: int) -> None:
    """Refuse if somebody acted since; but say so only to who could have acted before it."""
    if case.idea.revision == expected_revision:
        return
    last = await stages.latest(tx, case.idea.id)
    before = last.from_stage if last else case.idea.stage
    roles = case.actor.effective_roles
    if any(allowed(Action.CHANGE_STAGE, roles, each) for each in (before, case.idea.stage)):
        raise await somebody_was_first(tx, case, expected_revision)


async def somebody_was_first(
    tx: Transaction, case: Case, expected_revision: int | None = None
) -> Conflict:
    """The refusal that names the winner and the state he made."""
    idea = await ideas.get(tx, case.idea.id)
    assert idea is not None
    last = await stages.latest(tx, idea.id)
    is_winner = last is not None and (
        expected_revision is None or last.revision > expected_revision
    )
    return Conflict(
        "stage-moved",
        current={"stage": idea.stage, "kind": idea.kind, "revision": idea.revision},
        winner=winner(last) if last and is_winner else None,
    )


def winner(change: StageChange) -> dict[str, object]:
    """Who was first, and with what, as refusals carry it."""
    return {
        "person_id": str(change.actor_id),
        "name": change.actor_name,
        "transition": change.transition,
        "from": change.from_stage,
        "to": change.to_stage,
        "reason": change.reason,
        "revision": change.revision,
        "at": change.at.isoformat(),
    }


def _require_seen(seen: TextVersion, current: TextVersion) -> None:
    if not is_current(seen, current):
        raise Conflict("text-moved", current=current.to_json(), seen=seen.to_json())
