"""Tasks: planned, given to somebody, done or dropped. Each is one transaction with its event."""

from datetime import date
from typing import Final
from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import Actor
from collab.process.events.talk import TaskAdded, TaskChanged, TaskSettled
from collab.process.following.notices import NoticeReason
from collab.process.permissions import Action, may
from collab.process.talk.tasks import (
    OPEN_TASKS_MAX,
    TASKS_MAX,
    Planned,
    TaskState,
    check_settling,
    check_task,
)
from server.actions.access import known
from server.actions.cases import Case, acting_case, at_idea, tell
from server.actions.catalogues.today import today
from server.actions.following.addressing import address
from server.actions.talk.telling import able
from server.auth import limits
from server.services import Services
from storage import ideas, people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.tables.ideas import Idea
from storage.talk import tasks
from storage.talk.tasks import Task

MINE_MAX: Final = 200


async def add_task(
    services: Services, actor: Actor, ref: str, *, text: str, owner: str = "", due: str = ""
) -> Task:
    """Plan a task; ``owner`` is a handle, or empty as long as it is nobody's.

    Raises:
        Invalid: text, owner or day is faulty; names every field.
        Conflict: (tasks-full) the idea holds as many as anybody can oversee.
    """
    planned = wanted_task(services, text, due)
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.MANAGE_TASKS)
        row, event = await put_task(tx, case, planned, owner, services)
    await services.announcer.announce([event])
    return row


async def change_task(
    services: Services,
    actor: Actor,
    ref: str,
    number: int,
    *,
    text: str,
    owner: str = "",
    due: str = "",
) -> Task:
    """Say anew what is to be done, by whom and until when.

    Raises:
        NotFound: (task-unknown) there is none of that number.
        Conflict: (task-settled) it is done or dropped.
    """
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.MANAGE_TASKS)
        row = await task_of(tx, case, number)
        if row.state != TaskState.OPEN:
            raise Conflict("task-settled")
        planned = wanted_task(services, text, due, row.due)
        before = row.owner_id
        owner_id = await _owner(tx, case, owner, before)
        if (planned.text, planned.due, owner_id) == (row.text, row.due, before):
            return row
        await tasks.change(
            tx,
            row.id,
            text=planned.text,
            owner_id=owner_id,
            due=planned.due,
            hidden_with=row.hidden_with if planned.text == row.text else None,
        )
        event = await tell(tx, case, TaskChanged(str(number), owner_id), services.clock())
        if owner_id is not None and owner_id != before:
            await address(tx, event, [owner_id], NoticeReason.ASSIGNED)
        row = await task_of(tx, case, number)
    await services.announcer.announce([event])
    return row


async def settle_task(
    services: Services, actor: Actor, ref: str, number: int, *, state: str, reason: str = ""
) -> Task:
    """Say that a task is done or dropped, or open it again; also for whose it is.

    Raises:
        Invalid: the state is unknown, or a dropped task has no reason.
        NotAllowed: (not-your-task) he is neither of those who plan nor whose task it is.
        Conflict: (task-settled) somebody settled it before; (tasks-full) too many are open.
    """
    found, why = check_settling(state, reason)
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.FINISH_TASK)
        row = await task_of(tx, case, number)
        if not may_finish(case, row):
            raise NotAllowed("not-your-task")
        if row.state == found:
            return row
        if found is TaskState.OPEN:
            await _require_room(tx, case)
        elif row.state != TaskState.OPEN:
            raise Conflict("task-settled")
        now = services.clock()
        await tasks.settle(tx, row.id, state=found, reason=why, by=case.person_id, now=now)
        event = await tell(tx, case, TaskSettled(str(number), found.value), now)
        row = await task_of(tx, case, number)
    await services.announcer.announce([event])
    return row


async def my_tasks(tx: Transaction, actor: Actor) -> list[tuple[Task, Idea]]:
    """What is the actor's to do at ideas that he may read, the most urgent first."""
    found = await tasks.of_person(tx, known(actor), MINE_MAX)
    held = await ideas.team(tx, {idea.id for _, idea in found})
    readable = set()
    for idea in {idea.id: idea for _, idea in found}.values():
        here = await at_idea(tx, actor, idea) if idea.id in held else actor
        if may(here, Action.READ_IDEA, idea.stage):
            readable.add(idea.id)
    return [(row, idea) for row, idea in found if idea.id in readable]


def may_finish(case: Case, row: Task) -> bool:
    """Whether the actor may say that the task is done: who plans, and whose it is."""
    is_own = row.owner_id is not None and row.owner_id == case.actor.person_id
    return case.may(Action.MANAGE_TASKS) or (is_own and case.may(Action.FINISH_TASK))


def wanted_task(services: Services, text: str, due: str, known_due: date | None = None) -> Planned:
    """What somebody typed as a task, checked against today in Berlin."""
    return check_task(text, due, today=today(services), known=known_due)


async def put_task(
    tx: Transaction,
    case: Case,
    planned: Planned,
    owner: str,
    services: Services,
    *,
    comment_id: UUID | None = None,
) -> tuple[Task, StoredEvent]:
    """Write the task and its event, and tell whose it is."""
    await _require_room(tx, case)
    owner_id = await _owner(tx, case, owner)
    now = services.clock()
    row = await tasks.add(
        tx,
        task_id=uuid4(),
        idea_id=case.idea.id,
        text=planned.text,
        owner_id=owner_id,
        due=planned.due,
        comment_id=comment_id,
        created_by=case.person_id,
        now=now,
    )
    await ideas.touch(tx, case.idea.id, now)
    event = await tell(tx, case, TaskAdded(str(row.number), owner_id), now)
    if owner_id is not None:
        await address(tx, event, [owner_id], NoticeReason.ASSIGNED)
    return row, event


async def task_of(tx: Transaction, case: Case, number: int) -> Task:
    """The task of that number at the idea."""
    row = await tasks.by_number(tx, case.idea.id, number)
    if row is None:
        raise NotFound("task-unknown")
    return row


async def _require_room(tx: Transaction, case: Case) -> None:
    still_open, in_all = await tasks.counts(tx, case.idea.id)
    if still_open >= OPEN_TASKS_MAX or in_all >= TASKS_MAX:
        raise Conflict("tasks-full")


async def _owner(
    tx: Transaction, case: Case, handle: str, before: UUID | None = None
) -> UUID | None:
    """Whose the task becomes; whoever has it may keep it, also when he could not be given it."""
    handle = handle.strip().removeprefix("@").lower()
    if not handle:
        return None
    person = await people.by_handle(tx, handle)
    if person is not None and person.id == before:
        return before
    if person is None or not await able(tx, case, [person], Action.FINISH_TASK):
        raise Invalid(fields={"owner": "cannot-own"})
    return person.id
