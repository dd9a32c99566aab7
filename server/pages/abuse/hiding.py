"""Why a comment was hidden, for its author and moderators; objecting and answering; showing."""

from collections.abc import Awaitable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Conflict, Invalid, NotAllowed, Refusal
from collab.process.abuse.hidings import APPEAL_WITHIN, AppealState, is_over
from collab.process.permissions import Action
from server.actions.abuse import appeals, hiding
from server.errors import status_of
from server.faces import faces
from server.pages.forms import Sent, errors_of, go, person_of, sent
from server.pages.idea.forms import comment_id_of, ref_of
from server.pages.idea.page import Values
from server.services import services_of
from server.views.prose import prose

PATH = "/ideas/{ref}/comments/{comment_id}/hidden"


async def page(request: Request) -> Response:
    """The statement of reasons."""
    return await _page(request)


async def post_appeal(request: Request) -> Response:
    """Object, once."""
    form, ref, comment_id = await sent(request), ref_of(request), comment_id_of(request)
    act = appeals.appeal(
        services_of(request), person_of(request), ref, comment_id, words=form["words"]
    )
    return await _done(request, form, act)


async def post_answer(request: Request) -> Response:
    """Answer an appeal."""
    form, ref, comment_id = await sent(request), ref_of(request), comment_id_of(request)
    services, person = services_of(request), person_of(request)
    if form["answer"] not in {"show", "keep"}:
        faulty = Invalid(fields={"answer": "unknown-choice"})
        return await _page(request, form, faulty)
    act = appeals.answer_appeal(
        services,
        person,
        ref,
        comment_id,
        granted=form["answer"] == "show",
        reason=form["reason"],
    )
    return await _done(request, form, act)


async def post_show(request: Request) -> Response:
    """Show the comment again."""
    form, ref, comment_id = await sent(request), ref_of(request), comment_id_of(request)
    act = hiding.show_comment(
        services_of(request), person_of(request), ref, comment_id, reason=form["reason"]
    )
    return await _done(request, form, act)


async def _done(request: Request, form: Sent, act: Awaitable[None]) -> Response:
    try:
        await act
    except (Invalid, Conflict, NotAllowed) as refusal:
        return await _page(request, form, refusal)
    return go(PATH.format(ref=ref_of(request), comment_id=comment_id_of(request)))


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person = services_of(request), person_of(request)
    found = await appeals.statement_of(services, person, ref_of(request), comment_id_of(request))
    row = found.hiding
    async with services.database.read() as tx:
        known = await faces(tx, [row.author_id])
    is_hidden = row.shown_at is None
    may_hide = found.case.may(Action.HIDE_COMMENT) and not found.is_own
    is_open = row.appeal_state == AppealState.OPEN
    now = services.clock()
    context = {
        "idea": found.case.idea,
        "comment": found.comment,
        "hiding": row,
        "is_own": found.is_own,
        "author_name": known[row.author_id].name,
        "until": row.at + APPEAL_WITHIN,
        "may_appeal": found.is_own
        and is_hidden
        and row.appeal_state is None
        and not is_over(row.at, now),
        "may_answer": may_hide and is_hidden and is_open and row.by != person.person_id,
        "waits_for_other": may_hide and is_open and row.by == person.person_id,
        "may_show": may_hide and is_hidden and not is_open,
        "values": {name: form[name] if form else "" for name in ("words", "reason", "answer")},
        "errors": Values(errors_of(request, refusal) if refusal else {}),
        "prose": prose,
    }
    status = status_of(refusal) if refusal else 200
    return services.pages.render(request, "abuse/hidden.html", context, status)


routes = [
    Route(PATH, page),
    Route(f"{PATH}/appeal", page),
    Route(f"{PATH}/appeal", post_appeal, methods=["POST"]),
    Route(f"{PATH}/answer", page),
    Route(f"{PATH}/answer", post_answer, methods=["POST"]),
    Route(f"{PATH}/show", page),
    Route(f"{PATH}/show", post_show, methods=["POST"]),
]
