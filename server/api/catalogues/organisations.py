"""Organisations over the API: reading them, and what the coordination office does with them."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.errors import NotFound
from collab.process.actors import ActorClass
from collab.process.organisations.organisation import (
    NAME_CHARS_MAX,
    REASON_CHARS_MAX,
    SHORT_NAME_CHARS_MAX,
    OrganisationKind,
)
from server.actions.catalogues import organisations as actions
from server.actions.catalogues.today import today
from server.api.operation import ApiRequest, operation
from storage.database import Transaction
from storage.process import organisations
from storage.process.organisations import Organisation, body_of, is_layout

TAG = "organisations"
COLLECTION = "/api/v1/organisations"
ITEM = COLLECTION + "/{organisation_id}"
PAGE_MAX = 500


class OrganisationOut(BaseModel):
    """A body that people can act for; ``valid_to`` is its last day.

    ``can_be_chosen`` says whether it is valid today; layout groups only give a chart its shape.
    """

    id: UUID
    name: str
    short_name: str | None
    actor_class: ActorClass
    kind: str
    type_name: str | None
    source: str | None
    parent: UUID | None
    valid_from: date | None
    valid_to: date | None
    successor: UUID | None
    end_reason: str | None
    can_be_chosen: bool

    @classmethod
    def of(cls, row: Organisation, on: date) -> Self:
        return cls(
            id=row.id,
            name=row.name,
            short_name=row.short_name,
            actor_class=ActorClass(row.actor_class),
            kind=row.kind,
            type_name=row.type_name,
            source=row.source,
            parent=row.parent_id,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            successor=row.successor_id,
            end_reason=row.end_reason,
            can_be_chosen=body_of(row).is_valid(on) and not is_layout(row),
        )


class WholeOrganisation(OrganisationOut):
    """An organisation with those it has followed, and what has taken its place in the end."""

    predecessors: list[OrganisationOut]
    current: OrganisationOut


class OrganisationsOut(BaseModel):
    """Organisations in the order of names, ended ones too; go on with ``after`` as ``offset``."""

    total: int
    organisations: list[OrganisationOut]
    after: int | None


class PageQuery(BaseModel):
    """Which part of the list."""

    model_config = ConfigDict(extra="forbid")

    offset: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=PAGE_MAX, ge=1, le=PAGE_MAX)


class OrganisationBody(BaseModel):
    """A new organisation, and why it is added."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=2 * NAME_CHARS_MAX)
    short_name: str = Field(default="", max_length=2 * SHORT_NAME_CHARS_MAX)
    actor_class: ActorClass
    kind: OrganisationKind
    parent: UUID | None = None
    valid_from: date | None = None
    reason: str = Field(max_length=2 * REASON_CHARS_MAX)


class EndBody(BaseModel):
    """The last day, and why; ``with_units`` ends what lies below, too."""

    model_config = ConfigDict(extra="forbid")

    last_day: date
    reason: str = Field(max_length=2 * REASON_CHARS_MAX)
    with_units: bool = False


class ReplaceBody(BaseModel):
    """What takes the organisation's place in law, and why; ``last_day`` left out is yesterday."""

    model_config = ConfigDict(extra="forbid")

    successor: UUID
    last_day: date | None = None
    reason: str = Field(max_length=2 * REASON_CHARS_MAX)


class Ended(BaseModel):
    """How many organisations ended."""

    ended: int


class Replaced(BaseModel):
    """How many people speak for the successor, and for how many ideas it answers, by that."""

    people: int
    cases: int


@operation("GET", COLLECTION, tag=TAG, refusals=(422,))
async def list_organisations(request: ApiRequest, query: PageQuery) -> OrganisationsOut:
    """All organisations, ended ones too; ``parent`` makes them a tree."""
    on = today(request.services)
    async with request.services.database.read() as tx:
        total = await organisations.count(tx)
        rows = await organisations.everything(tx, offset=query.offset, limit=query.limit)
    after = query.offset + len(rows)
    return OrganisationsOut(
        total=total,
        organisations=[OrganisationOut.of(row, on) for row in rows],
        after=after if rows and after < total else None,
    )


@operation("GET", ITEM, tag=TAG, refusals=(404,))
async def read_organisation(request: ApiRequest, organisation_id: UUID) -> WholeOrganisation:
    """One organisation, also an ended one, with what it followed and what follows it."""
    async with request.services.database.read() as tx:
        return await _whole(tx, organisation_id, today(request.services))


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 422))
async def add_organisation(request: ApiRequest, body: OrganisationBody) -> OrganisationOut:
    """Add an organisation; for the coordination office."""
    made = await actions.add(
        request.services,
        request.person,
        name=body.name,
        short_name=body.short_name,
        actor_class=body.actor_class,
        kind=body.kind,
        parent_id=body.parent,
        valid_from=body.valid_from,
        reason=body.reason,
    )
    return OrganisationOut.of(made, today(request.services))


@operation("POST", ITEM + "/end", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def end_organisation(request: ApiRequest, organisation_id: UUID, body: EndBody) -> Ended:
    """Give an organisation its last day; for the coordination office.

    What was done in its name stays in its name; it cannot be chosen any more afterwards.
    """
    ended = await actions.end(
        request.services,
        request.person,
        organisation_id,
        last_day=body.last_day,
        reason=body.reason,
        with_units=body.with_units,
    )
    return Ended(ended=ended)


@operation("POST", ITEM + "/replace", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def replace_organisation(
    request: ApiRequest, organisation_id: UUID, body: ReplaceBody
) -> Replaced:
    """Put the legal successor in the place of an organisation; for the coordination office.

    The successor answers for what the organisation answered for. Its confirmed people speak for
    the successor from now on; the right to sign is confirmed anew.
    """
    done = await actions.replace_organisation(
        request.services,
        request.person,
        organisation_id,
        successor_id=body.successor,
        last_day=body.last_day,
        reason=body.reason,
    )
    return Replaced(people=done.people, cases=done.cases)


async def _whole(tx: Transaction, organisation_id: UUID, on: date) -> WholeOrganisation:
    row = await organisations.get(tx, organisation_id)
    now = await organisations.current(tx, organisation_id)
    if row is None or now is None:
        raise NotFound("organisation-unknown")
    before = await organisations.predecessors(tx, organisation_id)
    return WholeOrganisation(
        **OrganisationOut.of(row, on).model_dump(),
        predecessors=[OrganisationOut.of(each, on) for each in before],
        current=OrganisationOut.of(now, on),
    )


operations = [
    list_organisations,
    read_organisation,
    add_organisation,
    end_organisation,
    replace_organisation,
]
