"""The forms of requirements on an idea's page; refused, they come back with what was typed."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from server.actions.casefile import requirements
from server.pages.forms import go, person_of, sent
from server.pages.idea.forms import anchor_in, back, number_in, number_of, ref_of, refused
from server.pages.idea.page import path_of
from server.services import services_of

PATH = "/ideas/{ref}/requirements"


async def post_requirement(request: Request) -> Response:
    """Ask something of the idea."""
    form, ref = await sent(request), ref_of(request)
    try:
        row = await requirements.raise_requirement(
            services_of(request),
            person_of(request),
            ref,
            text=form["requirement_text"],
            recorded_for=form["recorded_for"],
            section=form["requirement_section"],
            anchor=anchor_in(form["requirement_anchor"]),
        )
    except Refusal as refusal:
        renamed = {"text": "requirement_text", "section": "requirement_section"}
        kept = form["requirement_text"]
        return await refused(request, refusal, form, "requirement", renamed, kept=kept)
    return go(path_of(ref, f"requirement-{row.number}"))


async def post_answer(request: Request) -> Response:
    """Say what the team has made of a requirement."""
    form, ref = await sent(request), ref_of(request)
    number = number_of(request, "requirement-unknown")
    try:
        await requirements.answer_requirement(
            services_of(request),
            person_of(request),
            ref,
            number,
            state=form["requirement_state"],
            because=form["requirement_because"],
            expected_revision=number_in(form, "expected_revision"),
            section=form["met_section"],
            anchor=anchor_in(form["met_anchor"]),
        )
    except Refusal as refusal:
        renamed = {
            "state": "requirement_state",
            "because": "requirement_because",
            "section": "met_section",
        }
        kept = form["requirement_because"]
        return await refused(request, refusal, form, "answer", renamed, kept=kept)
    return go(path_of(ref, f"requirement-{number}"))


routes = [
    Route(PATH, back, methods=["GET"]),
    Route(PATH, post_requirement, methods=["POST"]),
    Route(PATH + "/{number}/answer", back, methods=["GET"]),
    Route(PATH + "/{number}/answer", post_answer, methods=["POST"]),
]
