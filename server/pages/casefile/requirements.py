"""The forms of requirements on an idea's page; refused, they come back with what was typed."""

from starlette.requests import Request
from starlette.responses import Response

from server.actions.casefile import requirements
from server.pages.forms import Sent, go, person_of
from server.pages.idea.forms import anchor_in, number_in, number_of, page_form, ref_of
from server.pages.idea.page import path_of
from server.services import services_of

PATH = "/ideas/{ref}/requirements"
RAISED = {"text": "requirement_text", "section": "requirement_section"}
ANSWERED = {
    "state": "requirement_state",
    "because": "requirement_because",
    "section": "met_section",
}


async def post_requirement(request: Request, form: Sent) -> Response:
    """Ask something of the idea."""
    ref = ref_of(request)
    row = await requirements.raise_requirement(
        services_of(request),
        person_of(request),
        ref,
        text=form["requirement_text"],
        recorded_for=form["recorded_for"],
        section=form["requirement_section"],
        anchor=anchor_in(form["requirement_anchor"]),
    )
    return go(path_of(ref, f"requirement-{row.number}"))


async def post_answer(request: Request, form: Sent) -> Response:
    """Say what the team has made of a requirement."""
    ref = ref_of(request)
    number = number_of(request, "requirement-unknown")
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
    return go(path_of(ref, f"requirement-{number}"))


routes = [
    *page_form(PATH, post_requirement, "requirement", RAISED),
    *page_form(PATH + "/{number}/answer", post_answer, "answer", ANSWERED),
]
