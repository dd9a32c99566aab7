"""Opening a workshop: its code, its tables, its two live documents."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid
from collab.process.actors import Actor
from collab.process.events.gathering.workshops import WorkshopEvent, WorkshopOpened
from collab.process.permissions import Action, require
from collab.process.workshop.agenda import Step, steps_to_json
from collab.process.workshop.codes import (
    ALPHABET,
    CODE_CHARS,
    TABLE_NAME_CHARS_MAX,
    TITLE_CHARS_MAX,
    check_name,
)
from collab.sync.boards.board import SCHEMA_NUMBER
from collab.sync.document import Document
from collab.sync.schema import SERVER_CLIENT
from server.actions.access import known
from server.auth import limits
from server.realtime.holders import SCHEMAS, DocumentKind
from server.services import Services
from storage import documents, events
from storage.database import Transaction
from storage.events import StoredEvent
from storage.workshop import attendances, workshops
from storage.workshop.workshops import Workshop, WorkshopTable

TABLES_MAX: Final = 40
HOURS_MAX: Final = 72
DOTS_MAX: Final = 50
AFTERWARDS: Final = timedelta(days=14)
"""So long after joining has ended, text from a device that was offline still arrives."""

CODE_TRIES: Final = 20
SCHEMA_NUMBERS: Final = {DocumentKind.BOARD: SCHEMA_NUMBER, DocumentKind.MINUTES: 1}


@dataclass(frozen=True, slots=True)
class Opening:
    """What a workshop begins with. ``hours``: how long its codes let people in."""

    title: str
    steps: Sequence[Step]
    tables: Sequence[str]
    template_id: str
    template_version: int
    hours: int = 12
    dots_per_person: int = 5
    has_remote_table: bool = True


async def open_workshop(
    services: Services, actor: Actor, opening: Opening, remote_name: str
) -> Workshop:
    """Open a workshop that the actor leads; ``remote_name`` is what the table of those far away
    is called.

    Raises:
        NotAllowed: he may not open any.
        Invalid: the title, the steps or the tables will not do.
        Limited: he has opened too many within the hour.
    """
    require(Action.OPEN_WORKSHOP, actor)
    person_id, now = known(actor), services.clock()
    await services.limiter.hit(limits.WORKSHOP_PER_PERSON, "workshop", str(person_id))
    title = check_name(opening.title, "title", TITLE_CHARS_MAX)
    names = [check_name(each, "tables", TABLE_NAME_CHARS_MAX) for each in opening.tables]
    if not 1 <= len(names) <= TABLES_MAX:
        raise Invalid(fields={"tables": "too-many" if names else "missing"})
    if not 1 <= opening.hours <= HOURS_MAX:
        raise Invalid(fields={"hours": "out-of-range"})
    if not 0 <= opening.dots_per_person <= DOTS_MAX:
        raise Invalid(fields={"dots_per_person": "out-of-range"})
    if not opening.steps:
        raise Invalid(fields={"agenda": "missing"})
    async with services.database.write() as tx:
        workshop = await _make(tx, person_id, title, opening, now)
        tables = [(name, False) for name in names]
        if opening.has_remote_table:
            tables.append((check_name(remote_name, "tables", TABLE_NAME_CHARS_MAX), True))
        for number, (name, is_remote) in enumerate(tables, start=1):
            await add_table(tx, workshop.id, number, name, is_remote=is_remote)
        event = await tell_workshop(tx, WorkshopOpened(workshop.id, workshop.code), actor, now)
    await services.announcer.announce([event])
    return workshop


async def add_table(
    tx: Transaction, workshop_id: UUID, number: int, name: str, *, is_remote: bool
) -> WorkshopTable:
    """Store a table with a code of its own."""
    table = WorkshopTable(
        id=uuid4(),
        workshop_id=workshop_id,
        number=number,
        name=name,
        code=await free_code(tx),
        is_remote=is_remote,
    )
    await workshops.add_table(tx, table)
    return table


async def tell_workshop(
    tx: Transaction,
    event: WorkshopEvent,
    actor: Actor,
    now: datetime,
    *,
    idea_id: UUID | None = None,
) -> StoredEvent:
    """Write the event of an act at a workshop, last in its transaction; announce it afterwards."""
    return await events.append(
        tx, event, idea_id=idea_id, actor_id=actor.person_id, public=False, now=now
    )


async def free_code(tx: Transaction) -> str:
    """A code that no workshop and no table has."""
    for _ in range(CODE_TRIES):
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARS))
        if await workshops.by_code(tx, code) is None:
            return code
    raise Conflict


async def _make(
    tx: Transaction, person_id: UUID, title: str, opening: Opening, now: datetime
) -> Workshop:
    """The workshop with its documents and its first facilitator."""
    joining_until = now + timedelta(hours=opening.hours)
    workshop = Workshop(
        id=uuid4(),
        code=await free_code(tx),
        title=title,
        template_id=opening.template_id,
        template_version=opening.template_version,
        agenda=steps_to_json(opening.steps),
        step_began_at=now,
        is_silent=opening.steps[0].is_silent,
        dots_per_person=opening.dots_per_person,
        created_by=person_id,
        created_at=now,
        joining_until=joining_until,
        expires_at=joining_until + AFTERWARDS,
    )
    await workshops.create(tx, workshop)
    for kind, number in SCHEMA_NUMBERS.items():
        document_id = uuid4()
        _, seed = Document.seeded(SCHEMAS[kind](number))
        await documents.create(tx, document_id, kind, number, seed, [SERVER_CLIENT], now)
        await workshops.add_document(tx, workshop.id, kind, document_id)
    await attendances.add_facilitator(tx, workshop.id, person_id, now)
    return workshop
