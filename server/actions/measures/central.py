"""Central measures: entered by the coordination office alone, and linked from ideas (rule 1)."""

from datetime import datetime
from uuid import UUID

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import Actor
from collab.process.alignment.statements import FIELDS_OF_ACTION
from collab.process.calendar.berlin import berlin_date
from collab.process.events.measures import (
    CentralLinked,
    CentralMeasureChanged,
    CentralMeasureEntered,
    CentralMeasureRefused,
    CentralUnlinked,
)
from collab.process.measures.central import Entry, LinkKind, check_entry, check_reason
from collab.process.measures.numbers import Series
from collab.process.measures.register import MeasureKind, Progress
from collab.process.permissions import Action, may, require
from collab.process.responsibility.rules import Body
from server.actions.access import known
from server.actions.cases import acting_case, tell
from server.actions.responsibility.standing import body, organisation_of
from server.auth import limits
from server.errors import SIGN_IN_REQUIRED
from server.services import Services
from storage import events
from storage.database import Transaction
from storage.process import catalogues
from storage.process.measures import central
from storage.process.measures import register as measures
from storage.process.measures.central import CentralMeasure


async def enter(
    services: Services, actor: Actor, entry: Entry, *, organisation_id: UUID
) -> CentralMeasure:
    """Enter a central measure in the register.

    Raises:
        NotAllowed: the actor is not of the coordination office; the attempt is on record.
    """
    await _require_office(services, actor, entry.title)
    now = services.clock()
    async with services.database.write() as tx:
        checked = await _checked(tx, entry, now)
        lead = await _body(tx, organisation_id, now)
        number = await measures.next_number(tx, Series.MEASURE, berlin_date(now).year)
        await measures.enter(tx, number, MeasureKind.CENTRAL, now)
        row = await central.create(
            tx,
            number=str(number),
            title=checked.title,
            text=checked.text,
            fields=list(checked.fields),
            organisation_id=lead.id,
            organisation_name=lead.name,
            status=checked.status,
            created_by=known(actor),
            created_at=now,
            changed_at=now,
        )
        fact = CentralMeasureEntered(row.number, row.title)
        event = await events.append(
            tx, fact, idea_id=None, actor_id=actor.person_id, public=True, now=now
        )
    await services.announcer.announce([event])
    return await read(services, row.number)


async def change(
    services: Services,
    actor: Actor,
    number: str,
    entry: Entry,
    *,
    organisation_id: UUID,
    expected_revision: int,
    reason: str,
) -> CentralMeasure:
    """Change what the register says of a central measure, for a reason.

    Raises:
        Conflict: (revision-moved) somebody changed it since.
    """
    await _require_office(services, actor, entry.title)
    said, now = check_reason(reason), services.clock()
    async with services.database.write() as tx:
        before = await _found(tx, number)
        checked = await _checked(tx, entry, now)
        is_same = before.organisation_id == organisation_id
        lead = None if is_same else await _body(tx, organisation_id, now)
        changed = await central.change(
            tx,
            number,
            expected_revision,
            title=checked.title,
            text=checked.text,
            fields=list(checked.fields),
            organisation_id=organisation_id,
            organisation_name=lead.name if lead else before.organisation_name,
            status=checked.status,
            changed_at=now,
        )
        if not changed:
            raise Conflict("revision-moved", current={"revision": before.revision})
        fact = CentralMeasureChanged(number, checked.title, said)
        event = await events.append(
            tx, fact, idea_id=None, actor_id=actor.person_id, public=True, now=now
        )
    await services.announcer.announce([event])
    return await read(services, number)


async def link(
    services: Services, actor: Actor, ref: str, number: str, kind: LinkKind, *, note: str = ""
) -> None:
    """Say that the idea builds on a central measure, or is referred to it.

    Raises:
        NotAllowed: only the coordination office refers ideas.
        Conflict: (already-linked) it is said already.
    """
    await services.limiter.hit(limits.RELATE_PER_PERSON, "central-link", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.LINK_CENTRAL)
        _require_referrer(case.actor, kind)
        said = check_reason(note, "note", required=False)
        found = await _found(tx, number)
        by = case.person_id
        if not await central.link(tx, case.idea.id, number, kind, note=said, by=by, now=now):
            raise Conflict("already-linked")
        event = await tell(tx, case, CentralLinked(number, found.title, kind.value), now)
    await services.announcer.announce([event])


async def unlink(services: Services, actor: Actor, ref: str, number: str, kind: LinkKind) -> None:
    """Take back that the idea belongs to a central measure."""
    await services.limiter.hit(limits.RELATE_PER_PERSON, "central-link", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.LINK_CENTRAL)
        _require_referrer(case.actor, kind)
        found = await _found(tx, number)
        if not await central.unlink(tx, case.idea.id, number, kind):
            raise NotFound("link-not-found")
        event = await tell(tx, case, CentralUnlinked(number, found.title, kind.value), now)
    await services.announcer.announce([event])


async def read(services: Services, number: str) -> CentralMeasure:
    """The central measure as it is now."""
    async with services.database.read() as tx:
        return await _found(tx, number)


async def _require_office(services: Services, actor: Actor, title: str) -> None:
    """Refuse everybody else, and put on record who tried (AC-M1a)."""
    if actor.person_id is None:
        raise NotAllowed(SIGN_IN_REQUIRED)
    if may(actor, Action.MANAGE_CENTRAL):
        return
    await services.limiter.hit(limits.REFUSED_PER_PERSON, "central", str(actor.person_id))
    shown = " ".join(title.replace("\0", "").split())[:200]
    async with services.database.write() as tx:
        await events.append(
            tx,
            CentralMeasureRefused(shown),
            idea_id=None,
            actor_id=actor.person_id,
            public=False,
            now=services.clock(),
        )
    require(Action.MANAGE_CENTRAL, actor)


def _require_referrer(actor: Actor, kind: LinkKind) -> None:
    if kind is LinkKind.REFERRED:
        require(Action.MANAGE_CENTRAL, actor)


async def _checked(tx: Transaction, entry: Entry, now: datetime) -> Entry:
    today = berlin_date(now)
    catalogue = await catalogues.current(tx, FIELDS_OF_ACTION, today)
    choices = [each.id for each in catalogue.choices(today)]
    return check_entry(entry, choices, [each.value for each in Progress])


async def _body(tx: Transaction, organisation_id: UUID, now: datetime) -> Body:
    """An organisation that can be chosen today."""
    found = body(await organisation_of(tx, organisation_id, "organisation_id"))
    if found.has_ended(berlin_date(now)):
        raise Invalid(fields={"organisation_id": "unknown-choice"})
    return found


async def _found(tx: Transaction, number: str) -> CentralMeasure:
    found = await central.get(tx, number)
    if found is None:
        raise NotFound("measure-not-found")
    return found
