"""The harvest of a workshop as its reader may see it: ideas, points, the next date, the minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup

from collab.process.actors import Actor, Role
from collab.process.stages import Stage
from collab.process.workshop.harvest import PointKind
from collab.sync.formats.nodes import Node
from collab.sync.text import nodes_to_html
from server.actions.cases import Case
from server.actions.workshop.harvest.entering import Reading, gathered, read_harvest, readable
from server.faces import faces, is_guest
from server.realtime.holders import MINUTES_ROOT, DocumentKind
from server.realtime.rooms.loading import DocumentUnreadable
from server.services import Services
from storage import events, ideas, people, texts
from storage.database import Transaction
from storage.ideas import Idea
from storage.workshop import attendances, harvest, silent, workshops
from storage.workshop.harvest import Harvest, HarvestPoint, WorkshopIdea
from storage.workshop.silent import SilentNote
from storage.workshop.workshops import Workshop

AUTHORS = (Role.LEAD, Role.AUTHOR, Role.EDITOR)


@dataclass(frozen=True, slots=True)
class Named:
    """A name as it stands in the harvest; of a guest it is only recorded."""

    name: str
    is_guest: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Came:
    """An idea that was made or worked on; ``version`` is its text at the end, or now."""

    idea: Idea
    way: str
    stage: Stage
    authors: tuple[Named, ...]
    version: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A point as its reader sees it; ``idea`` only if he may read that."""

    row: HarvestPoint
    who: str
    is_guest: bool
    """Who is named is a guest."""
    idea: Idea | None
    is_done: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class Minutes:
    """What stands in the minutes; unreadable ones are said to be so, never shown as empty."""

    nodes: tuple[Node, ...]
    is_unreadable: bool = False

    @property
    def html(self) -> Markup:
        return Markup(nodes_to_html(self.nodes))

    @property
    def is_empty(self) -> bool:
        return not self.html.striptags() and not self.is_unreadable


@dataclass(frozen=True, slots=True)
class HarvestView:
    """Everything that came out of an evening. ``hidden`` counts ideas that are not for him."""

    reading: Reading
    ideas: tuple[Came, ...]
    hidden: int
    points: tuple[Point, ...]
    minutes: Minutes
    names: tuple[str, ...]
    """Of those who are there, to be chosen from; only for who writes."""
    last_event: int
    own_hidden: tuple[SilentNote, ...] = ()
    """What he wrote silently and nobody has revealed; after the evening it is shown here."""
    hidden_notes: int = 0
    """How many of everybody's are like that; only for who leads."""

    @property
    def workshop(self) -> Workshop:
        return self.reading.place.workshop

    @property
    def said(self) -> Harvest | None:
        """The next date, and who reads it."""
        return self.reading.harvest

    @property
    def is_public(self) -> bool:
        return self.said is not None and self.said.published_at is not None

    @property
    def waiting(self) -> int:
        """How many tasks could still be handed over to their ideas."""
        return sum(
            each.row.kind == PointKind.TASK
            and each.row.idea_id is not None
            and each.row.task_number is None
            and not each.is_done
            for each in self.points
        )

    @property
    def at(self) -> datetime:
        """When something was last said of it."""
        moments: list[datetime | None] = [self.workshop.created_at]
        moments += [each.row.created_at for each in self.points]
        moments += [each.row.done_at for each in self.points]
        if self.said is not None:
            moments += [self.said.meeting_changed_at, self.said.handed_over_at]
        return max(each for each in moments if each is not None)

    def of(self, kind: str) -> list[Point]:
        """The points of one kind, open ones first."""
        return sorted(
            (each for each in self.points if each.row.kind == kind), key=lambda each: each.is_done
        )


async def harvest_view(services: Services, actor: Actor, code: str) -> HarvestView:
    """The harvest for somebody who was there, or for everybody once it is published.

    Raises:
        NotFound: no workshop has the code.
        NotAllowed: (harvest-not-public) it is not for this actor.
    """
    async with services.database.read() as tx:
        reading = await read_harvest(services, tx, actor, code)
        workshop_id = reading.place.workshop.id
        found = await gathered(tx, workshop_id)
        allowed = await readable(tx, actor, [idea for _, idea in found])
        shown = [(row, idea) for row, idea in found if idea.id in allowed]
        came = await _came(tx, actor, shown)
        points = await _points(tx, reading, {idea.id: idea for _, idea in shown})
        names = await _names(tx, workshop_id) if reading.may_write else ()
        documents = await workshops.documents(tx, workshop_id)
        last_event = await events.last_id(tx)
        own_hidden, hidden_notes = await _hidden(tx, reading, actor)
    minutes = await read_minutes(services, documents[DocumentKind.MINUTES])
    hidden = len(found) - len(shown)
    shown_to_all = (reading, came, hidden, points, minutes, names, last_event)
    return HarvestView(*shown_to_all, own_hidden, hidden_notes)


async def _hidden(
    tx: Transaction, reading: Reading, actor: Actor
) -> tuple[tuple[SilentNote, ...], int]:
    """What was never revealed: one's own, and for who leads how many there are."""
    workshop = reading.place.workshop
    if not (workshop.is_silent and workshop.ended_at and reading.is_inside and actor.person_id):
        return (), 0
    own = await silent.own(tx, workshop.id, actor.person_id)
    return tuple(own), await silent.count(tx, workshop.id) if reading.leads else 0


async def _came(
    tx: Transaction, actor: Actor, found: Sequence[tuple[WorkshopIdea, Idea]]
) -> tuple[Came, ...]:
    ids = [idea.id for _, idea in found]
    held = await ideas.team(tx, ids)
    known = await faces(tx, {row.person_id for rows in held.values() for row in rows})
    now = await texts.of_ideas(tx, ids)
    came = []
    for row, idea in found:
        ordered = sorted(
            (each for each in held.get(idea.id, []) if each.role in AUTHORS),
            key=lambda each: (AUTHORS.index(Role(each.role)), known[each.person_id].name),
        )
        shown = [known[each.person_id] for each in ordered]
        names = dict.fromkeys(Named(face.name, face.is_guest) for face in shown)
        version = f"{row.kept_epoch}.{row.kept_seq}" if row.kept_seq is not None else ""
        text = now.get(idea.id)
        current = f"{text.epoch}.{text.seq}" if text else ""
        came.append(
            Came(
                idea,
                row.way,
                Case(idea, actor).stage,
                tuple(names),
                version or current,
                bool(version),
            )
        )
    return tuple(came)


async def _points(tx: Transaction, reading: Reading, shown: dict[UUID, Idea]) -> tuple[Point, ...]:
    workshop_id = reading.place.workshop.id
    rows = await harvest.points(tx, workshop_id)
    settled = await harvest.settled_tasks(tx, workshop_id)
    named = await people.named(tx, {row.person_id for row in rows if row.person_id})
    return tuple(
        Point(
            row=row,
            who=named[row.person_id].name if row.person_id else row.recorded_for,
            is_guest=row.person_id is not None and is_guest(named[row.person_id].handle),
            idea=shown.get(row.idea_id) if row.idea_id else None,
            is_done=row.done_at is not None or row.number in settled,
            may_change=reading.may_change(row),
        )
        for row in rows
    )


async def _names(tx: Transaction, workshop_id: UUID) -> tuple[str, ...]:
    there = [row for row in await attendances.of_workshop(tx, workshop_id) if not row.removed_at]
    leading = await attendances.facilitators(tx, workshop_id)
    persons = await people.named(tx, {*(row.person_id for row in there), *leading})
    return tuple(sorted({each.name for each in persons.values()}, key=str.casefold))


async def read_minutes(services: Services, document_id: UUID) -> Minutes:
    """The durable text of the minutes."""
    try:
        text, _ = await services.hub.text(document_id)
    except DocumentUnreadable:
        return Minutes((), is_unreadable=True)
    return Minutes(tuple(text.sections[MINUTES_ROOT]))
