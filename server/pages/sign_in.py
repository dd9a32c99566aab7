"""Coming in and going out: password, demonstration, invitation, forgotten password."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound, Refusal
from server.actions import access, links
from server.actions.access import SignedIn
from server.actions.links import Acceptance
from server.auth.cookie import clear_session_cookie, set_session_cookie
from server.auth.device import clear_device
from server.auth.passwords import LENGTH_MAX, LENGTH_MIN
from server.auth.visitor import visitor_of
from server.pages.forms import (
    Sent,
    caller_of,
    errors_of,
    go,
    is_out_of_sight,
    local,
    posted,
    sent,
)
from server.services import Services, services_of
from storage import people

PASSWORD: Final = {"password_min": LENGTH_MIN, "password_max": LENGTH_MAX}
HANDLES: Final = (
    "participant",
    "participant-2",
    "expert",
    "expert-2",
    "moderator",
    "moderator-2",
    "observer",
    "signatory",
    "office",
    "cdo",
)
"""The demonstration persons, in the order in which they are offered."""


async def sign_in_page(request: Request) -> Response:
    """The way in; who is in already goes on."""
    onward = local(request.query_params.get("next", "/"))
    if visitor_of(request).is_signed_in:
        return go(onward)
    return await _sign_in(request)


async def sign_in(request: Request, form: Sent) -> Response:
    """Sign in with a password."""
    services = services_of(request)
    signed_in = await access.sign_in(
        services,
        form["name"],
        form["password"],
        caller_of(request),
        replacing=visitor_of(request).session_key,
    )
    return _welcome(services, signed_in, local(form["next"]))


async def sign_in_demo(request: Request) -> Response:
    """Sign in as a demonstration person, where there is a demonstration."""
    form, services = await sent(request), services_of(request)
    if form["handle"] not in HANDLES:
        raise NotFound
    address = await links.make_sign_in_link(services, form["handle"])
    return await _by_link(request, address.rpartition("/")[2], local(form["next"]))


async def sign_in_link(request: Request) -> Response:
    """Sign in by one of the links that the start of the demonstration prints."""
    return await _by_link(request, request.path_params["secret"], "/")


async def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    return await leave(request, "/")


async def leave(request: Request, onward: str) -> Response:
    """End the session, and leave nothing of it in this browser."""
    services, visitor = services_of(request), visitor_of(request)
    if visitor.session_key:
        await access.sign_out(services, visitor.session_key)
    response = go(onward)
    clear_session_cookie(services.settings, response)
    clear_device(response)
    return response


async def forgot_page(request: Request) -> Response:
    """Ask for a link to set a new password."""
    return _password(request, "ask")


async def forgot(request: Request) -> Response:
    """Send the link; the answer does not tell whether there is such an account."""
    form = await sent(request)
    await links.request_reset(services_of(request), form["email"], caller_of(request))
    return _password(request, "sent")


async def reset_page(request: Request) -> Response:
    """Choose a new password by a link."""
    secret = request.path_params["secret"]
    await links.check_link(services_of(request), secret, "password_reset")
    return await _choose(request)


async def reset(request: Request, form: Sent) -> Response:
    """Set the new password and sign in."""
    services = services_of(request)
    secret = request.path_params["secret"]
    signed_in = await links.reset_password(services, secret, form["password"], caller_of(request))
    return _welcome(services, signed_in, "/")


async def invitation_page(request: Request) -> Response:
    """Accept an invitation."""
    return await _invitation(request)


async def invitation(request: Request, form: Sent) -> Response:
    """Make the account and sign in."""
    services, language = services_of(request), visitor_of(request).language
    secret, chosen = request.path_params["secret"], _acceptance(form)
    signed_in = await links.accept_invitation(
        services, secret, chosen, caller_of(request), language
    )
    return _welcome(services, signed_in, "/")


def _acceptance(form: Sent) -> Acceptance:
    return Acceptance(form["name"], form["password"], form["handle"].strip(), form["email"])


async def _by_link(request: Request, secret: str, onward: str) -> Response:
    services, visitor = services_of(request), visitor_of(request)
    signed_in = await links.use_sign_in_link(
        services, secret, caller_of(request), replacing=visitor.session_key
    )
    return _welcome(services, signed_in, onward)


def _welcome(services: Services, signed_in: SignedIn, onward: str) -> Response:
    response = go(onward)
    set_session_cookie(services.settings, response, signed_in.secret)
    return response


async def _sign_in(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services = services_of(request)
    context = {
        "errors": errors_of(request, refusal),
        "name": form["name"] if form else "",
        "next": local(form["next"] if form else request.query_params.get("next", "/")),
        "people": await _demonstration(services) if services.settings.demo else [],
    }
    return services.pages.render(request, "people/sign_in.html", context)


async def _demonstration(services: Services) -> list[dict[str, Any]]:
    """The demonstration persons who are there and not suspended."""
    async with services.database.read() as tx:
        found = [await people.by_handle(tx, handle) for handle in HANDLES]
        present = [each for each in found if each and each.suspended_at is None]
        roles = await people.roles_of(tx, [each.id for each in present])
    return [
        {"handle": each.handle, "name": each.name, "roles": roles.get(each.id, frozenset())}
        for each in present
    ]


async def _choose(
    request: Request, _form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    return _password(request, "choose", refusal)


def _password(request: Request, step: str, refusal: Refusal | None = None) -> Response:
    errors = errors_of(request, refusal)
    context = {"step": step, "errors": errors, "action": request.url.path, **PASSWORD}
    return services_of(request).pages.render(request, "people/password.html", context)


async def _invitation(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, chosen = services_of(request), _acceptance(form) if form else Acceptance("", "")
    link = await links.check_link(services, request.path_params["secret"], "invitation")
    context = {
        "errors": errors_of(request, refusal),
        "values": chosen,
        "email": chosen.email or link.data.get("email") or "",
        "roles": link.data["roles"],
        "action": request.url.path,
        **PASSWORD,
    }
    return services.pages.render(request, "people/invitation.html", context)


routes = [
    Route("/sign-in", sign_in_page),
    posted("/sign-in", sign_in, _sign_in, plain=is_out_of_sight),
    Route("/sign-in/demo", sign_in_demo, methods=["POST"]),
    Route("/sign-in/link/{secret}", sign_in_link),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/password/forgot", forgot_page),
    Route("/password/forgot", forgot, methods=["POST"]),
    Route("/password-reset/{secret}", reset_page),
    posted("/password-reset/{secret}", reset, _choose),
    Route("/invitation/{secret}", invitation_page),
    posted("/invitation/{secret}", invitation, _invitation),
]
