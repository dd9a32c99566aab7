"""What one says to know, what one was asked, and who wants to be found."""

from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from collab.process.alignment.statements import FIELDS_OF_ACTION
from collab.process.experts.profiles import (
    ABOUT_CHARS_MAX,
    KEYWORD_CHARS_MAX,
    KEYWORDS_MAX,
    Profile,
)
from collab.process.feasibility.dimensions import load_feasibility
from collab.process.feasibility.judgements import Expertise
from server.actions.access import known
from server.actions.catalogues.today import today
from server.actions.experts import profiles as actions
from server.actions.experts.showing import as_asked
from server.auth.visitor import visitor_of
from server.faces import faces
from server.pages.forms import Sent, errors_of, go, person_of, posted
from server.services import services_of
from server.views.experts.panel import field_labels, my_invitations
from server.views.prose import prose
from storage.experts import profiles
from storage.process import catalogues

EXPERTISE: Final = "/account/expertise"
INVITATIONS: Final = "/account/invitations"
EXPERTS: Final = "/experts"
PAGE_SIZE: Final = 50
VALUE_CHARS_MAX: Final = 100
GROUNDS: Final = tuple(each for each in Expertise if each is not Expertise.NONE)
DONE: Final = frozenset({"declared", "removed"})


async def expertise_page(request: Request) -> Response:
    """What one declares, as a form."""
    return await _expertise(request)


async def post_expertise(request: Request, form: Sent) -> Response:
    """Declare what one knows."""
    person = person_of(request)
    await actions.declare(
        services_of(request),
        person,
        ground=form["ground"],
        dimensions=form.all("dimensions"),
        fields=form.all("fields"),
        keywords=form["keywords"].replace("\n", ",").split(","),
        about=form["about"],
        is_listed=form["is_listed"] == "yes",
        may_be_asked=form["may_be_asked"] == "yes",
        shows_organisation=form["shows_organisation"] == "yes",
    )
    return go(f"{EXPERTISE}?done=declared")


async def post_removal(request: Request) -> Response:
    """Delete one's own profile."""
    await actions.take_back(services_of(request), person_of(request))
    return go(f"{EXPERTISE}?done=removed")


async def invitations_page(request: Request) -> Response:
    """What one was asked, by whom and why."""
    services, person_id = services_of(request), known(person_of(request))
    async with services.database.read() as tx:
        catalogue = await catalogues.current(tx, FIELDS_OF_ACTION, today(services))
        found = await my_invitations(tx, person_id, visitor_of(request).language, catalogue)
    context = {"found": found, "prose": prose}
    return services.pages.render(request, "experts/invitations.html", context)


async def experts_page(request: Request) -> Response:
    """Who wants to be found."""
    services, query = services_of(request), request.query_params
    wanted = {name: query.get(name, "")[:VALUE_CHARS_MAX] for name in ("dimension", "field")}
    after, on = query.get("after", "")[:VALUE_CHARS_MAX], today(services)
    language = visitor_of(request).language
    async with services.database.read() as tx:
        catalogue = await catalogues.current(tx, FIELDS_OF_ACTION, on)
        found = await profiles.listed(tx, **wanted, after=after, limit=PAGE_SIZE + 1)
        seen = await faces(tx, {each.person.id for each in found})
    page = found[:PAGE_SIZE]
    more = {**{name: each for name, each in wanted.items() if each}, "after": ""}
    context = {
        "rows": [
            {
                "profile": each.profile,
                "face": as_asked(each, seen[each.person.id]),
                "fields": field_labels(each, catalogue, language),
            }
            for each in page
        ],
        "dimensions": load_feasibility().dimensions,
        "labels": {each.id: each.label[language] for each in load_feasibility().dimensions},
        "fields": catalogue.choices(on),
        "wanted": wanted,
        "prose": prose,
        "newer": f"{EXPERTS}?{urlencode(more)}" if after else None,
        "older": f"{EXPERTS}?{urlencode(more | {'after': page[-1].person.handle})}"
        if len(found) > PAGE_SIZE
        else None,
    }
    return services.pages.render(request, "experts/index.html", context)


async def _expertise(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person_id = services_of(request), known(person_of(request))
    on = today(services)
    async with services.database.read() as tx:
        stored = await profiles.get(tx, person_id)
        catalogue = await catalogues.current(tx, FIELDS_OF_ACTION, on)
        face = (await faces(tx, [person_id]))[person_id]
    done = request.query_params.get("done", "")
    context = {
        "has_profile": stored is not None,
        "values": _typed(form) if form else _values(stored),
        "organisation": face.organisation,
        "grounds": GROUNDS,
        "dimensions": load_feasibility().dimensions,
        "fields": catalogue.choices(on),
        "errors": errors_of(request, refusal),
        "done": done if done in DONE and not refusal else "",
        "keywords_max": KEYWORDS_MAX,
        "keyword_chars_max": KEYWORD_CHARS_MAX,
        "about_chars_max": ABOUT_CHARS_MAX,
    }
    return services.pages.render(request, "experts/expertise.html", context)


def _values(stored: profiles.Stored | None) -> dict[str, Any]:
    """What the form begins with; nobody is listed who has not said so."""
    profile = stored.profile if stored else Profile(Expertise.NONE)
    return {
        "ground": profile.ground,
        "dimensions": profile.dimensions,
        "fields": profile.fields,
        "keywords": ", ".join(profile.keywords),
        "about": profile.about,
        "is_listed": profile.is_listed,
        "may_be_asked": profile.may_be_asked,
        "shows_organisation": profile.shows_organisation,
    }


def _typed(form: Sent) -> dict[str, Any]:
    """What was sent with a form that was refused."""
    flags = ("is_listed", "may_be_asked", "shows_organisation")
    return {
        **{name: form[name] for name in ("ground", "keywords", "about")},
        **{name: form.all(name) for name in ("dimensions", "fields")},
        **{name: form[name] == "yes" for name in flags},
    }


routes = [
    Route(EXPERTISE, expertise_page),
    posted(EXPERTISE, post_expertise, _expertise),
    Route(EXPERTISE + "/remove", post_removal, methods=["POST"]),
    Route(INVITATIONS, invitations_page),
    Route(EXPERTS, experts_page),
]
