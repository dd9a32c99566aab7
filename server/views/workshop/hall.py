"""What a workshop's own page shows: the step that runs, who is there, what who leads can do."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.process.actors import Actor
from collab.process.workshop.agenda import Step, StepKind, steps_from_json
from collab.process.workshop.standing import Standing
from server.actions.workshop.places import Place
from storage import ideas, people
from storage.database import Transaction
from storage.tables.ideas import Idea
from storage.tables.people import Person
from storage.workshop import attendances, workshops
from storage.workshop.attendances import Attendance
from storage.workshop.workshops import Workshop, WorkshopTable

AT_BOARD: Final = frozenset({StepKind.COLLECT, StepKind.CLUSTER, StepKind.VOTE})


@dataclass(frozen=True, slots=True)
class Course:
    """Where the evening is; ``standing`` is the reader's."""

    workshop: Workshop
    standing: Standing
    steps: tuple[Step, ...]
    now: datetime

    @property
    def step(self) -> Step:
        """The one that runs."""
        return self.steps[min(self.workshop.step, len(self.steps) - 1)]

    @property
    def number(self) -> int:
        """Its number, counted from 1."""
        return self.workshop.step + 1

    @property
    def is_at_board(self) -> bool:
        """Whether people work at the board now."""
        return self.step.kind in AT_BOARD

    @property
    def leads(self) -> bool:
        return self.standing is Standing.FACILITATOR

    @property
    def is_inside(self) -> bool:
        return self.standing.is_inside

    @property
    def is_open(self) -> bool:
        """Whether somebody may still come in."""
        held = self.workshop
        return held.ended_at is None and held.closed_at is None and held.joining_until > self.now

    @property
    def now_ms(self) -> int:
        """The server's clock, from whose difference to their own pages count down."""
        return milliseconds(self.now)

    @property
    def ends_ms(self) -> int | None:
        """When the clock runs out."""
        ends_at = self.workshop.timer_ends_at
        return milliseconds(ends_at) if ends_at else None

    @property
    def left_s(self) -> int:
        """How many seconds are left on the clock."""
        return max(0, ((self.ends_ms or 0) - self.now_ms + 999) // 1000)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is there."""

    id: UUID
    name: str
    table: WorkshopTable | None
    hand_raised_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seats:
    """A table and who sits at it."""

    table: WorkshopTable
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hall:
    """Who is there; ``own`` is the reader's place, ``idea`` what his table has opened."""

    people: tuple[Guest, ...]
    tables: tuple[Seats, ...]
    own: Guest | None
    idea: Idea | None
    leading: tuple[Person, ...]

    @property
    def hands(self) -> list[Guest]:
        """Whose hands are up, in turn."""
        raised = [(each.hand_raised_at, each.id, each) for each in self.people]
        return [each for at, _, each in sorted(raised, key=_by_turn) if at is not None]

    @property
    def turn(self) -> int:
        """The reader's place among the hands that are up, counted from 1; 0 if his is down."""
        ids = [each.id for each in self.hands]
        return ids.index(self.own.id) + 1 if self.own and self.own.id in ids else 0


def course_of(place: Place, now: datetime) -> Course:
    """Where the evening is for who stands to it like this."""
    steps = steps_from_json(place.workshop.agenda)
    return Course(place.workshop, place.standing, steps, now)


async def read_hall(tx: Transaction, actor: Actor, workshop: Workshop) -> Hall:
    """Who is there, at which tables, and who leads."""
    rows = [row for row in await attendances.of_workshop(tx, workshop.id) if row.removed_at is None]
    leading = await attendances.facilitators(tx, workshop.id)
    persons = await people.named(tx, [*(row.person_id for row in rows), *leading])
    tables = await workshops.tables(tx, workshop.id)
    there = tuple(_guests(rows, persons, tables))
    own = next((each for each in there if each.id == actor.person_id), None)
    seated: defaultdict[UUID | None, list[str]] = defaultdict(list)
    for each in there:
        seated[each.table.id if each.table else None].append(each.name)
    idea_id = own.table.idea_id if own and own.table else None
    return Hall(
        people=there,
        tables=tuple(Seats(each, tuple(seated[each.id])) for each in tables),
        own=own,
        idea=await ideas.get(tx, idea_id) if idea_id else None,
        leading=tuple(persons[each] for each in leading if each in persons),
    )


def milliseconds(at: datetime) -> int:
    """A moment as scripts count it."""
    return round(at.timestamp() * 1000)


def _by_turn(raised: tuple[datetime | None, UUID, Guest]) -> tuple[int, UUID]:
    at, person_id, _ = raised
    return (milliseconds(at) if at else 0, person_id)


def _guests(
    rows: Sequence[Attendance], persons: dict[UUID, Person], tables: Sequence[WorkshopTable]
) -> list[Guest]:
    by_id = {each.id: each for each in tables}
    return [
        Guest(
            row.person_id,
            persons[row.person_id].name,
            by_id.get(row.table_id) if row.table_id else None,
            row.hand_raised_at,
        )
        for row in rows
        if row.person_id in persons
    ]
