"""What those who lead say of the harvest: when people meet again, who reads it, which ideas."""

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import Actor
from collab.process.workshop.harvest import IDEAS_MAX, Way, check_meeting
from collab.process.workshop.standing import require_facilitator
from server.actions.access import known
from server.actions.cases import open_case
from server.actions.workshop.harvest.entering import Reading, tell_harvest, write_harvest
from server.actions.workshop.places import find_place
from server.auth import limits
from server.services import Services
from storage.database import Transaction
from storage.workshop import harvest


async def lead_harvest(services: Services, tx: Transaction, actor: Actor, code: str) -> Reading:
    """The harvest for somebody who leads the evening; nobody else writes until ``tx`` ends.

    Raises:
        NotFound: he has nothing to do with it.
        NotAllowed: (facilitators-only) he only takes part.
    """
    known(actor)
    require_facilitator((await find_place(tx, actor, code)).standing)
    return await write_harvest(services, tx, actor, code)


async def set_meeting(
    services: Services, actor: Actor, code: str, *, day: str, begins: str, ends: str, place: str
) -> None:
    """Say when and where people meet again; nothing at all takes the date back.

    Raises:
        Invalid: names every faulty field.
    """
    now = services.clock()
    meeting = check_meeting(day, begins, ends, place, now=now)
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(known(actor)))
    async with services.database.write() as tx:
        reading = await lead_harvest(services, tx, actor, code)
        held = reading.harvest
        assert held is not None, "it was locked"
        values: dict[str, object] = {
            "meets_at": meeting and meeting.starts_at,
            "meets_until": meeting and meeting.ends_at,
            "meeting_place": meeting.place if meeting else "",
        }
        if all(getattr(held, name) == value for name, value in values.items()):
            return
        counted = {"meeting_change": held.meeting_change + 1, "meeting_changed_at": now}
        await harvest.change(tx, held.workshop_id, {**values, **counted})
        event = await tell_harvest(tx, reading, "meeting", now)
    await services.announcer.announce([event])


async def publish(services: Services, actor: Actor, code: str, *, is_public: bool) -> None:
    """Let everybody read the harvest, or only those who were there; saying it twice is fine."""
    now = services.clock()
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(known(actor)))
    async with services.database.write() as tx:
        reading = await lead_harvest(services, tx, actor, code)
        held = reading.harvest
        assert held is not None, "it was locked"
        if (held.published_at is not None) == is_public:
            return
        values = {"published_at": now if is_public else None}
        await harvest.change(tx, held.workshop_id, values)
        event = await tell_harvest(tx, reading, "published" if is_public else "kept-inside", now)
    await services.announcer.announce([event])


async def add_idea(services: Services, actor: Actor, code: str, ref: str) -> None:
    """Note that an idea was worked on here; noting it again is fine.

    Raises:
        Invalid: (idea) there is none that he may read.
        Conflict: (harvest-full) more than anybody works on in an evening.
    """
    now = services.clock()
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(known(actor)))
    async with services.database.write() as tx:
        reading = await lead_harvest(services, tx, actor, code)
        try:
            case = await open_case(tx, actor, ref.strip())
        except NotFound:
            raise Invalid(fields={"idea": "unknown-idea"}) from None
        workshop_id = reading.place.workshop.id
        if len(await harvest.ideas_of(tx, workshop_id)) >= IDEAS_MAX:
            raise Conflict("harvest-full", most=IDEAS_MAX)
        if not await harvest.note_idea(tx, workshop_id, case.idea.id, Way.ADDED, now):
            return
        event = await tell_harvest(tx, reading, "idea-added", now)
    await services.announcer.announce([event])
