"""The talk page by page, the address of a comment, and what one can do with a comment."""

from collections.abc import Mapping
from functools import partial
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
from server.faces import faces
from server.pages.forms import Sent, errors_of, go, person_of, posted, sent
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


async def talk_list(request: Request) -> Response:
    """What such a page shows, when it changed."""
    services, visitor = services_of(request), visitor_of(request)
    query = request.query_params
    context = await gather(services, visitor, ref_of(request), (_talk_part,), query)
    return services.pages.render(request, "talk/list.html", context)


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


async def post_resolved(request: Request, form: Sent) -> Response:
    """Settle a thread, or open it again."""
    await resolve_comment(
        services_of(request),
        person_of(request),
        ref_of(request),
        comment_id_of(request),
        resolved=form["resolved"] != "no",
        note=form["note"],
        since_comment=form["since_comment"] == "yes",
    )
    return done(request)


async def _unresolved(request: Request, form: Sent, refusal: Refusal) -> Response:
    """To the page with the reason, if it was sent from there and not by a button in the talk."""
    if not form["with_reason"]:
        raise refusal
    return await _settle_page(request, form, refusal)


async def become_page(request: Request) -> Response:
    """What a comment can be turned into."""
    return await _become_page(request)


async def post_requirement(request: Request, form: Sent) -> Response:
    """Make the comment a requirement."""
    ref, comment_id = ref_of(request), comment_id_of(request)
    services, actor, text = services_of(request), person_of(request), form["requirement_text"]
    await outcomes.make_requirement(services, actor, ref, comment_id, text=text)
    return done(request)


async def post_task(request: Request, form: Sent) -> Response:
    """Make the comment a task."""
    ref, comment_id = ref_of(request), comment_id_of(request)
    await outcomes.make_task(
        services_of(request),
        person_of(request),
        ref,
        comment_id,
        text=form["task_text"],
        owner=form["task_owner"],
        due=form["task_due"],
    )
    return done(request)


def done(request: Request) -> Response:
    """What a form at a comment is answered with: nothing to a script, else the way to it."""
    if request.headers.get("x-live-form"):
        return Response(status_code=204)
    return go(ITEM.format(ref=ref_of(request), comment_id=comment_id_of(request)))


async def _talk_part(view: View) -> Context:
    query = view.query
    asked = {name: query[name] for name in FILTERS if query.get(name)}
    context: dict[str, Any] = {
        "whole": None,
        "asked": f"&{urlencode(asked)}" if asked else "",
        "going_on": _going_on(query),
    }
    if query.get("thread"):
        whole = await whole_thread(view.tx, view.case, query["thread"], query.get("page", ""))
        talk = Talk((whole.thread,), earlier=None, later=None, count=0)
        return context | {"whole": whole, "talk": talk}
    talk = await earlier_page(view.tx, view.case, query)
    if talk.first and not {"before", "after", "from"} & query.keys():
        # An open page takes new threads in, and none of those that are read goes.
        context["going_on"] = _going_on({**query, "from": str(talk.first)})
    return context | {"talk": talk}


def _going_on(query: Mapping[str, str]) -> str:
    """By which query the page that is shown is asked for again."""
    names = (*FILTERS, "before", "after", "from", "thread", "page")
    asked = {name: query[name] for name in names if query.get(name)}
    return f"?{urlencode(asked)}" if asked else ""


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
    return services.pages.render(request, "talk/settle.html", context)


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
    return services.pages.render(request, "talk/become.html", context)


def state(
    request: Request,
    form: Sent | None,
    refusal: Refusal | None,
    names: tuple[str, ...],
    renamed: Mapping[str, str] | None = None,
) -> FormState:
    """What was typed into a form that was refused, and why."""
    errors = errors_of(request, refusal, renamed)
    values = {name: form[name] for name in names} if form else {}
    return FormState(values=Values(values), errors=Values(errors))


routes = [
    Route(PATH, comments_page, methods=["GET"]),
    Route("/ideas/{ref}/fragments/talk", talk_list, methods=["GET"]),
    Route(ITEM, comment_address, methods=["GET"]),
    Route(ITEM + "/reaction", post_reaction, methods=["POST"]),
    posted(ITEM + "/resolve", post_resolved, _unresolved),
    Route(ITEM + "/settle", settle_page, methods=["GET"]),
    Route(ITEM + "/become", become_page, methods=["GET"]),
    posted(
        ITEM + "/requirement",
        post_requirement,
        partial(_become_page, renamed={"text": "requirement_text"}),
    ),
    posted(ITEM + "/task", post_task, partial(_become_page, renamed=TASK_NAMES)),
]
