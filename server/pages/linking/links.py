"""Finding another idea to link to, linking it, and taking a link away."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound, Refusal
from collab.process.linking.links import BY_HAND, LinkKind
from collab.process.permissions import Action
from collab.process.stages import Stage
from server.actions.cases import Case, open_case
from server.actions.linking import links
from server.api.ideas import hidden_stages
from server.pages.forms import Sent, errors_of, go, person_of, posted, sent
from server.pages.idea.forms import ref_of
from server.pages.idea.page import FormState, Values, path_of
from server.services import services_of
from server.views.arena.cards import stage_of
from storage import ideas
from storage.database import Transaction
from storage.ideas import IdeaFilter
from storage.tables.ideas import Idea

FOUND_MAX = 12
Q_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """An idea that could be linked to."""

    idea: Idea
    stage: Stage


async def new_page(request: Request) -> Response:
    """Look for an idea by its number or words, and choose what it is to this one."""
    return await _page(request)


async def post_link(request: Request, form: Sent) -> Response:
    """Link the chosen idea."""
    ref = ref_of(request)
    await links.link(
        services_of(request), person_of(request), ref, kind=form["kind"], to=form["to"]
    )
    return go(path_of(ref, "links"))


async def post_remove(request: Request) -> Response:
    """Take a link away."""
    form, ref = await sent(request), ref_of(request)
    await links.unlink(
        services_of(request), person_of(request), ref, kind=form["kind"], to=form["to"]
    )
    return go(path_of(ref, "links"))


async def back(request: Request) -> Response:
    """A reload after a refused form: to the page that the form is on."""
    return go(path_of(ref_of(request), "links"))


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person = services_of(request), person_of(request)
    asked = request.query_params
    kind = form["kind"] if form else asked.get("kind", "")
    words = (form["q"] if form else asked.get("q", ""))[:Q_CHARS_MAX]
    async with services.database.read() as tx:
        case = await open_case(tx, person, ref_of(request), Action.LINK_IDEAS)
        possible = [each for each in LinkKind if each in BY_HAND and _may_be(each, case.idea)]
        if kind not in possible:
            kind = possible[0]
        found = await _found(tx, case, kind, words) if words.strip() else []
    context = {
        "idea": case.idea,
        "kinds": possible,
        "kind": kind,
        "words": words,
        "chosen": form["to"] if form else "",
        "found": found,
        "form": FormState(errors=Values(errors_of(request, refusal))),
    }
    return services.pages.render(request, "linking/new.html", context)


def _may_be(kind: LinkKind, idea: Idea) -> bool:
    """Whether an idea of this kind can be linked so at all."""
    return kind is not LinkKind.ANSWERS or idea.kind == "proposal"


async def _found(tx: Transaction, case: Case, kind: str, words: str) -> list[Candidate]:
    """Ideas that the words mean: the one of that number, or those that hold them."""
    try:
        named = [(await open_case(tx, case.actor, words.strip())).idea]
    except NotFound:
        wanted = IdeaFilter(
            kind="need" if kind == LinkKind.ANSWERS else None,
            q=words,
            reader=case.actor.person_id,
            hidden_stages=hidden_stages(case.actor),
        )
        named = (await ideas.page(tx, wanted, limit=FOUND_MAX)).ideas
    return [Candidate(idea, stage_of(idea.stage)) for idea in named if idea.id != case.idea.id]


routes = [
    Route("/ideas/{ref}/links/new", new_page, methods=["GET"]),
    Route("/ideas/{ref}/links", back, methods=["GET"]),
    posted("/ideas/{ref}/links", post_link, _page),
    Route("/ideas/{ref}/links/remove", post_remove, methods=["POST"]),
]
