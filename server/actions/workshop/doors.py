"""Who may still come in, and when the evening is over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from collab.errors import Conflict, Invalid
from collab.process.actors import GUEST, Actor
from collab.process.events.gathering.workshops import (
    TableChanged,
    WorkshopEnded,
    WorkshopEvent,
    WorkshopLed,
)
from collab.process.workshop.harvest import Way
from server.actions.workshop.opening import AFTERWARDS, HOURS_MAX, tell_workshop
from server.actions.workshop.places import lead_workshop, require_running
from server.actions.workshop.seats import bump_table
from server.services import Services
from storage.database import Transaction
from storage.events import StoredEvent
from storage.workshop import attendances, harvest, workshops
from storage.workshop.workshops import Workshop


async def close_joining(services: Services, actor: Actor, code: str) -> None:
    """Let nobody else come in; who is in stays."""
    await _set_closed(services, actor, code, is_closed=True)


async def open_joining(services: Services, actor: Actor, code: str) -> None:
    """Let people come in again, as long as the codes last.

    Raises:
        Conflict: (joining-over) the codes have run out; they can be prolonged.
    """
    await _set_closed(services, actor, code, is_closed=False)


async def prolong_codes(services: Services, actor: Actor, code: str, hours: int) -> None:
    """Let the codes last so many hours from now, and all that hangs on them accordingly longer.

    Raises:
        Invalid: longer than codes may last.
    """
    if not 1 <= hours <= HOURS_MAX:
        raise Invalid(fields={"hours": "out-of-range"})
    now = services.clock()
    async with services.database.write() as tx:
        workshop = (await lead_workshop(tx, actor, code)).workshop
        require_running(workshop)
        until = max(workshop.joining_until, now + timedelta(hours=hours))
        ends_at = until + AFTERWARDS
        values = {"joining_until": until, "expires_at": ends_at, "closed_at": None}
        await workshops.change(tx, workshop.id, values)
        await attendances.prolong_guests(tx, workshop.id, workshop.expires_at, ends_at)
        fact = WorkshopLed(workshop.id, workshop.code, "prolonged")
        event = await tell_workshop(tx, fact, actor, now)
    await services.announcer.announce([event])


async def end_workshop(services: Services, actor: Actor, code: str) -> None:
    """End the evening: nobody leads it and nobody comes in; what was typed offline still arrives.

    Raises:
        Conflict: (workshop-over) it has ended before.
    """
    now = services.clock()
    async with services.database.write() as tx:
        workshop = (await lead_workshop(tx, actor, code)).workshop
        require_running(workshop)
        values = {"ended_at": now, "timer_ends_at": None, "is_frozen": False}
        fact = WorkshopEnded(workshop.id, workshop.code)
        event = await _change(tx, workshop, values, fact, actor, now)
    await services.announcer.announce([event])


async def resume_workshop(services: Services, actor: Actor, code: str) -> None:
    """Go on with an evening that was ended too early."""
    now = services.clock()
    async with services.database.write() as tx:
        workshop = (await lead_workshop(tx, actor, code)).workshop
        if workshop.expires_at <= now:
            raise Conflict("workshop-over")
        fact = WorkshopLed(workshop.id, workshop.code, "resumed")
        event = await _change(tx, workshop, {"ended_at": None}, fact, actor, now)
    await services.announcer.announce([event])


async def expired(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
    """The workshops whose time is over and whose tables still have ideas open."""
    return [each.id for each in await workshops.running_out(tx, now, limit)]


async def leave_ideas(services: Services, workshop_id: UUID) -> None:
    """Close the ideas of all tables of an expired workshop, and with them the rights there."""
    now = services.clock()
    async with services.database.write() as tx:
        workshop = await workshops.locked(tx, workshop_id)
        if workshop is None or workshop.expires_at > now:
            return
        told = []
        for table in await workshops.tables(tx, workshop_id):
            if table.idea_id is None:
                continue
            await bump_table(tx, table.id)
            await harvest.note_idea(tx, workshop_id, table.idea_id, Way.OPENED, now)
            await workshops.change_table(tx, table.id, {"idea_id": None})
            fact = TableChanged(workshop_id, workshop.code, table.number)
            told.append(await tell_workshop(tx, fact, GUEST, now))
    await services.announcer.announce(told)


async def _set_closed(services: Services, actor: Actor, code: str, *, is_closed: bool) -> None:
    now = services.clock()
    async with services.database.write() as tx:
        workshop = (await lead_workshop(tx, actor, code)).workshop
        require_running(workshop)
        if not is_closed and workshop.joining_until <= now:
            raise Conflict("joining-over")
        fact = WorkshopLed(workshop.id, workshop.code, "closed" if is_closed else "opened")
        values = {"closed_at": now if is_closed else None}
        event = await _change(tx, workshop, values, fact, actor, now)
    await services.announcer.announce([event])


async def _change(
    tx: Transaction,
    workshop: Workshop,
    values: Mapping[str, Any],
    fact: WorkshopEvent,
    actor: Actor,
    now: datetime,
) -> StoredEvent:
    await workshops.change(tx, workshop.id, values)
    return await tell_workshop(tx, fact, actor, now)
