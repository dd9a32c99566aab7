"""Roles for a time at an idea: the form for external partners; reading days and roles of forms."""

from datetime import date
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound
from collab.process.actors import Role
from server.actions.responsibility import terms
from server.pages.forms import Sent, go, person_of, sent
from server.pages.idea.forms import back, page_form, ref_of
from server.pages.idea.page import path_of
from server.services import services_of

PATH = "/ideas/{ref}/terms"
RENAMED = {"handle": "partner_handle", "last": "partner_last"}


async def post_partner(request: Request, form: Sent) -> Response:
    """Let an external partner work on the idea until a day."""
    ref = ref_of(request)
    await terms.grant_at_idea(
        services_of(request),
        person_of(request),
        ref,
        handle=form["partner_handle"].strip(),
        role=Role.PARTNER,
        last=day_in(form, "partner_last", "last"),
    )
    return go(path_of(ref, "people"))


async def post_end(request: Request) -> Response:
    """End a partner's time early."""
    form, ref = await sent(request), ref_of(request)
    await terms.end(services_of(request), person_of(request), term_id_in(form), ref=ref)
    return go(path_of(ref, "people"))


def day_in(form: Sent, name: str, field: str = "") -> date:
    """The day in a date field; raises Invalid naming the field of the action."""
    try:
        return date.fromisoformat(form[name])
    except ValueError:
        code = "malformed" if form[name] else "missing"
        raise Invalid(fields={field or name: code}) from None


def role_in(name: str) -> Role:
    """The role that was chosen."""
    if name not in set(Role):
        raise Invalid(fields={"role": "unknown-choice"})
    return Role(name)


def term_id_in(form: Sent) -> UUID:
    """The term that a button is for."""
    try:
        return UUID(form["term"])
    except ValueError:
        raise NotFound("term-not-found") from None


routes = [
    *page_form(PATH, post_partner, "partner", RENAMED),
    Route(PATH + "/end", back),
    Route(PATH + "/end", post_end, methods=["POST"]),
]
