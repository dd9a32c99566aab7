"""What happens at a workshop; its open pages and its wall are told by its code."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from collab.process.events.event import Event

WORKSHOP_TOPIC = "workshop"

AGENDA, PEOPLE, TABLES, NOTES, DOTS, HARVEST = (
    "agenda",
    "people",
    "tables",
    "notes",
    "dots",
    "harvest",
)
BOARD, TEXTS = "board", "texts"
"""What is written on the board, and in the ideas of tables: told without an event, as it comes."""

PARTS = (AGENDA, PEOPLE, TABLES, NOTES, DOTS, HARVEST, BOARD, TEXTS)
"""What of a workshop may have changed; a part of its pages listens to each."""


def workshop_topic(code: str, part: str) -> str:
    """The topic that open pages of a workshop listen to for one part of it."""
    return f"{WORKSHOP_TOPIC}:{code}:{part}"


@dataclass(frozen=True)
class WorkshopEvent(Event):
    """One committed fact about a workshop, which concerns no idea."""

    public = False
    official = False
    changes: ClassVar[tuple[str, ...]] = ()
    changes_access: ClassVar[bool] = False  # whether its documents judge their sockets again
    workshop_id: UUID
    code: str

    def topics(self, ref: str | None) -> tuple[str, ...]:
        of_workshop = tuple(workshop_topic(self.code, part) for part in self.changes)
        return of_workshop + super().topics(ref)


@dataclass(frozen=True)
class WorkshopOpened(WorkshopEvent):
    """Somebody opened a workshop and leads it."""

    kind = "workshop_opened"
    official = True
    changes = PARTS


@dataclass(frozen=True)
class WorkshopLed(WorkshopEvent):
    """Those who lead did something for all: went on a step, set the timer, asked for quiet."""

    kind = "workshop_led"
    changes = (AGENDA, TABLES, NOTES, DOTS)
    act: str


@dataclass(frozen=True)
class FacilitatorsChanged(WorkshopEvent):
    """A person leads the workshop from now on, or leads it no more."""

    kind = "facilitators_changed"
    official = True
    changes = (AGENDA, PEOPLE)
    changes_access = True
    person_id: UUID
    granted: bool


@dataclass(frozen=True)
class AttendanceChanged(WorkshopEvent):
    """Somebody came, or raised a hand."""

    kind = "attendance_changed"
    changes = (PEOPLE, TABLES)
    person_id: UUID


@dataclass(frozen=True)
class PersonSeated(WorkshopEvent):
    """Somebody sat down at another table, and writes in the idea that this one has opened."""

    kind = "person_seated"
    changes = (PEOPLE, TABLES)
    changes_access = True
    person_id: UUID


@dataclass(frozen=True)
class PersonSentOut(WorkshopEvent):
    """A facilitator sent somebody out of the workshop."""

    kind = "person_sent_out"
    official = True
    changes = (PEOPLE, TABLES)
    changes_access = True
    person_id: UUID


@dataclass(frozen=True)
class TableChanged(WorkshopEvent):
    """A table was added or renamed, or has opened an idea, or left the one it had."""

    kind = "table_changed"
    changes = (TABLES,)
    number: int
    idea_id: UUID | None = None
    left_id: UUID | None = None


@dataclass(frozen=True)
class WorkshopEnded(WorkshopEvent):
    """The evening is over; what was typed offline still arrives."""

    kind = "workshop_ended"
    official = True
    changes = PARTS
