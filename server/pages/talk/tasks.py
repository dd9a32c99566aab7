"""The tasks of an idea, one task, and one's own at all ideas."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from collab.process.permissions import Action
from server.actions.cases import open_case
from server.actions.catalogues.today import today
from server.actions.talk import tasks as actions
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, go, number_in, person_of, posted
from server.pages.idea.forms import COUNTED_DIGITS_MAX, number_of, ref_of
from server.pages.idea.page import path_of
from server.pages.talk.comments import TASK_NAMES, state
from server.services import services_of
from server.views.talk import tasks as views
from storage import events

PATH = "/ideas/{ref}/tasks"
ITEM = PATH + "/{number}"
MINE = "/tasks"
UNKNOWN = "task-unknown"
SETTLING_NAMES = {"state": "task_state", "reason": "task_reason"}


async def tasks_page(request: Request) -> Response:
    """What is open at an idea, and what was settled."""
    return await _tasks_page(request)


async def task_list(request: Request) -> Response:
    """The open tasks, when they changed."""
    return await _tasks_page(request, template="talk/task_list.html")


async def task_page(request: Request) -> Response:
    """One task, for who may change or finish it."""
    return await _task_page(request)


async def mine_page(request: Request) -> Response:
    """What is one's own to do."""
    services, actor = services_of(request), person_of(request)
    async with services.database.read() as tx:
        found = await views.mine(tx, actor, today(services))
    return services.pages.render(request, "talk/mine.html", {"mine": found})


async def post_task(request: Request, form: Sent) -> Response:
    """Plan a task."""
    ref = ref_of(request)
    row = await actions.add_task(
        services_of(request),
        person_of(request),
        ref,
        text=form["task_text"],
        owner=form["task_owner"],
        due=form["task_due"],
    )
    return go(_place(ref, row.number))


async def post_change(request: Request, form: Sent) -> Response:
    """Say anew what is to be done, by whom and until when."""
    ref, number = ref_of(request), number_of(request, UNKNOWN)
    await actions.change_task(
        services_of(request),
        person_of(request),
        ref,
        number,
        text=form["task_text"],
        owner=form["task_owner"],
        due=form["task_due"],
    )
    return go(_place(ref, number))


async def post_state(request: Request, form: Sent) -> Response:
    """Finish a task, drop it, or open it again."""
    ref, number = ref_of(request), number_of(request, UNKNOWN)
    await actions.settle_task(
        services_of(request),
        person_of(request),
        ref,
        number,
        state=form["task_state"],
        reason=form["task_reason"],
    )
    return go(_place(ref, number))


async def _tasks_page(
    request: Request,
    form: Sent | None = None,
    refusal: Refusal | None = None,
    template: str = "talk/tasks.html",
) -> Response:
    services = services_of(request)
    before = request.query_params.get("before", "")
    async with services.database.read() as tx:
        case = await open_case(tx, visitor_of(request).actor, ref_of(request))
        found = await views.plan(tx, case, today(services), number_in(before, COUNTED_DIGITS_MAX))
        last_event = await events.last_id(tx)
    context = {
        "idea": case.idea,
        "open_tasks": found.open_tasks,
        "settled": found.settled,
        "earlier": found.earlier,
        "may_plan": found.may_plan,
        "people": found.people,
        "text": "",
        "owner": "",
        "due": "",
        "form": state(request, form, refusal, tuple(TASK_NAMES.values()), TASK_NAMES),
        "last_event": last_event,
    }
    return services.pages.render(request, template, context)


async def _task_page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, actor = services_of(request), person_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref_of(request), Action.FINISH_TASK)
        row = await actions.task_of(tx, case, number_of(request, UNKNOWN))
        item = await views.one(tx, case, row, today(services))
        people = await views.team_faces(tx, case)
    if not item.may_finish:
        return go(path_of(case.idea.ref) + "/tasks")
    names = (*TASK_NAMES.values(), *SETTLING_NAMES.values())
    context = {
        "idea": case.idea,
        "item": item,
        "may_plan": case.may(Action.MANAGE_TASKS),
        "people": people,
        "text": item.text or "",
        "owner": item.owner.handle if item.owner else "",
        "due": row.due.isoformat() if row.due else "",
        "form": state(request, form, refusal, names, {**TASK_NAMES, **SETTLING_NAMES}),
    }
    return services.pages.render(request, "talk/edit_task.html", context)


def _place(ref: str, number: int) -> str:
    return f"{path_of(ref)}/tasks#task-{number}"


routes = [
    Route(PATH, tasks_page, methods=["GET"]),
    posted(PATH, post_task, _tasks_page),
    Route(ITEM, task_page, methods=["GET"]),
    posted(ITEM, post_change, _task_page),
    posted(ITEM + "/state", post_state, _task_page),
    Route("/ideas/{ref}/fragments/task-list", task_list, methods=["GET"]),
    Route(MINE, mine_page, methods=["GET"]),
]
