"""What happens to the harvest of a workshop, and what ideas are told of it."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event
from collab.process.events.gathering.workshops import HARVEST, WorkshopEvent


@dataclass(frozen=True)
class HarvestChanged(WorkshopEvent):
    """Something was written down, changed or taken out; the next date, or who may read, changed."""

    kind = "harvest_changed"
    changes = (HARVEST,)
    act: str


@dataclass(frozen=True)
class WorkshopHarvested(Event):
    """An idea was worked on at a workshop, which handed it over with so many tasks."""

    kind = "workshop_harvested"
    parts = ("tasks", "versions")
    official = False
    workshop_id: UUID
    title: str
    tasks: int
