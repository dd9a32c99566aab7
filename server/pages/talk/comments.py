"""The talk page by page, the address of a comment, and what one can do with a comment."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from server.actions.cases import open_case
from server.actions.talk import outcomes, reactions
from server.actions.talk.comments import found_comment
from server.actions.talk.settling import resolve_comment, thread_to_settle
from server.auth.visitor import visitor_of
from server.errors import status_of
from server.faces import faces
from server.pages.forms import Sent, errors_of, go, is_plain, person_of, sent
from server.pages.idea.forms import comment_id_of, ref_of
from server.pages.idea.page import FormState, Values
from server.services import services_of
from server.views.idea.gathering import Context, View, gather
from server.views.prose import prose
from server.views.talk.reading import address_of, earlier_page, whole_thread
from server.views.talk.tasks import team_faces
from server.views.talk.threads import Talk

PATH = "/ideas/{ref}/comments"
ITEM = PATH + "/{comment_id}"
FILTERS = ("kind", "open", "anchored", "section")
TASK_NAMES = {"text": "task_text", "owner": "task_owner", "due": "task_due"}


async def comments_page(request: Request) -> Response:
    """A page of the talk, or one thread."""
    services, visitor = services_of(request), visitor_of(request)
    query = request.query_params
    context = await gather(services, visitor, ref_of(request), (_talk_part,), query)
    return services.pages.render(request, "talk/page.html", context)


async def comment_address(request: Request) -> Response:
    """To the comment, wherever in the talk it stands by now."""
    async with services_of(request).database.read() as tx:
        case = await open_case(tx, visitor_of(request).actor, ref_of(request))
        case, comment = await found_comment(tx, case, comment_id_of(request))
        address = await address_of(tx, case, comment)
    return go(address)


async def post_reaction(request: Request) -> Response:
    """React to a comment, or take the reaction back."""
    form, ref, comment_id = await sent(request), ref_of(request), comment_id_of(request)
    services, actor = services_of(request), person_of(request)
    if form["reaction"]:
        await reactions.react(services, actor, ref, comment_id, form["reaction"])
    else:
        await reactions.take_back(services, actor, ref, comment_id)
    return done(request)


async def settle_page(request: Request) -> Response:
    """Say by what a thread is settled."""
    return await _settle_page(request)


async def post_resolved(request: Request) -> Response:
    """Settle a thread, or open it again."""
    form, ref, comment_id = await sent(request), ref_of(request), comment_id_of(request)
    try:
        await resolve_comment(
            services_of(request),
            person_of(request),
            ref,
            comment_id,
            resolved=form["resolved"] != "no",
            note=form["note"],
            since_comment=form["since_comment"] == "yes",
        )
    except Refusal as refusal:
        if not form["with_reason"] or is_plain(refusal):
            raise
        return await _settle_page(request, form, refusal)
    return done(request)


async def become_page(request: Request) -> Response:
    """What a comment can be turned into."""
    return await _become_page(request)


async def post_requirement(request: Request) -> Response:
    """Make the comment a requirement."""
    form, ref, comment_id = await sent(request), ref_of(request), comment_id_of(request)
    services, actor, text = services_of(request), person_of(request), form["requirement_text"]
    try:
        await outcomes.make_requirement(services, actor, ref, comment_id, text=text)
    except Refusal as refusal:
        if is_plain(refusal):
            raise
        return await _become_page(request, form, refusal, {"text": "requirement_text"})
    return done(request)


async def post_task(request: Request) -> Response:
    """Make the comment a task."""
    form, ref, comment_id = await sent(request), ref_of(request), comment_id_of(request)
    try:
        await outcomes.make_task(
            services_of(request),
            person_of(request),
            ref,
            comment_id,
            text=form["task_text"],
            owner=form["task_owner"],
            due=form["task_due"],
        )
    except Refusal as refusal:
        if is_plain(refusal):
            raise
        return await _become_page(request, form, refusal, TASK_NAMES)
    return done(request)


def done(request: Request) -> Response:
    """What a form at a comment is answered with: nothing to a script, else the way to it."""
    if request.headers.get("x-live-form"):
        return Response(status_code=204)
    return go(ITEM.format(ref=ref_of(request), comment_id=comment_id_of(request)))


async def _talk_part(view: View) -> Context:
    query = view.query
    asked = {name: query[name] for name in FILTERS if query.get(name)}
    context: dict[str, Any] = {"whole": None, "asked": f"&{urlencode(asked)}" if asked else ""}
    if query.get("thread"):
        whole = await whole_thread(view.tx, view.case, query["thread"], query.get("page", ""))
        talk = Talk((whole.thread,), earlier=None, later=None, count=0)
        return context | {"whole": whole, "talk": talk}
    return context | {"talk": await earlier_page(view.tx, view.case, query)}


async def _settle_page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services = services_of(request)
    case, comment, is_changed = await thread_to_settle(
        services, person_of(request), ref_of(request), comment_id_of(request)
    )
    async with services.database.read() as tx:
        known = await faces(tx, [comment.author_id])
    context = {
        "idea": case.idea,
        "comment": comment,
        "author_name": known[comment.author_id].name,
        "is_changed": is_changed,
        "form": state(request, form, refusal, ("note",)),
        "prose": prose,
    }
    status = status_of(refusal) if refusal else 200
    return services.pages.render(request, "talk/settle.html", context, status)


async def _become_page(
    request: Request,
    form: Sent | None = None,
    refusal: Refusal | None = None,
    renamed: Mapping[str, str] | None = None,
) -> Response:
    services, actor = services_of(request), person_of(request)
    case, comment, as_requirement, ways = await outcomes.usable_comment(
        services, actor, ref_of(request), comment_id_of(request)
    )
    async with services.database.read() as tx:
        known = await faces(tx, [comment.author_id])
        people = await team_faces(tx, case)
    context = {
        "idea": case.idea,
        "comment": comment,
        "author_name": known[comment.author_id].name,
        "as_requirement": as_requirement,
        "ways": ways,
        "people": people,
        "text": comment.text[: outcomes.TASK_CHARS_MAX],
        "owner": "",
        "due": "",
        "form": state(request, form, refusal, ("requirement_text", *TASK_NAMES.values()), renamed),
        "prose": prose,
    }
    status = status_of(refusal) if refusal else 200
    return services.pages.render(request, "talk/become.html", context, status)


def state(
    request: Request,
    form: Sent | None,
    refusal: Refusal | None,
    names: tuple[str, ...],
    renamed: Mapping[str, str] | None = None,
) -> FormState:
    """What was typed into a form that was refused, and why."""
    errors = errors_of(request, refusal, renamed) if refusal else {}
    values = {name: form[name] for name in names} if form else {}
    return FormState(values=Values(values), errors=Values(errors))


routes = [
    Route(PATH, comments_page, methods=["GET"]),
    Route(ITEM, comment_address, methods=["GET"]),
    Route(ITEM + "/reaction", post_reaction, methods=["POST"]),
    Route(ITEM + "/resolve", post_resolved, methods=["POST"]),
    Route(ITEM + "/settle", settle_page, methods=["GET"]),
    Route(ITEM + "/become", become_page, methods=["GET"]),
    Route(ITEM + "/requirement", post_requirement, methods=["POST"]),
    Route(ITEM + "/task", post_task, methods=["POST"]),
]
