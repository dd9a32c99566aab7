"""Who takes part: the list, invitations, and for the coordination office roles and suspensions."""

from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound, Refusal
from collab.process.actors import ARENA_ROLES, Actor, Role
from collab.process.organisations.organisation import CLASSES
from collab.process.permissions import Action, may, require
from collab.process.responsibility.terms import AT_ARENA, NEEDS_END
from server.actions import links
from server.actions import people as people_actions
from server.actions.organisations import organisations, set_organisation
from server.actions.people import TRUSTED
from server.actions.responsibility import terms as terms_actions
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, errors_of, go, is_out_of_sight, person_of, posted, sent
from server.pages.responsibility.terms import day_in, role_in, term_id_in
from server.services import services_of
from storage import people
from storage.database import Transaction
from storage.process import terms
from storage.tables.people import Person

PEOPLE: Final = "/people"
PAGE_SIZE: Final = 50
Q_CHARS_MAX: Final = 200
ROLES: Final = tuple(each for each in Role if each in ARENA_ROLES - {Role.GUEST} - NEEDS_END)
"""The roles of the arena that last, in the order in which they are offered."""
TERM_ROLES: Final = tuple(each for each in Role if each in AT_ARENA - {Role.SIGNATORY})
"""The roles of the arena that can be given for a time."""
DONE: Final = frozenset({"roles", "organisation", "term", "suspended", "restored"})


async def index(request: Request) -> Response:
    """Everyone with an account, by handle."""
    services, person = services_of(request), person_of(request)
    require(Action.READ_PEOPLE, person)
    q = request.query_params.get("q", "").strip()[:Q_CHARS_MAX]
    after = request.query_params.get("after", "")
    async with services.database.read() as tx:
        found = await people.everyone(tx, q=q, after=after, limit=PAGE_SIZE + 1)
        rows = await _rows(tx, found[:PAGE_SIZE])
    context = {
        "rows": rows,
        "q": q,
        "newer": _address(q) if after else None,
        "older": _address(q, rows[-1]["handle"]) if len(found) > PAGE_SIZE else None,
    }
    return services.pages.render(request, "people/index.html", context)


async def invite_page(request: Request) -> Response:
    """Ask whom to invite as what."""
    require(Action.INVITE, person_of(request))
    return _invite(request, {"email": "", "roles": [Role.PARTICIPANT]})


async def invite(request: Request, form: Sent) -> Response:
    """Make an invitation and show its link this once."""
    values = _invited(form)
    link = await links.invite(
        services_of(request),
        person_of(request),
        values["roles"],
        email=values["email"] or None,
        language=visitor_of(request).language,
    )
    return _invite(request, {**values, "roles": values["roles"] or [Role.PARTICIPANT]}, link=link)


async def _uninvited(request: Request, form: Sent, refusal: Refusal) -> Response:
    return _invite(request, _invited(form), refusal)


async def person_page(request: Request) -> Response:
    """One person, for the coordination office."""
    return await _person(request)


async def change_roles(request: Request, form: Sent) -> Response:
    """Give and take roles, so that the person has those that were sent."""
    services, actor = services_of(request), person_of(request)
    require(Action.MANAGE_PEOPLE, actor)
    handle = request.path_params["handle"]
    wanted = {role for role in ROLES if role in form.all("roles")}
    held = set((await _row(request))["roles"])
    for role in ROLES:
        if role in wanted and role not in held:
            await people_actions.grant_role(services, actor, handle, role)
        if role in held and role not in wanted:
            await people_actions.withdraw_role(services, actor, handle, role)
    return _done(handle, "roles")


async def change_organisation(request: Request, form: Sent) -> Response:
    """Say for whom the person speaks."""
    handle = request.path_params["handle"]
    await set_organisation(
        services_of(request),
        person_of(request),
        handle,
        name=form["organisation"],
        actor_class=form["actor_class"],
    )
    return _done(handle, "organisation")


async def grant_term(request: Request, form: Sent) -> Response:
    """Give the person a role for a time."""
    handle = request.path_params["handle"]
    await terms_actions.grant(
        services_of(request),
        person_of(request),
        handle=handle,
        role=role_in(form["role"]),
        first=day_in(form, "first") if form["first"] else None,
        last=day_in(form, "last"),
    )
    return _done(handle, "term")


async def end_term(request: Request) -> Response:
    """End a role before its time."""
    handle, form = request.path_params["handle"], await sent(request)
    await terms_actions.end(services_of(request), person_of(request), term_id_in(form))
    return _done(handle, "term")


async def suspend(request: Request, form: Sent) -> Response:
    """Stop the person."""
    handle = request.path_params["handle"]
    await people_actions.suspend(services_of(request), person_of(request), handle, form["reason"])
    return _done(handle, "suspended")


async def restore(request: Request, _form: Sent) -> Response:
    """Let the person in again."""
    handle = request.path_params["handle"]
    await people_actions.restore(services_of(request), person_of(request), handle)
    return _done(handle, "restored")


async def _rows(tx: Transaction, found: list[Person]) -> list[dict[str, Any]]:
    """Persons with their roles and the first organisation that they speak for."""
    ids = [person.id for person in found]
    roles = await people.roles_of(tx, ids)
    memberships = await people.memberships(tx, ids)
    rows = []
    for person in found:
        member = next(iter(memberships.get(person.id, [])), None)
        rows.append(
            {
                "id": person.id,
                "handle": person.handle,
                "name": person.name,
                "email": person.email,
                "roles": roles.get(person.id, frozenset()),
                "organisation": member.organisation.name if member else "",
                "actor_class": member.organisation.actor_class if member else "",
                "confirmed": member is not None and member.confirmed_at is not None,
                "suspended_at": person.suspended_at,
                "suspended_reason": person.suspended_reason,
                "created_at": person.created_at,
            }
        )
    return rows


async def _row(request: Request) -> dict[str, Any]:
    async with services_of(request).database.read() as tx:
        person = await people.by_handle(tx, request.path_params["handle"])
        if person is None:
            raise NotFound
        return (await _rows(tx, [person]))[0]


async def _person(
    request: Request, typed: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, actor = services_of(request), person_of(request)
    require(Action.MANAGE_PEOPLE, actor)
    row, done = await _row(request), request.query_params.get("done")
    async with services.database.read() as tx:
        held = (await people.memberships(tx, [row["id"]])).get(row["id"], [])
        on_time = await terms.of_person(tx, row["id"])
    context = {
        "row": row,
        "roles": ROLES,
        "classes": CLASSES,
        "organisations": [each.name for each in await organisations(services)],
        "organisation": typed["organisation"]
        if typed and "organisation" in typed
        else row["organisation"],
        "reason": typed["reason"] if typed else "",
        "affiliations": held,
        "terms": on_time,
        "term_roles": TERM_ROLES,
        "term": {name: typed[name] if typed else "" for name in ("role", "first", "last")},
        "is_self": row["id"] == actor.person_id,
        "errors": errors_of(request, refusal),
        "done": done if done in DONE and request.method == "GET" else None,
    }
    return services.pages.render(request, "people/person.html", context)


def _invited(form: Sent) -> dict[str, Any]:
    roles = [role for role in ROLES if role in form.all("roles")]
    return {"email": form["email"].strip(), "roles": roles}


def _invite(
    request: Request,
    values: dict[str, Any],
    refusal: Refusal | None = None,
    *,
    link: str | None = None,
) -> Response:
    context = {
        "values": values,
        "roles": _grantable(person_of(request)),
        "errors": errors_of(request, refusal),
        "link": link,
    }
    return services_of(request).pages.render(request, "people/invite.html", context)


def _grantable(actor: Actor) -> list[Role]:
    trusted = TRUSTED if not may(actor, Action.MANAGE_PEOPLE) else frozenset()
    return [role for role in ROLES if role not in trusted]


def _address(q: str, after: str = "") -> str:
    named = {"q": q, "after": after}
    query = urlencode({name: value for name, value in named.items() if value})
    return f"{PEOPLE}?{query}" if query else PEOPLE


def _done(handle: str, what: str) -> Response:
    return go(f"{PEOPLE}/{handle}?done={what}")


routes = [
    Route(PEOPLE, index),
    Route(f"{PEOPLE}/invite", invite_page),
    posted(f"{PEOPLE}/invite", invite, _uninvited),
    Route(f"{PEOPLE}/{{handle}}", person_page),
    posted(f"{PEOPLE}/{{handle}}/roles", change_roles, _person, plain=is_out_of_sight),
    posted(f"{PEOPLE}/{{handle}}/organisation", change_organisation, _person),
    posted(f"{PEOPLE}/{{handle}}/terms", grant_term, _person),
    Route(f"{PEOPLE}/{{handle}}/terms/end", end_term, methods=["POST"]),
    posted(f"{PEOPLE}/{{handle}}/suspend", suspend, _person),
    posted(f"{PEOPLE}/{{handle}}/restore", restore, _person),
]
