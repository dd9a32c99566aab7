"""Whom an idea asks for expertise: suggestions with their reasons, inviting, answering."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.alignment.statements import FIELDS_OF_ACTION
from server.actions.cases import open_case
from server.actions.catalogues.today import today
from server.actions.experts import invitations as actions
from server.auth.visitor import visitor_of
from server.pages.experts.account import INVITATIONS
from server.pages.forms import Sent, errors_of, go, id_in, person_of, posted, sent
from server.pages.idea.forms import ref_of
from server.pages.idea.page import FormState, Values
from server.services import services_of
from server.views.experts.panel import experts_panel
from server.views.prose import prose
from storage.process import catalogues

PATH = "/ideas/{ref}/experts"
FIELDS = ("handle", "note", "question", "comment_id")
VALUE_CHARS_MAX = 200
DONE = frozenset({"invited", "withdrawn"})


async def experts_page(request: Request) -> Response:
    """Who is willing to help; for who may invite, whom to ask and who was asked."""
    return await _page(request)


async def post_invitation(request: Request, form: Sent) -> Response:
    """Ask somebody."""
    ref = ref_of(request)
    await actions.invite(
        services_of(request),
        person_of(request),
        ref,
        handle=form["handle"],
        note=form["note"],
        question=form["question"],
        comment_id=_comment_in(form["comment_id"]),
    )
    return go(f"{PATH.format(ref=ref)}?done=invited#invited")


async def post_answer(request: Request) -> Response:
    """Say yes or no to one's own invitation."""
    form, ref, invitation_id = await sent(request), ref_of(request), _id_of(request)
    await actions.answer(
        services_of(request),
        person_of(request),
        ref,
        invitation_id,
        act=form["act"],
        text=form["answer"],
    )
    return go(f"{INVITATIONS}#invitation-{invitation_id}")


async def post_withdrawal(request: Request) -> Response:
    """Take an open invitation back."""
    ref = ref_of(request)
    await actions.withdraw(services_of(request), person_of(request), ref, _id_of(request))
    return go(f"{PATH.format(ref=ref)}?done=withdrawn#invited")


async def back(request: Request) -> Response:
    """A reload after a refused form: to the page that the form is on."""
    return go(PATH.format(ref=ref_of(request)))


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, visitor, query = services_of(request), visitor_of(request), request.query_params
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, ref_of(request))
        catalogue = await catalogues.current(tx, FIELDS_OF_ACTION, today(services))
        panel = await experts_panel(tx, case, services.clock(), catalogue, visitor.language)
    asked = {"handle": query.get("handle", ""), "comment_id": query.get("comment", "")}
    begun = {name: each[:VALUE_CHARS_MAX] for name, each in asked.items()}
    values = {name: form[name] for name in FIELDS} if form else begun
    done = query.get("done", "")
    context = {
        "idea": case.idea,
        "experts": panel,
        "prose": prose,
        "form": FormState(
            values=Values(values),
            errors=Values(errors_of(request, refusal)),
        ),
        "done": done if done in DONE and not refusal else "",
    }
    return services.pages.render(request, "experts/idea.html", context)


def _comment_in(text: str) -> UUID | None:
    return id_in(text, Invalid(fields={"comment_id": "malformed"})) if text else None


def _id_of(request: Request) -> UUID:
    return id_in(str(request.path_params["invitation_id"]), NotFound("invitation-not-found"))


routes = [
    Route(PATH, experts_page),
    posted(PATH, post_invitation, _page),
    *(Route(PATH + "/{invitation_id}/" + deed, back) for deed in ("answer", "withdrawal")),
    Route(PATH + "/{invitation_id}/answer", post_answer, methods=["POST"]),
    Route(PATH + "/{invitation_id}/withdrawal", post_withdrawal, methods=["POST"]),
]
