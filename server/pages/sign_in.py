"""Coming in and going out: password, demonstration, invitation, forgotten password."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotAllowed, NotFound
from server.actions import access, links
from server.actions.access import SignedIn
from server.actions.links import Acceptance
from server.auth.cookie import clear_session_cookie, set_session_cookie
from server.auth.device import clear_device
from server.auth.passwords import LENGTH_MAX, LENGTH_MIN
from server.auth.visitor import visitor_of
from server.errors import status_of
from server.pages.forms import Errors, caller_of, errors_of, go, local, sent
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
    return await _sign_in(request, {}, "", onward)


async def sign_in(request: Request) -> Response:
    """Sign in with a password."""
    form, services = await sent(request), services_of(request)
    onward = local(form["next"])
    try:
        signed_in = await access.sign_in(
            services,
            form["name"],
            form["password"],
            caller_of(request),
            replacing=visitor_of(request).session_key,
        )
    except (NotAllowed, Invalid) as refusal:
        errors = errors_of(request, refusal)
        return await _sign_in(request, errors, form["name"], onward, status_of(refusal))
    return _welcome(services, signed_in, onward)


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
    return _password(request, "choose")


async def reset(request: Request) -> Response:
    """Set the new password and sign in."""
    form, services = await sent(request), services_of(request)
    secret = request.path_params["secret"]
    try:
        signed_in = await links.reset_password(
            services, secret, form["password"], caller_of(request)
        )
    except Invalid as refusal:
        return _password(request, "choose", errors_of(request, refusal))
    return _welcome(services, signed_in, "/")


async def invitation_page(request: Request) -> Response:
    """Accept an invitation."""
    return await _invitation(request, {}, Acceptance("", ""))


async def invitation(request: Request) -> Response:
    """Make the account and sign in."""
    form, services, visitor = await sent(request), services_of(request), visitor_of(request)
    chosen = Acceptance(form["name"], form["password"], form["handle"].strip(), form["email"])
    try:
        signed_in = await links.accept_invitation(
            services, request.path_params["secret"], chosen, caller_of(request), visitor.language
        )
    except Invalid as refusal:
        return await _invitation(request, errors_of(request, refusal), chosen)
    return _welcome(services, signed_in, "/")


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
    request: Request, errors: Errors, name: str, onward: str, status: int = 200
) -> Response:
    services = services_of(request)
    context = {
        "errors": errors,
        "name": name,
        "next": onward,
        "people": await _demonstration(services) if services.settings.demo else [],
    }
    return services.pages.render(request, "people/sign_in.html", context, status)


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


def _password(request: Request, step: str, errors: Errors | None = None) -> Response:
    context = {"step": step, "errors": errors or {}, "action": request.url.path, **PASSWORD}
    status = status_of(Invalid()) if errors else 200
    return services_of(request).pages.render(request, "people/password.html", context, status)


async def _invitation(request: Request, errors: Errors, chosen: Acceptance) -> Response:
    services = services_of(request)
    link = await links.check_link(services, request.path_params["secret"], "invitation")
    context = {
        "errors": errors,
        "values": chosen,
        "email": chosen.email or link.data.get("email") or "",
        "roles": link.data["roles"],
        "action": request.url.path,
        **PASSWORD,
    }
    status = status_of(Invalid()) if errors else 200
    return services.pages.render(request, "people/invitation.html", context, status)


routes = [
    Route("/sign-in", sign_in_page),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-in/demo", sign_in_demo, methods=["POST"]),
    Route("/sign-in/link/{secret}", sign_in_link),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/password/forgot", forgot_page),
    Route("/password/forgot", forgot, methods=["POST"]),
    Route("/password-reset/{secret}", reset_page),
    Route("/password-reset/{secret}", reset, methods=["POST"]),
    Route("/invitation/{secret}", invitation_page),
    Route("/invitation/{secret}", invitation, methods=["POST"]),
]
