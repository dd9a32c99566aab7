"""What the acts of a journey need to know of each other: who acts, and what came of acts before."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from collab.process.actors import Actor
from collab.process.calendar.berlin import berlin_date
from collab.process.version import TextVersion
from server.auth.holders import actor_of
from server.demo.case import NAMESPACE
from server.demo.journeys.content import DAY, Data, Journey
from server.services import Services
from storage import people
from storage.tables.ideas import Idea


@dataclass(slots=True)
class Standing:
    """A case while it is told: what its acts so far have made of it."""

    journey: Journey
    idea: Idea
    version: TextVersion
    revision: int
    responsibilities: dict[str, UUID] = field(default_factory=dict)
    revisions: dict[tuple[str, str], int] = field(default_factory=dict)
    """How often a thing was written: an evidence, an indicator, a statement, a commitment."""
    comments: dict[str, UUID] = field(default_factory=dict)
    suggestions: dict[str, UUID] = field(default_factory=dict)
    support: UUID | None = None
    round: UUID | None = None
    """The round of judging that was opened last."""

    @property
    def ref(self) -> str:
        """What actions call the case."""
        return self.idea.ref

    def next(self, kind: str, name: str) -> int:
        """Which revision of a thing was seen by whoever writes the next one."""
        seen = self.revisions.get((kind, name), 0)
        self.revisions[kind, name] = seen + 1
        return seen


@dataclass(slots=True)
class Scene:
    """The arena while it is told."""

    services: Services
    now: datetime
    """The moment at which all of it has happened."""
    cases: dict[str, Standing] = field(default_factory=dict)
    initiatives: dict[str, UUID] = field(default_factory=dict)
    central: dict[str, str] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)

    async def actor(self, handle: str) -> Actor:
        """The person with the roles that he has in the arena."""
        if handle not in self._actors:
            async with self.services.database.read() as tx:
                person = await people.by_handle(tx, handle)
                assert person is not None, handle
                self._actors[handle] = actor_of(person, await people.roles(tx, person.id))
        return self._actors[handle]

    def forget(self, handle: str) -> None:
        """His roles have changed."""
        self._actors.pop(handle, None)

    def day(self, value: str) -> str:
        """The value, or the day that it counts from now."""
        if not value.startswith(DAY):
            return value
        return (berlin_date(self.now) + timedelta(days=float(value[len(DAY) :]))).isoformat()

    def days(self, data: Data) -> dict[str, str]:
        """The fields with all days counted."""
        return {name: self.day(value) for name, value in data.items()}


def part_of(data: Data) -> str:
    """What a responsibility is called in a case."""
    return f"{data.get('part', 'lead')} {data['organisation']}"


def person_id(handle: str) -> UUID:
    """The id of the person with the handle."""
    return uuid5(NAMESPACE, handle)


def goal_of(name: str) -> tuple[str, str]:
    """Catalogue and entry of a goal that the files write like ``guiding-ideas/resilient``."""
    catalogue, _, entry = name.partition("/")
    return catalogue, entry


def number(data: Data, name: str) -> float | None:
    """A number as a decimal, None if it is not there."""
    value = data.get(name)
    return None if value is None else float(value)
