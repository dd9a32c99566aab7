"""One's own account: name, password, devices, tokens for programs."""

from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotAllowed, NotFound, Refusal
from collab.process.actors import Actor
from server.actions import access, people, programs
from server.auth.passwords import LENGTH_MAX, LENGTH_MIN
from server.auth.visitor import visitor_of
from server.language import language_of
from server.pages.forms import Sent, errors_of, go, person_of, posted
from server.services import services_of
from storage import people as stored_people

ACCOUNT: Final = "/account"
DONE: Final = frozenset({"profile", "password", "session", "sessions", "token"})


def in_person(request: Request) -> Actor:
    """Who asks, if he signed in; a program with his token does not get at his account.

    Else a token that ends could make one that does not, or take the account over.
    """
    person = person_of(request)
    if visitor_of(request).via != "cookie":
        raise NotAllowed
    return person


async def account(request: Request) -> Response:
    """The account as it is."""
    return await _account(request)


async def change_profile(request: Request, form: Sent) -> Response:
    """Change name, address and language."""
    person = in_person(request)
    language = language_of(form["language"]) or visitor_of(request).language
    await people.change_self(
        services_of(request), person, name=form["name"], email=form["email"], language=language
    )
    return go(f"{ACCOUNT}?done=profile&lang={language}")


async def change_password(request: Request, form: Sent) -> Response:
    """Change the password; other devices are signed out."""
    person = in_person(request)
    keep = visitor_of(request).session_key
    await access.change_password(
        services_of(request), person, form["current"], form["password"], keep
    )
    return go(f"{ACCOUNT}?done=password")


async def sign_out_device(request: Request) -> Response:
    """End one session; the one of this browser through the ordinary way out."""
    person = in_person(request)
    await access.sign_out_device(services_of(request), person, request.path_params["key"])
    return go(f"{ACCOUNT}?done=session#devices")


async def sign_out_elsewhere(request: Request) -> Response:
    """End all sessions but this browser's."""
    person, keep = in_person(request), visitor_of(request).session_key
    await access.sign_out_elsewhere(services_of(request), person, keep)
    return go(f"{ACCOUNT}?done=sessions#devices")


async def create_token(request: Request, form: Sent) -> Response:
    """Make a token and show it this once."""
    person, label = in_person(request), " ".join(form["label"].split())
    if not label:
        raise Invalid(fields={"label": "missing"})
    token = await programs.issue_token(services_of(request), person.handle, label=label)
    return await _account(request, new_token=token)


async def revoke_token(request: Request) -> Response:
    """End a token."""
    try:
        token_id = UUID(request.path_params["token"])
    except ValueError as error:
        raise NotFound from error
    await programs.revoke_token(services_of(request), in_person(request), token_id)
    return go(f"{ACCOUNT}?done=token#tokens")


async def _account(
    request: Request,
    typed: Sent | None = None,
    refusal: Refusal | None = None,
    *,
    new_token: str | None = None,
) -> Response:
    services, person = services_of(request), person_of(request)
    done = request.query_params.get("done")
    context = {
        "me": await _me(request, typed),
        "sessions": await _sessions(request),
        "tokens": await programs.tokens(services, person),
        "new_token": new_token,
        "errors": errors_of(request, refusal),
        "done": done if done in DONE and request.method == "GET" else None,
        "password_min": LENGTH_MIN,
        "password_max": LENGTH_MAX,
    }
    return services.pages.render(request, "people/account.html", context)


async def _me(request: Request, typed: Sent | None) -> dict[str, Any]:
    """The person; after a refused form with what was typed."""
    person = person_of(request)
    assert person.person_id is not None
    async with services_of(request).database.read() as tx:
        row = await stored_people.get(tx, person.person_id)
    assert row is not None, "a session belongs to a person"
    # The page has several forms; the others show what is stored.
    form = typed if typed and "name" in typed else None
    return {
        "handle": row.handle,
        "name": form["name"] if form else row.name,
        "email": form["email"] if form else row.email,
        "language": form["language"] if form else row.language,
        "roles": person.roles,
        "has_password": row.password_hash is not None,
    }


async def _sessions(request: Request) -> list[dict[str, Any]]:
    this = visitor_of(request).session_key
    return [
        {
            "key": each.id_hash,
            "device": each.device,
            "last_seen_at": each.last_seen_at,
            "created_at": each.created_at,
            "is_this": each.id_hash == this,
        }
        for each in await access.devices(services_of(request), person_of(request))
    ]


routes = [
    Route(ACCOUNT, account),
    posted(f"{ACCOUNT}/profile", change_profile, _account),
    posted(f"{ACCOUNT}/password", change_password, _account),
    Route(f"{ACCOUNT}/sessions/others", sign_out_elsewhere, methods=["POST"]),
    Route(f"{ACCOUNT}/sessions/{{key}}/revoke", sign_out_device, methods=["POST"]),
    posted(f"{ACCOUNT}/tokens", create_token, _account),
    Route(f"{ACCOUNT}/tokens/{{token}}/revoke", revoke_token, methods=["POST"]),
]
