"""Asking for support on the page of an idea, and answering there."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.support.requests import SupportAct
from server.actions.support import requests as actions
from server.pages.forms import go, person_of, sent
from server.pages.idea.forms import ref_of, refused
from server.pages.idea.page import path_of
from server.services import services_of

PATH = "/ideas/{ref}/support"
ANCHOR = "support"


async def post_asking(request: Request) -> Response:
    """Ask for support."""
    form, ref = await sent(request), ref_of(request)
    kind, text = form["support_kind"], form["support_text"]
    try:
        await actions.ask(services_of(request), person_of(request), ref, kind=kind, text=text)
    except Refusal as refusal:
        renamed = {"kind": "support_kind", "text": "support_text"}
        return await refused(request, refusal, form, "support", renamed, kept=text)
    return go(path_of(ref, ANCHOR))


async def post_answer(request: Request) -> Response:
    """Accept, decline, or say what came of it."""
    form, ref = await sent(request), ref_of(request)
    try:
        request_id = UUID(str(request.path_params["request_id"]))
    except ValueError:
        raise NotFound("support-not-found") from None
    try:
        if form["act"] not in set(SupportAct):
            raise Invalid(fields={"act": "unknown-choice"})
        act, text = SupportAct(form["act"]), form["answer_text"]
        services, person = services_of(request), person_of(request)
        await actions.answer(services, person, ref, request_id, act=act, text=text)
    except Refusal as refusal:
        renamed = {"text": f"answer_text-{request_id}"}
        name = f"support-{request_id}"
        return await refused(request, refusal, form, name, renamed, kept=form["answer_text"])
    return go(path_of(ref, ANCHOR))


async def back(request: Request) -> Response:
    """A reload or another language after a refused form."""
    return go(path_of(ref_of(request)))


routes = [
    Route(PATH, back),
    Route(PATH, post_asking, methods=["POST"]),
    Route(PATH + "/{request_id}", back),
    Route(PATH + "/{request_id}", post_answer, methods=["POST"]),
]
