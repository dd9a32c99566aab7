"""Bringing running cases to another version of their process: first a plan, then an approval."""

from dataclasses import replace

from collab.errors import Conflict, Invalid
from collab.process.actors import Actor
from collab.process.events.event import is_public
from collab.process.events.ideas import ProcessChanged
from collab.process.gates.unmet import REASON_CHARS_MAX
from collab.process.moving import MovePlan, RunningCase, Step, plan_move
from collab.process.permissions import Action, require
from collab.process.processes import load_process
from collab.process.templates.reading import FaultyTemplate
from collab.typed import checked
from server.services import Services
from storage import documents, events, ideas
from storage.database import Transaction
from storage.events import StoredEvent
from storage.tables.ideas import Idea

CASES_PER_TRANSACTION = 100


async def planned(
    services: Services, process_id: str, from_version: int, to_version: int
) -> MovePlan:
    """What would happen to every running case; nothing is changed.

    Raises:
        Invalid: one of the versions is not shipped.
    """
    async with services.database.read() as tx:
        return await _plan(tx, process_id, from_version, to_version)


async def move_cases(
    services: Services,
    actor: Actor,
    process_id: str,
    from_version: int,
    to_version: int,
    *,
    approved: str,
    reason: str,
) -> MovePlan:
    """Do what the plan with the digest ``approved`` says; cases with an obstacle stay.

    Raises:
        NotAllowed: the actor does not run the process.
        Conflict: (plan-moved) the plan is another one by now; look at it again.
    """
    require(Action.MANAGE_PROCESS, actor)
    told = checked(reason, "reason", REASON_CHARS_MAX, if_empty="missing")
    plan = await planned(services, process_id, from_version, to_version)
    if plan.digest != approved:
        raise Conflict("plan-moved", current=plan.digest)
    left: list[Step] = []
    for start in range(0, len(plan.moving), CASES_PER_TRANSACTION):
        some = plan.moving[start : start + CASES_PER_TRANSACTION]
        left += await _move(services, actor, plan, some, told)
    late = {step.case.ref for step in left}
    return replace(
        plan,
        steps=tuple(
            replace(step, obstacle="moved-meanwhile") if step.case.ref in late else step
            for step in plan.steps
        ),
    )


async def _move(
    services: Services, actor: Actor, plan: MovePlan, steps: tuple[Step, ...], reason: str
) -> list[Step]:
    """Move these cases in one transaction; returns those on which somebody acted meanwhile."""
    left, told = [], list[StoredEvent]()
    async with services.database.write() as tx:
        found = {step: await ideas.by_ref(tx, step.case.ref) for step in steps}
        heads = [idea.document_id for idea in found.values() if idea is not None]
        await documents.lock_heads(tx, heads)
        moved = [step for step in steps if await _moved(tx, plan, step, found[step])]
        left = [step for step in steps if step not in moved]
        for step in moved:
            idea = found[step]
            assert idea is not None
            await documents.bump_access(tx, idea.document_id)
            fact = ProcessChanged(
                plan.process_id,
                plan.from_version,
                plan.to_version,
                step.case.stage,
                step.to_stage,
                reason,
            )
            told.append(
                await events.append(
                    tx,
                    fact,
                    idea_id=idea.id,
                    actor_id=actor.person_id,
                    public=is_public(fact, step.to_stage),
                    now=services.clock(),
                )
            )
    await services.announcer.announce(told)
    return left


async def _moved(tx: Transaction, plan: MovePlan, step: Step, idea: Idea | None) -> bool:
    return idea is not None and await ideas.move_process(
        tx, idea.id, step.case.revision, version=plan.to_version, stage=step.to_stage
    )


async def _plan(tx: Transaction, process_id: str, from_version: int, to_version: int) -> MovePlan:
    try:
        old, new = (load_process(process_id, version) for version in (from_version, to_version))
    except FaultyTemplate as error:
        raise Invalid(fields={"process": "unknown-choice"}) from error
    cases = [
        RunningCase(idea.ref, idea.kind, idea.stage, idea.revision, idea.measure_type)
        for idea in await ideas.in_process(tx, process_id, from_version)
    ]
    return plan_move(old, new, cases)
