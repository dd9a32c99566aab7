"""Prepared decisions: written into a list one by one, reviewed together, published at once.

A prepared act decides nothing. When its list is published every act is checked again like any
other; what fits is executed in one transaction, so that all of it becomes known at one moment.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid, NotFound, Refusal
from collab.process.actors import Actor
from collab.process.board.prepared import (
    ACTS_MAX,
    LISTS_MAX,
    check_list_name,
    check_many,
    check_reason,
)
from collab.process.events.board import ActPrepared
from collab.process.permissions import Action, require
from collab.process.version import TextVersion
from server.actions.access import known
from server.actions.board.moves import Moved
from server.actions.cases import Case, acting_case, open_case, tell
from server.actions.linking.neighbours import mail_neighbours
from server.actions.live.exact_text import ExactText, exact_text
from server.actions.merging.locking import lock_with_targets
from server.actions.seam.statements import tell_concerned
from server.actions.stages import Decided, Decision, decide, is_head
from server.services import Services
from storage import documents, ideas
from storage.database import Transaction
from storage.ideas import Idea
from storage.process.board import prepared
from storage.process.board.prepared import PreparedAct

KEPT_OF_REFUSALS = ("unmet", "current", "transition")
"""What a list keeps of a refusal; names are read anew when it is shown."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A prepared act with its idea, and the text as it was just before the transaction."""

    act: PreparedAct
    idea: Idea
    exact: ExactText | Refusal


async def prepare(
    services: Services, actor: Actor, list_name: str, moves: Sequence[Decision]
) -> str:
    """Write acts into a list; an idea that is in it already gets the new act. Returns its name.

    Raises:
        Invalid: the name, a reason or a target is faulty, or the list would hold too many.
    """
    name, now = check_list_name(list_name), services.clock()
    check_many([move.ref for move in moves])
    reasons = [check_reason(move.reason) for move in moves]
    async with services.database.write() as tx:
        cases = await _locked(tx, actor, moves)
        for case, move, reason in zip(cases, moves, reasons, strict=True):
            _require_way(case, move.to)
            await prepared.put(
                tx,
                act_id=uuid4(),
                idea_id=case.idea.id,
                list_name=name,
                to_stage=move.to,
                reason=reason,
                reason_code=move.reason_code,
                revision=move.expected_revision,
                version=move.seen,
                prepared_by=case.person_id,
                now=now,
            )
        await _require_room(tx, name)
        stored = [
            await tell(tx, case, ActPrepared(name, move.to, prepared=True), now)
            for case, move in zip(cases, moves, strict=True)
        ]
    await services.announcer.announce(stored)
    return name


async def drop(services: Services, actor: Actor, act_id: UUID) -> None:
    """Take an act out of its list; raises NotFound if it is not there any more."""
    async with services.database.write() as tx:
        act, case = await _act(tx, actor, act_id)
        await prepared.remove(tx, act.id)
        fact = ActPrepared(act.list_name, act.to_stage, prepared=False)
        event = await tell(tx, case, fact, services.clock())
    await services.announcer.announce([event])


async def publish(
    services: Services, actor: Actor, list_name: str, act_ids: Collection[UUID]
) -> list[Moved]:
    """Execute those acts of the list that were reviewed (``act_ids``) and still fit.

    They are acts of who publishes. What does not fit stays in the list and says why; what was
    prepared meanwhile stays, too. All that fit are committed together and told after that.
    """
    known(actor)
    require(Action.PUBLISH_ACTS, actor)
    ready = await _ready(services, list_name, act_ids)
    results: list[Moved] = []
    decided: list[Decided] = []
    async with services.database.write() as tx:
        # All at once and in one order, so that nobody waits for anybody in a circle.
        await lock_with_targets(tx, [each.idea for each in ready])
        for each in ready:
            try:
                async with tx.begin_nested():
                    decided.append(await _execute(services, tx, actor, each))
            except Refusal as refusal:
                await prepared.refuse(tx, each.act.id, _kept(refusal), services.clock())
                results.append(Moved(each.idea.ref, each.act.to_stage, refusal))
            else:
                await prepared.remove(tx, each.act.id)
                results.append(Moved(each.idea.ref, each.act.to_stage))
    await services.announcer.announce([event for each in decided for event in each.events])
    await tell_concerned(services)
    if any(each.has_statement for each in decided):
        await tell_concerned(services)
    for done in decided:
        await mail_neighbours(services, done.change)
    return results


async def _ready(services: Services, list_name: str, act_ids: Collection[UUID]) -> Sequence[_Ready]:
    """The reviewed acts with the exact texts of their ideas; one that cannot be read says so."""
    found: list[_Ready] = []
    async with services.database.read() as tx:
        acts = [act for act in await prepared.of_list(tx, list_name) if act.id in act_ids]
        known_ideas = [await ideas.get(tx, act.idea_id) for act in acts]
    for act, idea in zip(acts, known_ideas, strict=True):
        assert idea is not None, "a foreign key forbids acts on nothing"
        try:
            found.append(_Ready(act, idea, await exact_text(services, idea.document_id)))
        except Refusal as refusal:
            found.append(_Ready(act, idea, refusal))
    return found


async def _execute(services: Services, tx: Transaction, actor: Actor, ready: _Ready) -> Decided:
    """One act like any other."""
    act, exact = ready.act, ready.exact
    if await prepared.get(tx, act.id) is None:
        raise NotFound("act-gone")
    if isinstance(exact, Refusal):
        raise exact
    if not await is_head(tx, ready.idea.document_id, exact.version):
        raise Conflict("text-moved")
    return await decide(services, tx, actor, decision_of(act, ready.idea), exact)


def decision_of(act: PreparedAct, idea: Idea) -> Decision:
    """What was written down, as it is decided."""
    return Decision(idea.ref, act.to_stage, act.revision, seen_of(act), act.reason, act.reason_code)


def seen_of(act: PreparedAct) -> TextVersion:
    """The text that the act was prepared on."""
    return TextVersion(act.epoch, act.seq, act.sha256)


async def _locked(tx: Transaction, actor: Actor, moves: Sequence[Decision]) -> list[Case]:
    """The ideas of these moves, at which nobody else acts until ``tx`` ends."""
    found = [await ideas.by_ref(tx, move.ref) for move in moves]
    # All at once and in one order, so that nobody waits for anybody in a circle.
    await documents.lock_heads(tx, [idea.document_id for idea in found if idea is not None])
    return [await open_case(tx, actor, move.ref, Action.PREPARE_ACT) for move in moves]


async def _act(tx: Transaction, actor: Actor, act_id: UUID) -> tuple[PreparedAct, Case]:
    act = await prepared.get(tx, act_id)
    idea = None if act is None else await ideas.get(tx, act.idea_id)
    if act is None or idea is None:
        raise NotFound("act-gone")
    return act, await acting_case(tx, actor, idea.ref, Action.PREPARE_ACT)


def _require_way(case: Case, to: str) -> None:
    """Whoever publishes it: some way must lead there from here."""
    if case.process.stage(to) is None:
        raise Invalid(fields={"to": "unknown-stage"})
    ways = case.process.transitions
    if not any(way.target == to and way.leads(case.idea.stage, case.idea.kind) for way in ways):
        raise Conflict("no-transition", current=case.idea.stage, to=to)


async def _require_room(tx: Transaction, name: str) -> None:
    if await prepared.count(tx, name) > ACTS_MAX:
        raise Invalid(fields={"list_name": "list-full"})
    if len(await prepared.lists(tx, LISTS_MAX + 1)) > LISTS_MAX:
        raise Invalid(fields={"list_name": "too-many-lists"})


def _kept(refusal: Refusal) -> Mapping[str, Any]:
    """Why it was not executed, without names."""
    kept: dict[str, Any] = {"code": refusal.code}
    kept |= {key: refusal.data[key] for key in KEPT_OF_REFUSALS if key in refusal.data}
    winner = refusal.data.get("winner")
    if isinstance(winner, dict):
        kept["winner"] = {key: winner[key] for key in ("person_id", "to", "at") if key in winner}
    return kept
