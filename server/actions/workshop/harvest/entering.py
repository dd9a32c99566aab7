"""Who reads the harvest of a workshop, who writes in it, and which ideas belong to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from collab.errors import Conflict, NotAllowed
from collab.process.actors import Actor
from collab.process.events.gathering.harvest import HarvestChanged
from collab.process.permissions import Action, may
from collab.process.processes import access_of
from collab.process.stages import StageAccess
from collab.process.workshop.harvest import Way
from collab.process.workshop.standing import Standing
from server.actions.cases import at_idea
from server.actions.workshop.opening import tell_workshop
from server.actions.workshop.places import Place, enter_workshop, find_place
from server.services import Services
from storage import ideas
from storage.database import Transaction
from storage.events import StoredEvent
from storage.ideas import Idea
from storage.workshop import dots, harvest, workshops
from storage.workshop.harvest import Harvest, HarvestPoint, WorkshopIdea
from storage.workshop.workshops import Workshop


@dataclass(frozen=True, slots=True)
class Reading:
    """The harvest as an actor meets it."""

    place: Place
    actor: Actor
    harvest: Harvest | None
    may_write: bool

    @property
    def leads(self) -> bool:
        return self.place.standing is Standing.FACILITATOR

    @property
    def is_inside(self) -> bool:
        return self.place.standing.is_inside

    def may_change(self, row: HarvestPoint) -> bool:
        """Who leads changes every point; others what they wrote down or have taken on."""
        own = self.actor.person_id in {row.created_by, row.person_id}
        return row.task_number is None and self.may_write and (self.leads or own)


async def read_harvest(services: Services, tx: Transaction, actor: Actor, code: str) -> Reading:
    """The harvest for somebody who was there, or for everybody once it is published.

    Raises:
        NotFound: (no-such-workshop) no workshop has the code.
        NotAllowed: (harvest-not-public) he was not there, and it is not published.
    """
    place = await find_place(tx, actor, code)
    found = await harvest.get(tx, place.workshop.id)
    is_public = found is not None and found.published_at is not None
    if not (place.standing.is_inside or is_public):
        raise NotAllowed("harvest-not-public")
    return Reading(place, actor, found, _refused(services, place) is None)


async def write_harvest(services: Services, tx: Transaction, actor: Actor, code: str) -> Reading:
    """The harvest for somebody who writes in it; nobody else does until ``tx`` ends.

    Raises:
        NotAllowed: (join-first, removed-from-workshop) he does not take part.
        Conflict: (hands-down, workshop-over) nobody but who leads writes now, or at all.
    """
    place = await enter_workshop(tx, actor, code)
    if why := _refused(services, place):
        raise Conflict(why)
    return Reading(place, actor, await harvest.locked(tx, place.workshop.id), may_write=True)


def _refused(services: Services, place: Place) -> str | None:
    """Why somebody who takes part may not write now."""
    if place.standing is Standing.FACILITATOR:
        return None
    if not place.standing.is_inside:
        return "join-first"
    if place.workshop.expires_at <= services.clock():
        return "workshop-over"
    return "hands-down" if place.workshop.is_frozen else None


async def gathered(tx: Transaction, workshop_id: UUID) -> list[tuple[WorkshopIdea, Idea]]:
    """The ideas of the workshop: noted ones, those that notes became, those open at tables now."""
    found = await harvest.ideas_of(tx, workshop_id)
    known = {idea.id for _, idea in found}
    ways: dict[UUID, Way] = {}
    for note in (await dots.ideas_of(tx, workshop_id)).values():
        way = Way.MADE if note.is_beginning else Way.ADDED
        ways[note.idea_id] = Way.MADE if ways.get(note.idea_id) is Way.MADE else way
    for table in await workshops.tables(tx, workshop_id):
        if table.idea_id is not None:
            ways.setdefault(table.idea_id, Way.OPENED)
    missing = await ideas.of_ids(tx, [each for each in ways if each not in known])
    for idea in sorted(missing, key=lambda idea: idea.number):
        row = WorkshopIdea(
            workshop_id=workshop_id, idea_id=idea.id, way=ways[idea.id], at=idea.active_at
        )
        found.append((row, idea))
    return found


async def readable(tx: Transaction, actor: Actor, found: Iterable[Idea]) -> set[UUID]:
    """Which of the ideas the actor may read."""
    allowed = set()
    for idea in found:
        is_private = access_of(idea.stage) is StageAccess.PRIVATE
        here = await at_idea(tx, actor, idea) if is_private else actor
        if may(here, Action.READ_IDEA, idea.stage):
            allowed.add(idea.id)
    return allowed


def is_closed(workshop: Workshop, now: datetime) -> bool:
    """Whether nobody comes in by the code any more, so that pages may show it to everybody."""
    return any((workshop.ended_at, workshop.closed_at)) or workshop.joining_until <= now


async def tell_harvest(tx: Transaction, reading: Reading, act: str, now: datetime) -> StoredEvent:
    """Write the event of a change of the harvest, last in its transaction."""
    workshop = reading.place.workshop
    return await tell_workshop(
        tx, HarvestChanged(workshop.id, workshop.code, act), reading.actor, now
    )
