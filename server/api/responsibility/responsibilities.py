"""Responsibility over the API: offer, sign, refuse, withdraw, hand over, give back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.actors import ActorClass
from collab.process.responsibility.rules import NOTE_CHARS_MAX
from collab.process.responsibility.states import Part, State
from server.actions.cases import open_case
from server.actions.responsibility import endings, offers
from server.api.operation import Answer, ApiRequest, operation
from server.api.people import PersonRef
from server.faces import Face, faces
from storage.process import responsibility
from storage.process.responsibility import Responsibility

TAG = "responsibility"
COLLECTION = "/api/v1/ideas/{ref}/responsibilities"
ITEM = COLLECTION + "/{responsibility_id}"

# White space around does not count; the rules bound what is stored.
Note = Annotated[str, Field(max_length=2 * NOTE_CHARS_MAX)]


class ResponsibilityOut(BaseModel):
    """One organisation's part in an idea; the name is the one it bore when it was offered."""

    id: UUID
    organisation_id: UUID
    organisation: str
    actor_class: ActorClass
    part: Part
    state: State
    note: str
    hands_over: UUID | None = Field(description="The responsibility that ends once this is signed.")
    person: PersonRef | None = Field(description="Who stands for the organisation at the idea.")
    offered_by: PersonRef
    offered_at: datetime
    expires_at: datetime
    confirmed_by: PersonRef | None
    confirmed_at: datetime | None
    ended_by: PersonRef | None
    ended_at: datetime | None
    ended_reason: str | None

    @classmethod
    def of(cls, row: Responsibility, known: Mapping[UUID, Face]) -> Self:
        def person(person_id: UUID | None) -> PersonRef | None:
            return PersonRef.of(known[person_id]) if person_id else None

        return cls(
            id=row.id,
            organisation_id=row.organisation_id,
            organisation=row.organisation_name,
            actor_class=ActorClass(row.actor_class),
            part=Part(row.part),
            state=State(row.state),
            note=row.note,
            hands_over=row.hands_over,
            person=person(row.person_id),
            offered_by=PersonRef.of(known[row.offered_by]),
            offered_at=row.offered_at,
            expires_at=row.expires_at,
            confirmed_by=person(row.confirmed_by),
            confirmed_at=row.confirmed_at,
            ended_by=person(row.ended_by),
            ended_at=row.ended_at,
            ended_reason=row.ended_reason,
        )


class Responsibilities(BaseModel):
    """All that organisations offered or took on for the idea, the newest first."""

    is_looking_for_lead: bool = Field(description="Nobody leads yet, or any more.")
    responsibilities: list[ResponsibilityOut]


class OfferBody(BaseModel):
    """In whose name, and which part."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    part: Part = Part.LEAD
    note: Note = ""


class Signing(BaseModel):
    """Who is to stand for the organisation at the idea; empty: who offered, else who signs."""

    model_config = ConfigDict(extra="forbid")

    handle: str = Field(default="", max_length=64)


class Why(BaseModel):
    """Why; the people concerned read it."""

    model_config = ConfigDict(extra="forbid")

    reason: Note = ""


class Release(BaseModel):
    """What whoever comes next has to know."""

    model_config = ConfigDict(extra="forbid")

    note: Note


class HandOver(Release):
    """The organisation that is to lead, and what it has to know."""

    organisation_id: UUID


class Appointment(BaseModel):
    """Who is to stand for the organisation."""

    model_config = ConfigDict(extra="forbid")

    handle: str = Field(max_length=64)


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def list_responsibilities(request: ApiRequest, ref: str) -> Responsibilities:
    """Who answers for the idea, who offered to, and who did."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        rows = await responsibility.of_idea(tx, case.idea.id)
        known = await faces(tx, _people(rows))
    leads = any(row.part == Part.LEAD and row.state == State.ACTIVE for row in rows)
    return Responsibilities(
        is_looking_for_lead=not leads,
        responsibilities=[ResponsibilityOut.of(row, known) for row in rows],
    )


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429))
async def offer_responsibility(
    request: ApiRequest, ref: str, body: OfferBody
) -> Annotated[Answer, ResponsibilityOut]:
    """Offer in the name of one's organisation to lead the idea or to take part.

    It counts once somebody entitled to sign for the organisation has confirmed it.
    """
    made = await offers.offer(
        request.services,
        request.actor,
        ref,
        organisation_id=body.organisation_id,
        part=body.part,
        note=body.note,
    )
    return Answer(await _out(request, made))


@operation("POST", ITEM + "/confirmation", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def confirm_responsibility(
    request: ApiRequest, ref: str, responsibility_id: UUID, body: Signing
) -> ResponsibilityOut:
    """Sign an offer; where another organisation leads and hands over, its lead ends with this."""
    row = await offers.confirm(
        request.services, request.actor, ref, responsibility_id, handle=body.handle
    )
    return await _out(request, row)


@operation("POST", ITEM + "/refusal", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def decline_responsibility(
    request: ApiRequest, ref: str, responsibility_id: UUID, body: Why
) -> None:
    """Refuse to sign an offer."""
    await offers.decline(
        request.services, request.actor, ref, responsibility_id, reason=body.reason
    )


@operation("POST", ITEM + "/withdrawal", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def withdraw_responsibility(
    request: ApiRequest, ref: str, responsibility_id: UUID, body: Why
) -> None:
    """Take an open offer back."""
    await offers.withdraw(
        request.services, request.actor, ref, responsibility_id, reason=body.reason
    )


@operation(
    "POST", ITEM + "/hand-over", tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429)
)
async def hand_over_responsibility(
    request: ApiRequest, ref: str, responsibility_id: UUID, body: HandOver
) -> Annotated[Answer, ResponsibilityOut]:
    """Offer the lead to another organisation; it stays where it is until that one has signed."""
    made = await endings.hand_over(
        request.services,
        request.actor,
        ref,
        responsibility_id,
        organisation_id=body.organisation_id,
        note=body.note,
    )
    return Answer(await _out(request, made))


@operation("POST", ITEM + "/release", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def release_responsibility(
    request: ApiRequest, ref: str, responsibility_id: UUID, body: Release
) -> None:
    """Give a responsibility back; the case stays."""
    await endings.release(request.services, request.actor, ref, responsibility_id, note=body.note)


@operation("PUT", ITEM + "/person", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def appoint_person(
    request: ApiRequest, ref: str, responsibility_id: UUID, body: Appointment
) -> ResponsibilityOut:
    """Let another person of the organisation stand for it at the idea."""
    row = await endings.appoint(
        request.services, request.actor, ref, responsibility_id, handle=body.handle
    )
    return await _out(request, row)


async def _out(request: ApiRequest, row: Responsibility) -> ResponsibilityOut:
    async with request.services.database.read() as tx:
        known = await faces(tx, _people([row]))
    return ResponsibilityOut.of(row, known)


def _people(rows: list[Responsibility]) -> set[UUID]:
    found = {
        each
        for row in rows
        for each in (row.person_id, row.offered_by, row.confirmed_by, row.ended_by)
    }
    return {each for each in found if each is not None}


operations = [
    list_responsibilities,
    offer_responsibility,
    confirm_responsibility,
    decline_responsibility,
    withdraw_responsibility,
    hand_over_responsibility,
    release_responsibility,
    appoint_person,
]
