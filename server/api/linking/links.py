"""Links between ideas over the API."""

from pydantic import BaseModel, ConfigDict, Field

from collab.process.dossier import IdeaKind
from collab.process.linking.links import LinkKind
from collab.process.stages import MeasureType
from server.actions.cases import open_case
from server.actions.linking import links as actions
from server.api.operation import ApiRequest, operation
from server.views.linking.links import LinkView, links_of

TAG = "links"
COLLECTION = "/api/v1/ideas/{ref}/links"


class LinkBody(BaseModel):
    """What the idea is to another: it answers a need, builds on it, or complements it."""

    model_config = ConfigDict(extra="forbid")

    kind: LinkKind
    to: str = Field(max_length=64, description="The reference of the other idea.")


class LinkOut(BaseModel):
    """One link, read from the idea that was asked for."""

    kind: LinkKind
    is_outward: bool = Field(description="It leads from this idea to the other one.")
    fits: bool = Field(description="False if one of them has changed its kind since.")
    ref: str
    title: str
    idea_kind: IdeaKind
    stage: str
    measure_type: MeasureType | None


class Links(BaseModel):
    """All links of an idea that the asking person may see."""

    links: list[LinkOut]


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def read_links(request: ApiRequest, ref: str) -> Links:
    """What the idea answers, builds on, complements or replicates, and what does so with it."""
    return await _links(request, ref)


@operation("POST", COLLECTION, tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def link_ideas(request: ApiRequest, ref: str, body: LinkBody) -> Links:
    """Link the idea to another one."""
    await actions.link(request.services, request.actor, ref, kind=body.kind, to=body.to)
    return await _links(request, ref)


@operation("DELETE", COLLECTION + "/{kind}/{to}", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def unlink_ideas(request: ApiRequest, ref: str, kind: LinkKind, to: str) -> None:
    """Take a link of the idea away; the log keeps that it was there."""
    await actions.unlink(request.services, request.actor, ref, kind=kind, to=to)


async def _links(request: ApiRequest, ref: str) -> Links:
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await links_of(tx, case)
    return Links(links=[_link_out(each) for each in found.all])


def _link_out(link: LinkView) -> LinkOut:
    other = link.other
    return LinkOut(
        kind=link.kind,
        is_outward=link.is_outward,
        fits=link.fits,
        ref=other.ref,
        title=other.title,
        idea_kind=IdeaKind(other.kind),
        stage=other.stage,
        measure_type=MeasureType(other.measure_type) if other.measure_type else None,
    )


operations = [read_links, link_ideas, unlink_ideas]
