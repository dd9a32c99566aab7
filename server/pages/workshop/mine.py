"""One's own workshops, and opening a new one."""

from dataclasses import dataclass, replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.actors import Actor
from collab.process.permissions import Action, may, require
from collab.process.workshop.agenda import steps_from_json
from collab.process.workshop.templates import load_workshop_template, workshop_templates
from server.actions.workshop.opening import HOURS_MAX, TABLES_MAX, Opening, open_workshop
from server.actions.workshop.places import see_as_facilitator
from server.auth.visitor import visitor_of
from server.language import N_
from server.pages.forms import Sent, errors_of, go, number_in, person_of, posted
from server.pages.idea.page import Values
from server.services import Services, services_of
from storage.workshop import workshops

PATH: Final = "/workshops"
NAMES_CHARS_MAX: Final = TABLES_MAX * 80
FIELDS: Final = {"dots_per_person": "dots"}
TABLE: Final = N_("Tisch %(number)s")
REMOTE: Final = N_("Von anderswo")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form says; ``like`` is the code of an earlier evening whose steps are used."""

    title: str = ""
    template: str = ""
    tables: str = "4"
    names: str = ""
    hours: str = "12"
    dots: str = "5"
    remote: str = "yes"
    like: str = ""

    @classmethod
    def sent(cls, form: Sent) -> "Wish":
        named = ("title", "template", "tables", "hours", "dots", "remote", "like")
        names = form["names"][:NAMES_CHARS_MAX]
        return cls(**{name: form[name][:200] for name in named}, names=names)


async def index(request: Request) -> Response:
    """The workshops that one leads or attended, and the form for a new one."""
    services, person = services_of(request), person_of(request)
    query, wish = request.query_params, Wish()
    if query.get("like"):
        wish = await _like(services, person, query["like"])
    elif query.get("template"):
        template = load_workshop_template(query["template"])
        wish = replace(
            wish, template=template.id, tables=str(template.tables), dots=str(template.dots)
        )
    return await _index(request, wish)


async def post(request: Request, form: Sent) -> Response:
    """Open a workshop."""
    services, person = services_of(request), person_of(request)
    require(Action.OPEN_WORKSHOP, person)
    wish = Wish.sent(form)
    opening = await _opening(request, person, wish)
    opened = await open_workshop(services, person, opening, _said(request, REMOTE))
    return go(f"/w/{opened.code}")


async def _again(request: Request, form: Sent, refusal: Refusal) -> Response:
    return await _index(request, Wish.sent(form), refusal)


async def _index(request: Request, wish: Wish, refusal: Refusal | None = None) -> Response:
    services, person = services_of(request), person_of(request)
    async with services.database.read() as tx:
        found = await workshops.of_person(tx, person.person_id) if person.person_id else []
    context = {
        "found": found,
        "may_open": may(person, Action.OPEN_WORKSHOP),
        "templates": workshop_templates(),
        "wish": wish,
        "hours_max": HOURS_MAX,
        "tables_max": TABLES_MAX,
        "errors": Values(errors_of(request, refusal, FIELDS)),
    }
    return services.pages.render(request, "workshop/mine.html", context)


async def _like(services: Services, person: Actor, code: str) -> Wish:
    """The form for another evening like this one, which the person led."""
    async with services.database.read() as tx:
        place = await see_as_facilitator(tx, person, code)
        tables = await workshops.tables(tx, place.workshop.id)
    held = place.workshop
    names = [each.name for each in tables if not each.is_remote]
    return Wish(
        title=held.title,
        template=held.template_id,
        tables=str(len(names)),
        names="\n".join(names),
        dots=str(held.dots_per_person),
        remote="yes" if len(names) < len(tables) else "",
        like=held.code,
    )


async def _opening(request: Request, person: Actor, wish: Wish) -> Opening:
    """What the form asks for, with the steps of its template or of the evening it shall be like.

    Raises:
        Invalid: a number is none, or no such template.
    """
    opening = Opening(
        title=wish.title,
        steps=(),
        tables=_names(request, wish),
        template_id=wish.template,
        template_version=1,
        hours=_number("hours", wish.hours),
        dots_per_person=_number("dots", wish.dots),
        has_remote_table=wish.remote == "yes",
    )
    if wish.like:
        async with services_of(request).database.read() as tx:
            held = (await see_as_facilitator(tx, person, wish.like)).workshop
        steps, version = steps_from_json(held.agenda), held.template_version
        return replace(opening, steps=steps, template_id=held.template_id, template_version=version)
    try:
        template = load_workshop_template(wish.template)
    except NotFound:
        raise Invalid(fields={"template": "unknown-choice"}) from None
    return replace(opening, steps=template.steps, template_version=template.version)


def _names(request: Request, wish: Wish) -> tuple[str, ...]:
    """What the tables are called: as written, the others by their numbers."""
    written = [line.strip() for line in wish.names.splitlines() if line.strip()]
    count = max(_number("tables", wish.tables), len(written))
    if count > TABLES_MAX:
        raise Invalid(fields={"tables": "too-many"})
    more = range(len(written) + 1, count + 1)
    return (*written, *(_said(request, TABLE) % {"number": number} for number in more))


def _number(name: str, text: str) -> int:
    found = number_in(text.strip(), 4)
    if found is None:
        raise Invalid(fields={name: "out-of-range"})
    return found


def _said(request: Request, words: str) -> str:
    """The words in the language of whoever opens the workshop."""
    return services_of(request).pages.catalogues[visitor_of(request).language].gettext(words)


routes = [
    Route(PATH, index),
    posted(PATH, post, _again),
]
