"""Asking for support on the page of an idea, and answering there."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.support.requests import SupportAct
from server.actions.support import requests as actions
from server.pages.forms import Sent, go, id_in, is_out_of_sight, person_of, posted
from server.pages.idea.forms import back, page_form, ref_of, refused
from server.pages.idea.page import path_of
from server.services import services_of

PATH = "/ideas/{ref}/support"
ITEM = PATH + "/{request_id}"
ANCHOR = "support"
ASKED = {"kind": "support_kind", "text": "support_text"}


async def post_asking(request: Request, form: Sent) -> Response:
    """Ask for support."""
    ref = ref_of(request)
    kind, text = form["support_kind"], form["support_text"]
    await actions.ask(services_of(request), person_of(request), ref, kind=kind, text=text)
    return go(path_of(ref, ANCHOR))


async def post_answer(request: Request, form: Sent) -> Response:
    """Accept, decline, or say what came of it."""
    ref, request_id = ref_of(request), _request_id(request)
    if form["act"] not in set(SupportAct):
        raise Invalid(fields={"act": "unknown-choice"})
    act, text = SupportAct(form["act"]), form["answer_text"]
    services, person = services_of(request), person_of(request)
    await actions.answer(services, person, ref, request_id, act=act, text=text)
    return go(path_of(ref, ANCHOR))


async def _answer_again(request: Request, form: Sent, refusal: Refusal) -> Response:
    request_id = _request_id(request)
    renamed = {"text": f"answer_text-{request_id}"}
    return await refused(request, form, refusal, f"support-{request_id}", renamed)


def _request_id(request: Request) -> UUID:
    return id_in(str(request.path_params["request_id"]), NotFound("support-not-found"))


routes = [
    *page_form(PATH, post_asking, "support", ASKED),
    Route(ITEM, back),
    posted(ITEM, post_answer, _answer_again, plain=is_out_of_sight),
]
