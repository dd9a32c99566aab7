"""Open points, volunteers, tasks and hints: written down, changed, done, taken out."""

from typing import Any
from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import Actor
from collab.process.workshop.harvest import POINTS_MAX, Said, check_point
from server.actions.access import known
from server.actions.catalogues.today import today
from server.actions.workshop.harvest.entering import (
    Reading,
    gathered,
    readable,
    tell_harvest,
    write_harvest,
)
from server.auth import limits
from server.services import Services
from storage import people
from storage.database import Transaction
from storage.workshop import attendances, harvest
from storage.workshop.harvest import HarvestPoint


async def add_point(
    services: Services,
    actor: Actor,
    code: str,
    *,
    kind: str,
    text: str,
    who: str = "",
    due: str = "",
    idea: str = "",
) -> HarvestPoint:
    """Write a point down; ``who`` is a name, ``idea`` a reference, and either may be empty.

    The name of somebody who is there stands for him; any other is what it was recorded for.

    Raises:
        Invalid: names every faulty field.
        Conflict: (harvest-full) there are as many as anybody reads.
    """
    said = check_point(kind, text, who, due, today=today(services))
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(known(actor)))
    now = services.clock()
    async with services.database.write() as tx:
        reading = await write_harvest(services, tx, actor, code)
        workshop_id = reading.place.workshop.id
        if await harvest.count(tx, workshop_id) >= POINTS_MAX:
            raise Conflict("harvest-full", most=POINTS_MAX)
        assert reading.harvest is not None, "it was locked"
        row = HarvestPoint(
            id=uuid4(),
            workshop_id=workshop_id,
            number=reading.harvest.points + 1,
            created_by=known(actor),
            created_at=now,
            **await _values(tx, reading, said, idea),
        )
        await harvest.add_point(tx, row)
        event = await tell_harvest(tx, reading, "added", now)
    await services.announcer.announce([event])
    return row


async def change_point(
    services: Services,
    actor: Actor,
    code: str,
    number: int,
    *,
    kind: str,
    text: str,
    who: str = "",
    due: str = "",
    idea: str = "",
) -> None:
    """Say anew what a point is.

    Raises:
        NotFound: (point-unknown) there is none of that number.
        NotAllowed: (not-your-point) somebody else wrote it down, and it is not his to do.
        Conflict: (point-handed-over) it is a task of an idea now.
    """
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(known(actor)))
    async with services.database.write() as tx:
        reading, row = await _own(services, tx, actor, code, number)
        said = check_point(kind, text, who, due, today=today(services), known=row.due)
        await harvest.change_point(tx, row.id, await _values(tx, reading, said, idea))
        event = await tell_harvest(tx, reading, "changed", services.clock())
    await services.announcer.announce([event])


async def settle_point(
    services: Services, actor: Actor, code: str, number: int, *, is_done: bool
) -> None:
    """Say that a point is done, or that it is open again; saying it twice is fine."""
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(known(actor)))
    now = services.clock()
    async with services.database.write() as tx:
        reading, row = await _own(services, tx, actor, code, number)
        if (row.done_at is not None) == is_done:
            return
        await harvest.change_point(tx, row.id, {"done_at": now if is_done else None})
        event = await tell_harvest(tx, reading, "settled", now)
    await services.announcer.announce([event])


async def take_out_point(services: Services, actor: Actor, code: str, number: int) -> None:
    """Take a point out of the harvest."""
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(known(actor)))
    async with services.database.write() as tx:
        reading, row = await _own(services, tx, actor, code, number)
        await harvest.delete_point(tx, row.id)
        event = await tell_harvest(tx, reading, "taken-out", services.clock())
    await services.announcer.announce([event])


async def _own(
    services: Services, tx: Transaction, actor: Actor, code: str, number: int
) -> tuple[Reading, HarvestPoint]:
    """The point, for who may change it."""
    reading = await write_harvest(services, tx, actor, code)
    row = await harvest.point(tx, reading.place.workshop.id, number)
    if row is None:
        raise NotFound("point-unknown")
    if row.task_number is not None:
        raise Conflict("point-handed-over")
    if not reading.may_change(row):
        raise NotAllowed("not-your-point")
    return reading, row


async def _values(tx: Transaction, reading: Reading, said: Said, ref: str) -> dict[str, Any]:
    """The columns of what was said."""
    person_id = await _named(tx, reading, said.who)
    return {
        "kind": said.kind.value,
        "text": said.text,
        "person_id": person_id,
        "recorded_for": "" if person_id else said.who,
        "due": said.due,
        "idea_id": await _idea(tx, reading, ref),
    }


async def _named(tx: Transaction, reading: Reading, name: str) -> UUID | None:
    """Whose name this is, of those who are there: one's own first, and none if two have it."""
    if not name:
        return None
    if name == reading.actor.name:
        return reading.actor.person_id
    workshop_id = reading.place.workshop.id
    there = [row for row in await attendances.of_workshop(tx, workshop_id) if not row.removed_at]
    leading = await attendances.facilitators(tx, workshop_id)
    persons = await people.named(tx, {*(row.person_id for row in there), *leading})
    found = [each.id for each in persons.values() if each.name == name]
    return found[0] if len(found) == 1 else None


async def _idea(tx: Transaction, reading: Reading, ref: str) -> UUID | None:
    """The idea of that reference, if it belongs to the workshop and he may read it."""
    if not ref.strip():
        return None
    belonging = [idea for _, idea in await gathered(tx, reading.place.workshop.id)]
    found = [idea for idea in belonging if idea.ref == ref.strip()]
    if not await readable(tx, reading.actor, found):
        raise Invalid(fields={"idea": "unknown-idea"})
    return found[0].id
