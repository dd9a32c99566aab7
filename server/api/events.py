"""The public log of an idea over the API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.actions.cases import Case, open_case
from server.api.operation import ApiRequest, operation
from server.views.record.known import knows_more, may_know, told_payload
from storage import events, people
from storage.events import StoredEvent
from storage.tables.people import Person

EVENTS_MAX = 500


class After(BaseModel):
    """Where to read on."""

    model_config = ConfigDict(extra="forbid")

    after: int = Field(default=0, ge=0, le=2**63 - 1)
    limit: int = Field(default=100, ge=1, le=EVENTS_MAX)


class EventOut(BaseModel):
    """One committed fact."""

    id: int
    kind: str
    actor_id: UUID | None
    actor: str | None
    payload: dict[str, Any]
    at: datetime


class Log(BaseModel):
    """Some events in order; ``last`` is what to ask ``after`` next."""

    events: list[EventOut]
    last: int


@operation("GET", "/api/v1/ideas/{ref}/events", tag="events", refusals=(404, 422))
async def read_events(request: ApiRequest, ref: str, query: After) -> Log:
    """What happened at an idea; its team also sees the draft's time, moderators everything."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await events.since(
            tx,
            query.after,
            idea_id=case.idea.id,
            public_only=not knows_more(case),
            limit=query.limit,
        )
        actors = await people.named(tx, {each.actor_id for each in found if each.actor_id})
    last = found[-1].id if found else query.after
    out = [told(case, each, actors) for each in found]
    return Log(events=[each for each in out if each is not None], last=last)


def told(case: Case, event: StoredEvent, actors: Mapping[UUID, Person]) -> EventOut | None:
    """The event as the actor of ``case`` may know it; None: he may not."""
    if not may_know(case, event.kind, is_public=event.public):
        return None
    actor = actors.get(event.actor_id) if event.actor_id else None
    return EventOut(
        id=event.id,
        kind=event.kind,
        actor_id=event.actor_id,
        actor=actor.name if actor else None,
        payload=told_payload(case, event.kind, event.payload),
        at=event.at,
    )


operations = [read_events]
