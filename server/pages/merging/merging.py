"""Proposing, answering and taking over by forms, beside both texts."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound, Refusal
from collab.process.merging.rules import NOTE_CHARS_MAX, REASON_CHARS_MAX
from server.actions.merging import proposing, taking
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, errors_of, go, id_in, person_of, posted
from server.pages.idea.forms import ref_of, values_of
from server.pages.idea.page import FormState, Values
from server.services import services_of
from server.views.idea.gathering import gather
from server.views.merging.page import merge_page, one_merge

PATH = "/ideas/{ref}/merge"


async def page(request: Request) -> Response:
    """Both texts side by side, or the form to propose it."""
    return await _show(request)


async def consents(request: Request) -> Response:
    """Who has answered, fetched anew when somebody does."""
    services, visitor = services_of(request), visitor_of(request)
    merge_id = _id(request.query_params.get("merge", ""))
    if merge_id is None:
        raise NotFound("merge-unknown")
    case, found = await one_merge(services, visitor, ref_of(request), merge_id)
    context = {"idea": case.idea, "merge": found}
    return services.pages.render(request, "merging/consents.html", context)


async def text(request: Request) -> Response:
    """The text of an idea as it reads now, fetched anew while it is written."""
    services, visitor = services_of(request), visitor_of(request)
    context = await gather(services, visitor, ref_of(request), ())
    return services.pages.render(request, "merging/text.html", {"side": context})


async def post_proposal(request: Request, form: Sent) -> Response:
    """Propose it, and go to both texts."""
    ref = ref_of(request)
    row = await proposing.propose(
        services_of(request), person_of(request), ref, to=form["to"], reason=form["reason"]
    )
    return go(f"{_path(ref)}?merge={row.id}")


async def post_answer(request: Request, form: Sent) -> Response:
    """Say yes or no."""
    ref = ref_of(request)
    merge_id = _named(form)
    await proposing.answer(
        services_of(request),
        person_of(request),
        ref,
        merge_id,
        said=form["answer"],
        note=form["note"],
    )
    return go(f"{_path(ref)}?merge={merge_id}")


async def post_withdrawal(request: Request, form: Sent) -> Response:
    """Take the question back."""
    ref = ref_of(request)
    merge_id = _named(form)
    await proposing.withdraw(
        services_of(request), person_of(request), ref, merge_id, reason=form["reason"]
    )
    return go(f"{_path(ref)}?merge={merge_id}")


async def post_section(request: Request, form: Sent) -> Response:
    """Put a section below one of the other text."""
    ref = ref_of(request)
    merge_id = _named(form)
    await taking.take_section(
        services_of(request),
        person_of(request),
        ref,
        merge_id,
        section=form["section"],
        into=form["into"],
    )
    into = form["into"] or form["section"]
    return go(f"{_path(ref)}?merge={merge_id}#section-{into}")


async def back(request: Request) -> Response:
    """A reload or another language after a refused form."""
    return go(_path(ref_of(request)))


async def _show(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, visitor = services_of(request), visitor_of(request)
    asked = form["merge"] if form else request.query_params.get("merge", "")
    query = request.query_params
    to = (form["to"] if form else query.get("to", ""))[:64]
    is_new = not asked and (to != "" or "new" in query)
    found, texts = await merge_page(
        services, visitor, ref_of(request), _id(asked), to=to, is_new=is_new
    )
    state = FormState(
        values=values_of(form) if form else Values(to=to),
        errors=Values(errors_of(request, refusal)),
    )
    context = {
        "idea": found.case.idea,
        "page": found,
        "merge": found.chosen,
        "form": state,
        "reason_chars_max": REASON_CHARS_MAX,
        "note_chars_max": NOTE_CHARS_MAX,
        **texts,
    }
    return services.pages.render(request, "merging/page.html", context)


def _path(ref: str) -> str:
    return PATH.format(ref=ref)


def _named(form: Sent) -> UUID:
    return id_in(form["merge"], NotFound("merge-unknown"))


def _id(text: str) -> UUID | None:
    return id_in(text, NotFound("merge-unknown")) if text else None


FORMS = {"answer": post_answer, "withdraw": post_withdrawal, "section": post_section}

routes = [
    Route(PATH, page, methods=["GET"]),
    posted(PATH, post_proposal, _show),
    Route(PATH + "/fragments/consents", consents),
    Route(PATH + "/fragments/text", text),
    *(Route(f"{PATH}/{name}", back, methods=["GET"]) for name in FORMS),
    *(posted(f"{PATH}/{name}", act, _show) for name, act in FORMS.items()),
]
