"""Where people sit, whose hand is up, and the tables themselves."""

from typing import Final
from uuid import UUID

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import Actor
from collab.process.events.gathering.workshops import (
    AttendanceChanged,
    PersonSeated,
    TableChanged,
    WorkshopEvent,
)
from collab.process.workshop.codes import TABLE_NAME_CHARS_MAX, check_name
from server.actions.access import known
from server.actions.workshop.opening import TABLES_MAX, add_table, tell_workshop
from server.actions.workshop.places import (
    enter_workshop,
    lead_workshop,
    require_running,
)
from server.services import Services
from storage import documents, ideas
from storage.database import Transaction
from storage.events import StoredEvent
from storage.workshop import attendances, workshops
from storage.workshop.workshops import Workshop, WorkshopTable

NOWHERE: Final = 0
"""The number of no table: whoever sits there is in the room."""


async def raise_hand(services: Services, actor: Actor, code: str, *, up: bool) -> None:
    """Raise one's own hand, or take it down; a hand that is up keeps its turn."""
    person_id, now = known(actor), services.clock()
    async with services.database.write() as tx:
        place = await enter_workshop(tx, actor, code)
        require_running(place.workshop)
        row = await attendances.get(tx, place.workshop.id, person_id)
        if row is None or (row.hand_raised_at is not None) is up:
            return
        await attendances.raise_hand(tx, place.workshop.id, person_id, now if up else None)
        fact = AttendanceChanged(place.workshop.id, place.workshop.code, person_id)
        event = await tell_workshop(tx, fact, actor, now)
    await services.announcer.announce([event])


async def lower_hand(services: Services, actor: Actor, code: str, person_id: UUID) -> None:
    """Take down the hand of somebody who has had his turn; for who leads."""
    now = services.clock()
    async with services.database.write() as tx:
        place = await lead_workshop(tx, actor, code, changes=False)
        await _table_now(tx, place.workshop, person_id)
        await attendances.raise_hand(tx, place.workshop.id, person_id, None)
        fact = AttendanceChanged(place.workshop.id, place.workshop.code, person_id)
        event = await tell_workshop(tx, fact, actor, now)
    await services.announcer.announce([event])


async def sit_down(services: Services, actor: Actor, code: str, number: int) -> None:
    """Sit down at the table of that number oneself; ``NOWHERE`` is in the room.

    Raises:
        NotAllowed: (join-first) he does not take part.
        NotFound: he leads, and has no place of his own.
        Invalid: there is no such table.
    """
    person_id = known(actor)
    async with services.database.write() as tx:
        place = await enter_workshop(tx, actor, code)
        await workshops.held(tx, place.workshop.id)
        events = await _seat(services, tx, place.workshop, actor, person_id, number)
    await services.announcer.announce(events)


async def move_person(
    services: Services, actor: Actor, code: str, person_id: UUID, number: int
) -> None:
    """Let somebody else sit at a table; for who leads."""
    async with services.database.write() as tx:
        place = await lead_workshop(tx, actor, code, changes=False)
        events = await _seat(services, tx, place.workshop, actor, person_id, number)
    await services.announcer.announce(events)


async def open_table(
    services: Services, actor: Actor, code: str, name: str, *, is_remote: bool = False
) -> WorkshopTable:
    """Add a table with a code of its own.

    Raises:
        Conflict: (too-many-tables) there are as many as can be.
    """
    shown, now = check_name(name, "name", TABLE_NAME_CHARS_MAX), services.clock()
    async with services.database.write() as tx:
        place = await lead_workshop(tx, actor, code)
        require_running(place.workshop)
        there = await workshops.tables(tx, place.workshop.id)
        if len(there) > TABLES_MAX:
            raise Conflict("too-many-tables", most=TABLES_MAX)
        number = max(each.number for each in there) + 1
        table = await add_table(tx, place.workshop.id, number, shown, is_remote=is_remote)
        fact = TableChanged(place.workshop.id, place.workshop.code, number)
        event = await tell_workshop(tx, fact, actor, now)
    await services.announcer.announce([event])
    return table


async def rename_table(services: Services, actor: Actor, code: str, number: int, name: str) -> None:
    """Call a table something else."""
    shown, now = check_name(name, "name", TABLE_NAME_CHARS_MAX), services.clock()
    async with services.database.write() as tx:
        place = await lead_workshop(tx, actor, code)
        table = await table_of(tx, place.workshop, number)
        if table is None:
            raise Invalid(fields={"table": "unknown-choice"})
        await workshops.change_table(tx, table.id, {"name": shown})
        fact = TableChanged(place.workshop.id, place.workshop.code, number, table.idea_id)
        event = await tell_workshop(tx, fact, actor, now)
    await services.announcer.announce([event])


async def table_of(tx: Transaction, workshop: Workshop, number: int) -> WorkshopTable | None:
    """The table of that number; None for ``NOWHERE``.

    Raises:
        Invalid: there is no such table.
    """
    if number == NOWHERE:
        return None
    for each in await workshops.tables(tx, workshop.id):
        if each.number == number:
            return each
    raise Invalid(fields={"table": "unknown-choice"})


async def reseat(
    tx: Transaction, workshop: Workshop, person_id: UUID, table: WorkshopTable | None
) -> WorkshopEvent | None:
    """Move the person, and judge again who writes at the ideas of both tables; None if he stays."""
    before, after = await _table_now(tx, workshop, person_id), table.id if table else None
    if before == after:
        return None
    await attendances.sit(tx, workshop.id, person_id, after)
    for each in (before, after):
        if each is not None:
            await bump_table(tx, each)
    return PersonSeated(workshop.id, workshop.code, person_id)


async def bump_table(tx: Transaction, table_id: UUID) -> None:
    """Who may write in the idea of the table has changed."""
    table = await workshops.table(tx, table_id)
    idea = await ideas.get(tx, table.idea_id) if table and table.idea_id else None
    if idea is not None:
        await documents.bump_access(tx, idea.document_id)


async def _seat(
    services: Services,
    tx: Transaction,
    workshop: Workshop,
    actor: Actor,
    person_id: UUID,
    number: int,
) -> list[StoredEvent]:
    fact = await reseat(tx, workshop, person_id, await table_of(tx, workshop, number))
    return [await tell_workshop(tx, fact, actor, services.clock())] if fact else []


async def _table_now(tx: Transaction, workshop: Workshop, person_id: UUID) -> UUID | None:
    """At which table the person sits.

    Raises:
        NotFound: he is not there.
    """
    row = await attendances.get(tx, workshop.id, person_id)
    if row is None or row.removed_at is not None:
        raise NotFound
    return row.table_id
