"""Tasks over the API, and what comments are turned into."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.casefile.requirements import TEXT_CHARS_MAX as REQUIREMENT_CHARS_MAX
from collab.process.permissions import Action, may
from collab.process.talk.tasks import REASON_CHARS_MAX, TEXT_CHARS_MAX, TaskState, is_overdue
from server.actions.cases import open_case
from server.actions.catalogues.today import today
from server.actions.talk import outcomes
from server.actions.talk import tasks as actions
from server.api.operation import Answer, ApiRequest, operation
from server.api.people import PersonRef
from server.api.talk.bodies import CommentOut
from server.api.talk.comments import ITEM as COMMENT
from server.api.talk.comments import one_shown
from server.faces import faces
from storage.database import Transaction
from storage.talk import tasks
from storage.talk.tasks import Task

TAG = "tasks"
COLLECTION = "/api/v1/ideas/{ref}/tasks"
ITEM = COLLECTION + "/{number}"
INT_MAX = 2**31 - 1
HANDLE_CHARS_MAX = 64

Number = Annotated[int, Field(ge=1, le=INT_MAX)]


class TaskBody(BaseModel):
    """What is to be done, by whom and until which day in Berlin; both may be open."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=2 * TEXT_CHARS_MAX)
    owner: str = Field(default="", max_length=HANDLE_CHARS_MAX, description="A handle.")
    due: date | None = None


class TaskSettling(BaseModel):
    """How the task ended, or `open` again; a dropped one needs a reason."""

    model_config = ConfigDict(extra="forbid")

    state: TaskState
    reason: str = Field(default="", max_length=2 * REASON_CHARS_MAX)


class RequirementWords(BaseModel):
    """How a comment reads as a requirement; as it stands if nothing is given."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(default="", max_length=2 * REQUIREMENT_CHARS_MAX)


class TaskOut(BaseModel):
    """A task; ``owner`` is null as long as it is nobody's.

    ``text`` is null where the comment that it was made from is hidden from who asks.
    """

    number: int
    text: str | None
    owner: PersonRef | None
    due: date | None
    is_overdue: bool
    comment_id: UUID | None
    state: TaskState
    reason: str
    created_by: PersonRef
    created_at: datetime
    settled_by: PersonRef | None
    settled_at: datetime | None


class Tasks(BaseModel):
    """Open tasks, the most urgent first, or settled ones, the newest first."""

    tasks: list[TaskOut]
    earlier: int | None = Field(description="To be given as `before`; null at the end.")


class MyTask(BaseModel):
    """A task of the asking person, and where."""

    idea: str
    title: str
    task: TaskOut


class MyTasks(BaseModel):
    """What is the asking person's to do, the most urgent first; at most 200."""

    tasks: list[MyTask]


class TasksAsked(BaseModel):
    """Which tasks: open ones, or settled ones before a number."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["open", "settled"] = "open"
    limit: int = Field(default=200, ge=1, le=200)
    before: int | None = Field(default=None, ge=1, le=INT_MAX)


@operation("GET", COLLECTION, tag=TAG, refusals=(404, 422))
async def list_tasks(request: ApiRequest, ref: str, query: TasksAsked) -> Tasks:
    """The tasks of an idea."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        is_open, before = query.state == "open", query.before
        found = await tasks.of_idea(
            tx, case.idea.id, is_open=is_open, limit=query.limit + 1, before=before
        )
        rows = found[: query.limit]
        shown = await _shown(request, tx, rows, sees_hidden=case.may(Action.HIDE_COMMENT))
    has_more = len(found) > query.limit and not is_open
    return Tasks(tasks=shown, earlier=rows[-1].number if has_more else None)


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429))
async def add_task(request: ApiRequest, ref: str, body: TaskBody) -> Annotated[Answer, TaskOut]:
    """Plan a task; whose it is gets told."""
    row = await actions.add_task(
        request.services, request.actor, ref, text=body.text, owner=body.owner, due=_day(body.due)
    )
    return await _made(request, ref, row)


@operation("GET", ITEM, tag=TAG, refusals=(404,))
async def read_task(request: ApiRequest, ref: str, number: Number) -> TaskOut:
    """One task."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        row = await actions.task_of(tx, case, number)
        (out,) = await _shown(request, tx, [row], sees_hidden=case.may(Action.HIDE_COMMENT))
    return out


@operation("PUT", ITEM, tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def change_task(request: ApiRequest, ref: str, number: Number, body: TaskBody) -> TaskOut:
    """Say anew what is to be done, by whom and until when."""
    row = await actions.change_task(
        request.services,
        request.actor,
        ref,
        number,
        text=body.text,
        owner=body.owner,
        due=_day(body.due),
    )
    return await _one(request, row)


@operation("PUT", ITEM + "/state", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def settle_task(request: ApiRequest, ref: str, number: Number, body: TaskSettling) -> TaskOut:
    """Say that a task is done or dropped, or open again; also for whose it is."""
    row = await actions.settle_task(
        request.services, request.actor, ref, number, state=body.state, reason=body.reason
    )
    return await _one(request, row)


@operation("GET", "/api/v1/tasks", tag=TAG, refusals=(401,))
async def list_my_tasks(request: ApiRequest) -> MyTasks:
    """What is the asking person's to do, at all ideas."""
    async with request.services.database.read() as tx:
        found = await actions.my_tasks(tx, request.person)
        sees_hidden = may(request.person, Action.DECIDE_REPORTS)
        rows = [row for row, _ in found]
        shown = await _shown(request, tx, rows, sees_hidden=sees_hidden)
    both = zip(found, shown, strict=True)
    return MyTasks(
        tasks=[MyTask(idea=idea.ref, title=idea.title, task=out) for (_, idea), out in both]
    )


@operation("POST", COMMENT + "/task", tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429))
async def make_task(
    request: ApiRequest, ref: str, comment_id: UUID, body: TaskBody
) -> Annotated[Answer, TaskOut]:
    """Plan what a comment asks for; the comment shows it."""
    row = await outcomes.make_task(
        request.services,
        request.actor,
        ref,
        comment_id,
        text=body.text,
        owner=body.owner,
        due=_day(body.due),
    )
    return await _made(request, ref, row)


@operation(
    "POST", COMMENT + "/requirement", tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429)
)
async def make_requirement(
    request: ApiRequest, ref: str, comment_id: UUID, body: RequirementWords
) -> CommentOut:
    """Ask of the idea what a comment says; the comment shows which requirement it became."""
    await outcomes.make_requirement(
        request.services, request.actor, ref, comment_id, text=body.text
    )
    return await one_shown(request, ref, comment_id)


async def _made(request: ApiRequest, ref: str, row: Task) -> Answer:
    place = ITEM.format(ref=ref, number=row.number)
    return Answer(await _one(request, row), headers={"Location": place})


async def _one(request: ApiRequest, row: Task) -> TaskOut:
    async with request.services.database.read() as tx:
        sees_hidden = may(request.person, Action.DECIDE_REPORTS)
        (out,) = await _shown(request, tx, [row], sees_hidden=sees_hidden)
    return out


async def _shown(
    request: ApiRequest, tx: Transaction, rows: list[Task], *, sees_hidden: bool
) -> list[TaskOut]:
    named = {each for row in rows for each in (row.owner_id, row.created_by, row.settled_by)}
    known = await faces(tx, {each for each in named if each is not None})
    by = {person_id: PersonRef.of(face) for person_id, face in known.items()}
    day = today(request.services)
    return [
        TaskOut(
            number=row.number,
            text=row.text if sees_hidden or row.hidden_with is None else None,
            owner=by[row.owner_id] if row.owner_id else None,
            due=row.due,
            is_overdue=is_overdue(row.state, row.due, day),
            comment_id=row.comment_id,
            state=TaskState(row.state),
            reason=row.reason,
            created_by=by[row.created_by],
            created_at=row.created_at,
            settled_by=by[row.settled_by] if row.settled_by else None,
            settled_at=row.settled_at,
        )
        for row in rows
    ]


def _day(due: date | None) -> str:
    return due.isoformat() if due else ""


operations = [
    list_tasks,
    add_task,
    read_task,
    change_task,
    settle_task,
    list_my_tasks,
    make_task,
    make_requirement,
]
