"""Central measures over the API: entered and changed by the office, linked from ideas."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.measures.central import (
    FIELDS_MAX,
    REASON_CHARS_MAX,
    TEXT_CHARS_MAX,
    TITLE_CHARS_MAX,
    Entry,
    LinkKind,
)
from collab.process.measures.register import Progress
from server.actions.cases import open_case
from server.actions.measures import central as actions
from server.api.measures.register import LinkOut, MeasureDetail, MeasureNumber
from server.api.operation import Answer, ApiRequest, operation
from server.views.measures.register import measure_page
from storage.process.measures import central

TAG = "central measures"
COLLECTION = "/api/v1/central-measures"
LINKS = "/api/v1/ideas/{ref}/central-measures"
LINK = LINKS + "/{number}/{link_kind}"


class CentralBody(BaseModel):
    """What the register is to say of a central measure."""

    model_config = ConfigDict(extra="forbid")

    # White space around does not count; the rules bound what is stored.
    title: str = Field(max_length=2 * TITLE_CHARS_MAX)
    text: str = Field(max_length=2 * TEXT_CHARS_MAX)
    fields: list[Annotated[str, Field(max_length=64)]] = Field(
        default_factory=list, max_length=FIELDS_MAX, description="Ids of fields of action."
    )
    organisation_id: UUID
    status: Progress = Progress.PLANNED

    def entry(self) -> Entry:
        return Entry(self.title, self.text, tuple(self.fields), self.status)


class CentralChange(CentralBody):
    """The new words, why, and the revision that was seen."""

    expected_revision: int = Field(ge=1, le=2**31 - 1)
    reason: str = Field(max_length=2 * REASON_CHARS_MAX)


class LinkBody(BaseModel):
    """What the idea has to do with the central measure."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(default="", max_length=2 * REASON_CHARS_MAX)


class Links(BaseModel):
    """The central measures that an idea belongs to."""

    links: list[LinkOut]


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 422, 429))
async def enter_central_measure(
    request: ApiRequest, body: CentralBody
) -> Annotated[Answer, MeasureDetail]:
    """Enter a central measure; only the coordination office may, any other attempt is recorded."""
    row = await actions.enter(
        request.services, request.actor, body.entry(), organisation_id=body.organisation_id
    )
    detail = await _detail(request, row.number)
    return Answer(detail, headers={"Location": f"/api/v1/measures/{row.number}"})


@operation("PUT", COLLECTION + "/{number}", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def change_central_measure(
    request: ApiRequest, number: MeasureNumber, body: CentralChange
) -> MeasureDetail:
    """Change what the register says of a central measure, for a reason.

    409 (revision-moved) if somebody changed it since.
    """
    await actions.change(
        request.services,
        request.actor,
        number,
        body.entry(),
        organisation_id=body.organisation_id,
        expected_revision=body.expected_revision,
        reason=body.reason,
    )
    return await _detail(request, number)


@operation("GET", LINKS, tag=TAG, refusals=(404,))
async def list_central_links(request: ApiRequest, ref: str) -> Links:
    """The central measures that the idea builds on or is referred to."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await central.of_idea(tx, case.idea.id)
    return Links(
        links=[
            LinkOut(
                kind=link.kind,
                note=link.note,
                at=link.at,
                number=link.number,
                ref=None,
                title=other.title,
            )
            for link, other in found
        ]
    )


@operation("PUT", LINK, tag=TAG, status=204, refusals=(401, 403, 404, 409, 422, 429))
async def link_central_measure(
    request: ApiRequest, ref: str, number: MeasureNumber, link_kind: LinkKind, body: LinkBody
) -> None:
    """Say that the idea builds on a central measure; only the office says that it is referred."""
    await actions.link(request.services, request.actor, ref, number, link_kind, note=body.note)


@operation("DELETE", LINK, tag=TAG, status=204, refusals=(401, 403, 404, 429))
async def unlink_central_measure(
    request: ApiRequest, ref: str, number: MeasureNumber, link_kind: LinkKind
) -> None:
    """Take a link to a central measure back."""
    await actions.unlink(request.services, request.actor, ref, number, link_kind)


async def _detail(request: ApiRequest, number: str) -> MeasureDetail:
    async with request.services.database.read() as tx:
        return MeasureDetail.whole(await measure_page(tx, number))


operations = [
    enter_central_measure,
    change_central_measure,
    list_central_links,
    link_central_measure,
    unlink_central_measure,
]
