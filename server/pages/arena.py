"""The arena: all ideas, one's own, and what the arena is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound
from collab.process.actors import Actor
from collab.process.dossier import IdeaKind, load_dossier
from collab.process.processes import load_process
from server.actions.cases import open_case
from server.actions.catalogues.today import today
from server.auth.visitor import Visitor, visitor_of
from server.pages.forms import person_of
from server.services import Services, services_of
from server.views.alignment.goals import goal_groups, pays_into
from server.views.alignment.panel import goal_of
from server.views.arena.cards import Card, cards, people_here
from server.views.arena.finder import Wish, finder, total
from server.views.arena.seats import HEIGHT, WIDTH, seats
from server.views.districts.districts import choices, district
from storage import events, ideas
from storage.database import Transaction
from storage.ideas import IdeaFilter, Page
from storage.search.census import census
from storage.search.listing import PaysInto
from storage.tables.ideas import Idea

PAGE_SIZE = 24
MINE = "/ideas/mine"
FRAGMENT = "/fragments/ideas"


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page of the list stands in the whole."""

    total: int
    newer: str | None
    older: str | None
    fragment: str


@dataclass(frozen=True, slots=True)
class Fresh:
    """Ideas that belong on the reader's page but came after he opened it."""

    count: int
    href: str
    refs: Sequence[str]


async def index(request: Request) -> Response:
    """All ideas that everybody may read, narrowed by the wish in the address."""
    services, visitor = services_of(request), visitor_of(request)
    wish = Wish.of(request.query_params)
    cursor = request.query_params.get("cursor")
    async with services.database.read() as tx:
        wish, goals = await _known(tx, services, wish)
        counts = await census(tx, replace(wish.with_archived(), pays_into=goals))
        found = await ideas.page(tx, replace(wish.filter(), pays_into=goals), cursor, PAGE_SIZE)
        wanting = replace(replace(wish, seeks_lead=True).filter(), pays_into=goals)
        seeking = await ideas.count(tx, wanting)
        groups = await goal_groups(tx, today(services), wish.goal)
        districts = await choices(tx, today(services), [wish.district])
        context = {
            "cards": await _cards(tx, services, visitor, found.ideas),
            "last_event": await events.last_id(tx),
        }
    context |= {
        "welcome": not visitor.is_signed_in and not wish.is_any and not cursor,
        "pulse": _pulse(services),
        "filters": finder(wish, counts, seeking, groups, districts),
        "search": wish.query,
        "page": _paging(wish, found, cursor, "/", total(counts, wish.kind, wish.stage)),
        "fresh": None,
    }
    return services.pages.render(request, "arena/index.html", context)


async def mine(request: Request) -> Response:
    """The ideas at which the reader holds a role, drafts too."""
    services, visitor, person = services_of(request), visitor_of(request), person_of(request)
    cursor = request.query_params.get("cursor")
    async with services.database.read() as tx:
        found = await ideas.page(tx, _own(person), cursor, PAGE_SIZE)
        context = {
            "cards": await _cards(tx, services, visitor, found.ideas),
            "last_event": await events.last_id(tx),
        }
    context |= {"page": _paging(Wish(), found, cursor, MINE, len(found.ideas)), "fresh": None}
    return services.pages.render(request, "arena/mine.html", context)


async def cards_fragment(request: Request) -> Response:
    """The cards a reader sees, as they are now and in the order in which he sees them.

    Nothing moves below his eyes: what is new is offered above the list.
    """
    services, visitor = services_of(request), visitor_of(request)
    parameters = request.query_params
    wish, is_mine = Wish.of(parameters), "mine" in parameters
    wanted = _own(person_of(request)) if is_mine else wish.filter()
    shown = parameters.get("shown", "").split(",")[:PAGE_SIZE]
    async with services.database.read() as tx:
        wish, goals = await _known(tx, services, wish)
        wanted = replace(wanted, pays_into=goals)
        found = await ideas.page(tx, wanted, parameters.get("cursor"), PAGE_SIZE)
        known = {idea.ref: idea for idea in found.ideas}
        still = [await _readable(tx, visitor.actor, ref, known) for ref in shown]
        context = {
            "cards": await _cards(tx, services, visitor, [idea for idea in still if idea]),
            "fresh": _fresh(
                [ref for ref in known if ref not in shown],
                MINE if is_mine else wish.address(),
                is_first_page="cursor" not in parameters,
            ),
        }
    return services.pages.render(request, "arena/cards.html", context)


async def pulse_fragment(request: Request) -> Response:
    """How many people are here."""
    services = services_of(request)
    return services.pages.render(request, "arena/pulse.html", {"pulse": _pulse(services)})


async def about(request: Request) -> Response:
    """What the arena is, its stages and its rules."""
    context = {
        "stages": load_process().stages,
        "kinds": [load_dossier(kind) for kind in IdeaKind],
    }
    return services_of(request).pages.render(request, "arena/about.html", context)


async def _cards(
    tx: Transaction, services: Services, visitor: Visitor, found: Sequence[Idea]
) -> list[Card]:
    return await cards(tx, services.hub, found, are_named=visitor.is_signed_in)


async def _known(
    tx: Transaction, services: Services, wish: Wish
) -> tuple[Wish, tuple[PaysInto, ...]]:
    """The wish and what its ideas shall pay into; what does not exist is no wish."""
    if await district(tx, wish.district) is None:
        wish = replace(wish, district="")
    found = await pays_into(tx, today(services), *goal_of(wish.goal)) if wish.goal else None
    return (wish, (found,)) if found else (replace(wish, goal=""), ())


def _own(person: Actor) -> IdeaFilter:
    return IdeaFilter(mine=person.person_id, hidden_stages=frozenset())


async def _readable(tx: Transaction, actor: Actor, ref: str, known: dict[str, Idea]) -> Idea | None:
    """The idea, if the actor may still read it; most are known from the page itself."""
    if ref in known:
        return known[ref]
    try:
        return (await open_case(tx, actor, ref)).idea
    except NotFound:
        return None


def _paging(wish: Wish, found: Page, cursor: str | None, path: str, of: int) -> Paging:
    refs = ",".join(idea.ref for idea in found.ideas)
    more = {"mine": "1"} if path == MINE else {}
    if cursor:
        more["cursor"] = cursor
    older = wish.address(path, cursor=found.next_cursor) if found.next_cursor else None
    return Paging(
        total=of,
        newer=wish.address(path) if cursor else None,
        older=older,
        fragment=wish.address(FRAGMENT, **more, shown=refs),
    )


def _fresh(refs: Sequence[str], href: str, *, is_first_page: bool) -> Fresh | None:
    return Fresh(len(refs), href, refs) if refs and is_first_page else None


def _pulse(services: Services) -> dict[str, Any]:
    people = people_here(services.hub)
    return {"people": people, "seats": seats(people), "width": WIDTH, "height": HEIGHT}


routes = [
    Route("/", index),
    Route(MINE, mine),
    Route(FRAGMENT, cards_fragment),
    Route("/fragments/pulse", pulse_fragment),
    Route("/about", about),
]
