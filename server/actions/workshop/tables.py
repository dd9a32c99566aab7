"""What a table works on: opening an idea there, beginning a new one, putting it away.

Whoever sits at a table acts for it, and whoever leads for any. An act names the idea that its page
showed there, so that two who act at once notice each other.
"""

from dataclasses import dataclass
from uuid import UUID

from collab.errors import Conflict, NotAllowed, NotFound
from collab.process.actors import Actor
from collab.process.dossier import load_dossier
from collab.process.events.gathering.workshops import TableChanged
from collab.process.permissions import Action, may
from collab.process.workshop.harvest import Way
from collab.process.workshop.standing import Standing, require_inside
from collab.process.workshop.tables import require_opening
from server.actions.access import known
from server.actions.cases import at_idea
from server.actions.ideas import NewIdea, check_kind, insert_idea
from server.actions.seeds import seed
from server.actions.workshop.opening import tell_workshop
from server.actions.workshop.places import Place, find_place
from server.auth import limits
from server.services import Services
from storage import documents, ideas
from storage.database import Transaction
from storage.events import StoredEvent
from storage.tables.ideas import Idea
from storage.workshop import attendances, harvest, workshops
from storage.workshop import ideas as begun
from storage.workshop.workshops import Workshop, WorkshopTable


@dataclass(frozen=True, slots=True)
class AtTable:
    """A table, for somebody who may act there; ``idea`` is what it has open."""

    workshop: Workshop
    table: WorkshopTable
    idea: Idea | None


async def open_idea(
    services: Services, actor: Actor, code: str, number: int, *, ref: str, seen: str
) -> None:
    """Put an idea on the table: whoever sits there may write in it from now on.

    ``seen`` is the reference of the idea that lay there, or empty. Opening what is open is fine.

    Raises:
        NotFound: there is no such idea, or neither he nor the workshop knows it.
        NotAllowed: (not-at-this-table, not-yours-to-open) see ``require_opening``.
        Conflict: (table-moved, not-for-tables, hands-down, workshop-over).
    """
    async with services.database.write() as tx:
        at = await act_at_table(tx, actor, code, number)
        idea = await ideas.by_ref(tx, ref)
        if idea is None:
            raise NotFound(ref=ref)
        if at.idea is not None and at.idea.id == idea.id:
            return
        _require_seen(at, seen)
        here = await at_idea(tx, actor, idea)
        is_of_workshop = await begun.is_of(tx, at.workshop.id, idea.id)
        if not is_of_workshop and not may(here, Action.READ_IDEA, idea.stage):
            raise NotFound(ref=ref)
        require_opening(here, idea.stage, is_of_workshop=is_of_workshop)
        await _judge_again(tx, at.idea, idea)
        event = await _lay(services, tx, actor, at, idea)
    await services.announcer.announce([event])


async def begin_idea(
    services: Services,
    actor: Actor,
    code: str,
    number: int,
    *,
    kind: str,
    title: str,
    seen: str,
) -> Idea:
    """Begin an idea at the table, as a draft; its authors are all who sit there.

    Guests may be among them: that ideas are begun here was decided by who opened the workshop.
    Where nobody sits, whoever leads is its author.

    Raises:
        Invalid: kind or title will not do.
        Limited: he has begun too many within the hour.
        NotAllowed, Conflict: as for ``open_idea``.
    """
    person_id, now = known(actor), services.clock()
    check_kind(kind)
    template = load_dossier(kind)
    seeded = seed(template, title, {})
    await services.limiter.hit(limits.CREATE_PER_PERSON, "create", str(person_id))
    async with services.database.write() as tx:
        at = await act_at_table(tx, actor, code, number)
        _require_seen(at, seen)
        authors = await seated(tx, at.table)
        await _judge_again(tx, at.idea)
        new = NewIdea(kind=kind, title=title)
        created, made = await insert_idea(tx, actor, new, template, seeded, now, authors=authors)
        await begun.add(tx, at.workshop.id, created.idea.id, at.table.id, now)
        event = await _lay(services, tx, actor, at, created.idea)
    await services.announcer.announce([made, event])
    return created.idea


async def put_away(services: Services, actor: Actor, code: str, number: int, *, seen: str) -> None:
    """Take the idea off the table; its text stays what it is. An empty table stays empty.

    Raises:
        NotAllowed, Conflict: as for ``open_idea``.
    """
    async with services.database.write() as tx:
        at = await act_at_table(tx, actor, code, number)
        if at.idea is None:
            return
        _require_seen(at, seen)
        await _judge_again(tx, at.idea)
        event = await _lay(services, tx, actor, at, None)
    await services.announcer.announce([event])


async def act_at_table(tx: Transaction, actor: Actor, code: str, number: int) -> AtTable:
    """The table, for somebody who acts there; nobody else changes it until ``tx`` ends.

    Raises:
        NotFound: (no-such-table).
        NotAllowed: (not-at-this-table) he sits elsewhere and does not lead.
        Conflict: (workshop-over, hands-down).
    """
    person_id = known(actor)
    place = await find_place(tx, actor, code)
    require_inside(place.standing)
    workshop = await workshops.locked(tx, place.workshop.id)
    assert workshop is not None, "it was just found"
    table = await table_of(tx, workshop, number)
    if place.standing is not Standing.FACILITATOR:
        row = await attendances.get(tx, workshop.id, person_id)
        if row is None or row.table_id != table.id:
            raise NotAllowed("not-at-this-table")
    _require_hands(workshop, place)
    idea = await ideas.get(tx, table.idea_id) if table.idea_id else None
    return AtTable(workshop, table, idea)


async def table_of(tx: Transaction, workshop: Workshop, number: int) -> WorkshopTable:
    """The table of this number; raises NotFound if there is none."""
    for table in await workshops.tables(tx, workshop.id):
        if table.number == number:
            return table
    raise NotFound("no-such-table", number=number)


async def seated(tx: Transaction, table: WorkshopTable) -> list[UUID]:
    """Who sits at the table, in the order of coming."""
    there = await attendances.of_workshop(tx, table.workshop_id)
    return [row.person_id for row in there if row.table_id == table.id and row.removed_at is None]


def _require_hands(workshop: Workshop, place: Place) -> None:
    if workshop.ended_at is not None:
        raise Conflict("workshop-over")
    if workshop.is_frozen and place.standing is not Standing.FACILITATOR:
        raise Conflict("hands-down")


def _require_seen(at: AtTable, seen: str) -> None:
    now = at.idea.ref if at.idea else ""
    if now != seen:
        raise Conflict("table-moved", current=now)


async def _lay(
    services: Services, tx: Transaction, actor: Actor, at: AtTable, idea: Idea | None
) -> StoredEvent:
    """Change what lies on the table."""
    now = services.clock()
    await workshops.change_table(tx, at.table.id, {"idea_id": idea.id if idea else None})
    if idea is not None:
        await harvest.note_idea(tx, at.workshop.id, idea.id, Way.OPENED, now)
    fact = TableChanged(
        at.workshop.id,
        at.workshop.code,
        at.table.number,
        idea_id=idea.id if idea else None,
        left_id=at.idea.id if at.idea else None,
    )
    return await tell_workshop(tx, fact, actor, now)


async def _judge_again(tx: Transaction, *concerned: Idea | None) -> None:
    """Let the texts judge again who may write, before any event is written; in one order."""
    for document_id in sorted(each.document_id for each in concerned if each is not None):
        await documents.bump_access(tx, document_id)
