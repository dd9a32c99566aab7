"""For whom people speak, over the API: ask, confirm, end."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.actors import ActorClass
from server.actions.access import known
from server.actions.responsibility import affiliations as actions
from server.api.operation import ApiRequest, operation
from storage import people

TAG = "affiliations"
MINE = "/api/v1/me/affiliations"
THEIRS = "/api/v1/people/{handle}/affiliations/{organisation_id}"


class AffiliationOut(BaseModel):
    """An organisation that one says to speak for; unconfirmed it gives no rights."""

    organisation_id: UUID
    organisation: str
    actor_class: ActorClass
    confirmed_at: datetime | None
    may_sign: bool


class Affiliations(BaseModel):
    """The organisations of one person, in the order of their names."""

    affiliations: list[AffiliationOut]


class Confirmation(BaseModel):
    """What the organisation, or the office, says of the person."""

    model_config = ConfigDict(extra="forbid")

    may_sign: bool | None = Field(
        default=None, description="Only the coordination office says who may sign."
    )


@operation("GET", MINE, tag=TAG, refusals=(401,))
async def list_my_affiliations(request: ApiRequest) -> Affiliations:
    """For whom one speaks, confirmed or not."""
    person_id = known(request.person)
    async with request.services.database.read() as tx:
        found = (await people.memberships(tx, [person_id])).get(person_id, [])
    return Affiliations(
        affiliations=[
            AffiliationOut(
                organisation_id=each.organisation.id,
                organisation=each.organisation.name,
                actor_class=ActorClass(each.organisation.actor_class),
                confirmed_at=each.confirmed_at,
                may_sign=each.may_sign,
            )
            for each in found
        ]
    )


@operation("PUT", MINE + "/{organisation_id}", tag=TAG, refusals=(401, 403, 409, 422, 429))
async def ask_for_affiliation(request: ApiRequest, organisation_id: UUID) -> None:
    """Say that one speaks for an organisation; it counts once it was confirmed."""
    await actions.ask(request.services, request.person, organisation_id)


@operation("DELETE", MINE + "/{organisation_id}", tag=TAG, refusals=(401, 404, 429))
async def end_my_affiliation(request: ApiRequest, organisation_id: UUID) -> None:
    """Speak for an organisation no longer."""
    person = request.person
    await actions.end(request.services, person, person.handle, organisation_id)


@operation("PUT", THEIRS, tag=TAG, refusals=(401, 403, 404, 422))
async def confirm_affiliation(
    request: ApiRequest, handle: str, organisation_id: UUID, body: Confirmation
) -> None:
    """Confirm that a person speaks for an organisation: its signatories, or the office."""
    await actions.confirm(
        request.services, request.person, handle, organisation_id, may_sign=body.may_sign
    )


@operation("DELETE", THEIRS, tag=TAG, refusals=(401, 403, 404, 429))
async def end_affiliation(request: ApiRequest, handle: str, organisation_id: UUID) -> None:
    """Say that a person does not, or no longer, speak for an organisation."""
    await actions.end(request.services, request.person, handle, organisation_id)


operations = [
    list_my_affiliations,
    ask_for_affiliation,
    end_my_affiliation,
    confirm_affiliation,
    end_affiliation,
]
