"""Workshops over the API: opening one, reading it, coming in, one's own hand and seat."""

from dataclasses import replace
from typing import Annotated

from collab.errors import Invalid, NotFound
from collab.process.permissions import Action, require
from collab.process.workshop.agenda import steps_from_json
from collab.process.workshop.templates import load_workshop_template, workshop_templates
from server.actions.access import Caller, known
from server.actions.workshop import seats
from server.actions.workshop.joining import join_as_guest, join_with_account
from server.actions.workshop.opening import Opening, open_workshop
from server.actions.workshop.places import look_up
from server.api.operation import Answer, ApiRequest, operation
from server.api.workshop.shapes import (
    HandBody,
    JoinBody,
    JoinedOut,
    Mine,
    MineOut,
    OpenWorkshop,
    SeatBody,
    StepShown,
    TemplateOut,
    TemplatesOut,
    WorkshopOut,
)
from server.views.workshop.hall import course_of, read_hall
from storage.workshop import workshops

TAG = "workshops"
WORKSHOPS = "/api/v1/workshops"
WORKSHOP = WORKSHOPS + "/{code}"


@operation("GET", "/api/v1/workshop-templates", tag=TAG)
async def list_workshop_templates(request: ApiRequest) -> TemplatesOut:
    """The kinds of evenings from which a workshop can begin."""
    return TemplatesOut(
        templates=[
            TemplateOut(
                id=each.id,
                version=each.version,
                label={"de": each.label.de, "en": each.label.en},
                minutes=each.minutes,
                agenda=[StepShown.of(step) for step in each.steps],
            )
            for each in workshop_templates()
        ]
    )


@operation("GET", WORKSHOPS, tag=TAG, refusals=(401,))
async def list_my_workshops(request: ApiRequest) -> MineOut:
    """The workshops that one leads or attended."""
    person_id = known(request.person)
    async with request.services.database.read() as tx:
        found = await workshops.of_person(tx, person_id)
    return MineOut(
        workshops=[
            Mine(
                code=each.code,
                title=each.title,
                created_at=each.created_at,
                ended_at=each.ended_at,
            )
            for each in found
        ]
    )


@operation("POST", WORKSHOPS, tag=TAG, status=201, refusals=(401, 403, 422, 429))
async def open_a_workshop(request: ApiRequest, body: OpenWorkshop) -> WorkshopOut:
    """Open a workshop that one leads."""
    require(Action.OPEN_WORKSHOP, request.person)
    opening = Opening(
        title=body.title,
        steps=(),
        tables=body.tables,
        template_id=body.template,
        template_version=1,
        hours=body.hours,
        dots_per_person=body.dots_per_person,
        has_remote_table=bool(body.remote_table),
    )
    opened = await open_workshop(
        request.services, request.person, _with_steps(opening, body), body.remote_table
    )
    return await _shown(request, opened.code)


@operation("GET", WORKSHOP, tag=TAG, refusals=(404, 422, 429))
async def read_workshop(request: ApiRequest, code: str) -> WorkshopOut:
    """A workshop by its code or that of one of its tables."""
    return await _shown(request, code)


@operation("POST", WORKSHOP + "/join", tag=TAG, status=201, refusals=(403, 404, 409, 422, 429))
async def join_workshop(
    request: ApiRequest, code: str, body: JoinBody
) -> Annotated[Answer, JoinedOut]:
    """Come in. Browsers come in by the form, and get a cookie; a program gets a token here."""
    services, caller = request.services, Caller(_address(request))
    place = await look_up(services, request.actor, code, caller.address)
    if request.actor.person_id is not None:
        joined = await join_with_account(services, request.actor, code, table=body.table)
    else:
        joined = await join_as_guest(
            services,
            code,
            body.name,
            caller,
            request.language,
            table=body.table,
            form_key=body.key,
            is_program=True,
        )
    content = JoinedOut(code=place.workshop.code, name=joined.name, token=joined.token)
    return Answer(content, headers={"Cache-Control": "no-store"})


@operation("PUT", WORKSHOP + "/hand", tag=TAG, status=204, refusals=(401, 403, 404, 409, 422))
async def raise_my_hand(request: ApiRequest, code: str, body: HandBody) -> None:
    """Raise one's hand, or take it down."""
    await seats.raise_hand(request.services, request.person, code, up=body.up)


@operation("PUT", WORKSHOP + "/seat", tag=TAG, status=204, refusals=(401, 403, 404, 422))
async def sit_at_table(request: ApiRequest, code: str, body: SeatBody) -> None:
    """Sit down at a table."""
    await seats.sit_down(request.services, request.person, code, body.table)


def _with_steps(opening: Opening, body: OpenWorkshop) -> Opening:
    """The opening with the agenda that was sent, else with that of the template."""
    if body.agenda:
        steps = steps_from_json([each.model_dump() for each in body.agenda])
        return replace(opening, steps=steps, template_id="own")
    try:
        template = load_workshop_template(body.template)
    except NotFound:
        raise Invalid(fields={"template": "unknown-choice"}) from None
    return replace(opening, steps=template.steps, template_version=template.version)


async def _shown(request: ApiRequest, code: str) -> WorkshopOut:
    services, actor = request.services, request.actor
    place = await look_up(services, actor, code, _address(request))
    async with services.database.read() as tx:
        hall = await read_hall(tx, actor, place.workshop)
    return WorkshopOut.of(course_of(place, services.clock()), hall)


def _address(request: ApiRequest) -> str:
    return request.client.host if request.client else ""


operations = [
    list_workshop_templates,
    list_my_workshops,
    open_a_workshop,
    read_workshop,
    join_workshop,
    raise_my_hand,
    sit_at_table,
]
