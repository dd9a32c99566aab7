"""Handing the harvest over: tasks become tasks of the ideas, and the texts are kept as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from collab.errors import Conflict, NotFound
from collab.process.actors import Actor, Role
from collab.process.events.gathering.harvest import WorkshopHarvested
from collab.process.permissions import Action, may
from collab.process.talk.tasks import TEXT_CHARS_MAX, Planned
from collab.process.workshop.harvest import PointKind
from server.actions.access import known
from server.actions.cases import Case, acting_case, tell
from server.actions.catalogues.today import today
from server.actions.live.exact_text import exact_text
from server.actions.talk.tasks import put_task
from server.actions.talk.telling import able
from server.actions.workshop.harvest.entering import Reading, gathered, tell_harvest
from server.actions.workshop.harvest.leading import lead_harvest
from server.auth import limits
from server.services import Services
from storage import people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.ideas import Idea
from storage.workshop import harvest
from storage.workshop.harvest import HarvestPoint, WorkshopIdea

NOT_READABLE: Final = "not-readable"
NO_TASKS: Final = "no-tasks"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many tasks the ideas have now that they had not before; which ideas took none, and why.

    ``left`` has codes by references: ``not-readable``, ``no-tasks`` for a stage that takes none,
    or that of the refusal.
    """

    tasks: int
    left: tuple[tuple[str, str], ...]


async def hand_over(services: Services, actor: Actor, code: str) -> HandedOver:
    """Make the tasks tasks of their ideas, and keep which text each idea has now.

    Each idea is a transaction of its own, so a fault at one leaves the others handed over; doing
    it again hands over what has come since, and nothing twice.

    Raises:
        NotFound, NotAllowed: he does not lead the evening.
    """
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(known(actor)))
    async with services.database.write() as tx:
        reading = await lead_harvest(services, tx, actor, code)
        found = await gathered(tx, reading.place.workshop.id)
        for row, idea in found:
            await harvest.note_idea(tx, row.workshop_id, idea.id, row.way, services.clock())
    told: list[StoredEvent] = []
    left: list[tuple[str, str]] = []
    made = 0
    for _, idea in found:
        try:
            count, events = await _one(services, reading, idea)
        except (Conflict, NotFound) as refusal:
            left.append((idea.ref, _why(refusal)))
            continue
        made += count
        told += events
    now = services.clock()
    async with services.database.write() as tx:
        held = await harvest.locked(tx, reading.place.workshop.id)
        if held.handed_over_at is None:
            await harvest.change(tx, held.workshop_id, {"handed_over_at": now})
        told.append(await tell_harvest(tx, reading, "handed-over", now))
    await services.announcer.announce(told)
    return HandedOver(made, tuple(left))


async def _one(services: Services, reading: Reading, idea: Idea) -> tuple[int, list[StoredEvent]]:
    """Hand over what belongs to one idea."""
    exact = await exact_text(services, idea.document_id)
    workshop, now = reading.place.workshop, services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, reading.actor, idea.ref, Action.READ_IDEA)
        await harvest.locked(tx, workshop.id)
        points = await _open_tasks(tx, workshop.id, idea.id)
        if points and not _takes_tasks(case):
            raise Conflict(NO_TASKS)
        told = [await _become(services, tx, case, point) for point in points]
        row = await _row(tx, workshop.id, idea.id)
        is_first = row.kept_seq is None
        if is_first:
            await exact.pin(tx, idea.document_id, services)
            version = exact.version
            await harvest.keep_version(tx, workshop.id, idea.id, version.epoch, version.seq)
        if is_first or points:
            fact = WorkshopHarvested(workshop.id, workshop.title, len(points))
            told.append(await tell(tx, case, fact, now))
    return len(points), told


async def _open_tasks(tx: Transaction, workshop_id: UUID, idea_id: UUID) -> Sequence[HarvestPoint]:
    """The tasks at the idea that are still to be handed over; the idea's head is locked."""
    return [
        row
        for row in await harvest.points(tx, workshop_id)
        if row.idea_id == idea_id
        and row.kind == PointKind.TASK
        and row.task_number is None
        and row.done_at is None
    ]


async def _become(
    services: Services, tx: Transaction, case: Case, point: HarvestPoint
) -> StoredEvent:
    """One task of the idea; whose it cannot be is named in its words."""
    due = point.due if point.due is None or point.due >= today(services) else None
    named = await people.named(tx, [point.person_id] if point.person_id else [])
    persons = list(named.values())
    owners = await able(tx, case, persons, Action.FINISH_TASK)
    who = point.recorded_for or "".join(each.name for each in persons if not owners)
    text = point.text
    if who:
        said = f" ({who})"
        text = text[: TEXT_CHARS_MAX - len(said)] + said
    owner = owners[0].handle if owners else ""
    row, event = await put_task(tx, case, Planned(text, due), owner, services)
    await harvest.change_point(tx, point.id, {"task_number": row.number})
    return event


def _takes_tasks(case: Case) -> bool:
    """Whether the team could plan a task now: who leads the evening hands tasks to nobody else."""
    return may(case.actor.with_roles([Role.AUTHOR]), Action.MANAGE_TASKS, case.idea.stage)


async def _row(tx: Transaction, workshop_id: UUID, idea_id: UUID) -> WorkshopIdea:
    found = await harvest.ideas_of(tx, workshop_id)
    return next(row for row, idea in found if idea.id == idea_id)


def _why(refusal: Conflict | NotFound) -> str:
    return NOT_READABLE if isinstance(refusal, NotFound) else refusal.code
