"""What a transition does besides moving the idea, in the same transaction."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from collab.process.events.event import Event
from collab.process.stages import Effect
from server.actions.cases import Case
from server.actions.measures.recognising import become_measure, change_recognition
from server.actions.merging.carrying import merge, unmerge
from server.actions.responsibility.endings import release_lead
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Act:
    """The official act that has an effect: ``case`` is as it was before it."""

    case: Case
    effect: Effect
    change_id: UUID
    reason: str
    now: datetime


Handler = Callable[[Transaction, Act], Awaitable[list[Event]]]
"""Does what the effect says and returns the events to tell of it."""


async def _release_lead(tx: Transaction, act: Act) -> list[Event]:
    return await release_lead(tx, act.case, act.reason, act.now)


HANDLERS: Mapping[Effect, Handler] = {
    Effect.MEASURE_DECENTRAL: become_measure,
    Effect.MEASURE_NETWORK: become_measure,
    Effect.RECOGNISE: change_recognition,
    Effect.SUSPEND_RECOGNITION: change_recognition,
    Effect.WITHDRAW_RECOGNITION: change_recognition,
    Effect.RELEASE_LEAD: _release_lead,
    Effect.MERGE: merge,
    Effect.UNMERGE: unmerge,
}


async def take_effect(tx: Transaction, act: Act) -> list[Event]:
    """Let the act's effect happen."""
    return await HANDLERS[act.effect](tx, act)
