"""The tables of a workshop: who sits there, what they work on, and what they wrote last."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from collab.process.dossier import load_dossier_version
from collab.process.processes import load_process
from collab.process.stages import Stage
from collab.process.templates.reading import Words
from collab.process.workshop.wall import LINE_CHARS, ending
from server.realtime.rooms.loading import DocumentUnreadable
from server.services import Services
from server.views.workshop.lines import LATELY, Lines
from storage import documents, events, ideas, people
from storage.database import Transaction
from storage.tables.ideas import Idea
from storage.workshop import attendances, workshops
from storage.workshop.workshops import Workshop, WorkshopTable


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody at a table; ``is_writing`` if he has its idea open now."""

    name: str
    is_writing: bool = False


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as others see it. ``section`` is where ``lines`` were written last."""

    number: int
    name: str
    is_remote: bool
    people: tuple[Sitting, ...]
    seats: int
    ref: str = ""
    title: str = ""
    stage: Stage | None = None
    section: Words | None = None
    lines: tuple[str, ...] = ()
    is_unreadable: bool = False

    @property
    def writing(self) -> int:
        """How many of them have the idea open."""
        return sum(each.is_writing for each in self.people)


@dataclass(frozen=True, slots=True)
class Room:
    """The rows of a workshop of one moment, before any text is read."""

    workshop: Workshop
    tables: Sequence[WorkshopTable]
    ideas: dict[UUID, Idea]
    seated: dict[UUID | None, tuple[tuple[UUID, str], ...]]
    """Who sits where, in the order of coming; under None who sits nowhere."""

    @property
    def people(self) -> int:
        """How many are there."""
        return sum(map(len, self.seated.values()))


async def room_of(tx: Transaction, workshop: Workshop) -> Room:
    """Tables, people and open ideas of the workshop."""
    tables = await workshops.tables(tx, workshop.id)
    there = [row for row in await attendances.of_workshop(tx, workshop.id) if not row.removed_at]
    named = await people.named(tx, [row.person_id for row in there])
    seated: dict[UUID | None, list[tuple[UUID, str]]] = {}
    for row in there:
        if row.person_id in named:
            shown = (row.person_id, named[row.person_id].name)
            seated.setdefault(row.table_id, []).append(shown)
    opened = [table.idea_id for table in tables if table.idea_id is not None]
    found = {each.id: each for each in await ideas.of_ids(tx, opened)} if opened else {}
    places = {table_id: tuple(persons) for table_id, persons in seated.items()}
    return Room(workshop, tables, found, places)


async def stamp_of(services: Services, tx: Transaction, room: Room) -> str:
    """What changes whenever the tables look different: events, texts, and who is at them."""
    documents_open = [each.document_id for each in room.ideas.values()]
    heads = await documents.heads(tx, documents_open)
    shown = (
        await events.last_id(tx),
        sorted((str(each.id), each.epoch, each.seq) for each in heads.values()),
        [sorted(each.handle for each in services.hub.present(key)) for key in documents_open],
    )
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


async def table_views(services: Services, room: Room) -> tuple[TableView, ...]:
    """The tables in their order, each with the durable text of now."""
    return tuple([await _view(services, room, table) for table in room.tables])


async def _view(services: Services, room: Room, table: WorkshopTable) -> TableView:
    idea = room.ideas.get(table.idea_id) if table.idea_id else None
    persons = room.seated.get(table.id, ())
    if idea is None:
        sitting = tuple(Sitting(name) for _, name in persons)
        return TableView(table.number, table.name, table.is_remote, sitting, len(sitting))
    here = {each.person_id for each in services.hub.present(idea.document_id)}
    sitting = tuple(Sitting(name, person_id in here) for person_id, name in persons)
    title, lines, is_unreadable = idea.title, Lines(), False
    try:
        text, _ = await services.hub.text(idea.document_id)
    except DocumentUnreadable:
        is_unreadable = True
    else:
        title, lines = text.title or title, LATELY.lines(idea.document_id, text)
    section = load_dossier_version(idea.template_id, idea.template_version).section(lines.section)
    return TableView(
        number=table.number,
        name=table.name,
        is_remote=table.is_remote,
        people=sitting,
        seats=len(sitting),
        ref=idea.ref,
        title=title,
        stage=load_process(idea.process_id, idea.process_version).stage(idea.stage),
        section=section.label if section else None,
        lines=tuple(ending(each, LINE_CHARS) for each in lines.texts),
        is_unreadable=is_unreadable,
    )
