"""Taking measures over, and changes offered to replicas, over the API."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.actors import Actor
from collab.process.dossier import TITLE_CHARS_MAX
from server.actions.cases import open_case
from server.actions.catalogues.today import today
from server.actions.linking import offers as offering
from server.actions.linking.replicas import TakeOver, replicate
from server.api.operation import Answer, ApiRequest, operation
from server.services import Services
from server.views.linking.replicas import Node, OfferView, Replicas, offers, replicas

TAG = "replicas"
ITEM = "/api/v1/ideas/{ref}"
VERSION = r"^[0-9]{1,9}\.[0-9]{1,15}$"


class TakeOverBody(BaseModel):
    """What is taken over, for which of one's organisations."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID | None = Field(
        default=None, description="Needed if one speaks for several."
    )
    title: str = Field(default="", max_length=2 * TITLE_CHARS_MAX)
    sections: list[str] = Field(
        default_factory=list, max_length=50, description="Without any: all that hold text."
    )
    submit: bool = Field(default=False, description="Publish at once instead of keeping a draft.")


class Began(BaseModel):
    """The new proposal and where it begins."""

    ref: str
    stage: str
    revision: int
    replicates: str


class ReplicaOut(BaseModel):
    """One idea that was taken over, with its own replicas."""

    ref: str
    title: str
    stage: str
    organisation: str | None
    replicas: "list[ReplicaOut]"


class ReplicasOut(BaseModel):
    """Where an idea was taken over from and to; ``count`` is what counts for its gates."""

    origin: str | None
    licence: str | None
    credit: str | None
    sections: list[str]
    tree: ReplicaOut | None
    count: int
    open_offers: int


class HunkOut(BaseModel):
    """Lines that were replaced by others in the origin."""

    before: list[str]
    after: list[str]


class OfferOut(BaseModel):
    """What changed in one section of the origin; ``version`` is to be sent with a decision."""

    id: UUID
    section: str
    state: str
    by_hand: bool
    version: str
    at: datetime
    hunks: list[HunkOut]


class Offers(BaseModel):
    """Everything the origin ever offered."""

    offers: list[OfferOut]


class Decision(StrEnum):
    """What becomes of an offered change."""

    TAKE = "take"
    BY_HAND = "by_hand"
    DECLINE = "decline"


class DecisionBody(BaseModel):
    """What becomes of an offered change, and the version of it that was seen."""

    model_config = ConfigDict(extra="forbid")

    decision: Decision
    version: str = Field(pattern=VERSION)


class Offered(BaseModel):
    """In how many sections of replicas changes were offered."""

    offered: int


@operation("POST", ITEM + "/replicas", tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429))
async def take_over(request: ApiRequest, ref: str, body: TakeOverBody) -> Annotated[Answer, Began]:
    """Take a measure over for one's organisation: a proposal of its own, credited and linked."""
    wanted = TakeOver(
        organisation_id=body.organisation_id,
        title=body.title,
        sections=body.sections,
        submit=body.submit,
    )
    made = (await replicate(request.services, request.actor, ref, wanted)).idea
    async with request.services.database.read() as tx:
        idea = (await open_case(tx, request.actor, made.ref)).idea
    began = Began(ref=idea.ref, stage=idea.stage, revision=idea.revision, replicates=ref)
    return Answer(began, headers={"Location": f"/api/v1/ideas/{idea.ref}"})


@operation("GET", ITEM + "/replicas", tag=TAG, refusals=(404,))
async def read_replicas(request: ApiRequest, ref: str) -> ReplicasOut:
    """Where the idea was taken over from, and the tree it stands in."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await replicas(tx, case, today(request.services))
    return _replicas_out(found)


@operation("POST", ITEM + "/replicas/offers", tag=TAG, refusals=(401, 403, 404, 409))
async def offer_to_replicas(request: ApiRequest, ref: str) -> Offered:
    """Offer what has changed in the text to all replicas; for the lead."""
    count = await offering.offer_changes(request.services, request.actor, ref)
    return Offered(offered=count)


@operation("GET", ITEM + "/offers", tag=TAG, refusals=(404,))
async def read_offers(request: ApiRequest, ref: str) -> Offers:
    """What the origin of the idea has offered, and what became of it."""
    return await _offers(request, ref)


@operation("POST", ITEM + "/offers/{change_id}", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def decide_offer(
    request: ApiRequest, ref: str, change_id: UUID, body: DecisionBody
) -> Offers:
    """Take an offered change into the text, note that it was brought in by hand, or decline it."""
    services, actor = request.services, request.actor
    await decide(services, actor, ref, change_id, body.decision, body.version)
    return await _offers(request, ref)


async def decide(
    services: Services, actor: Actor, ref: str, change_id: UUID, decision: Decision, version: str
) -> None:
    """Do what was decided about the offer as it was seen."""
    epoch, _, seq = version.partition(".")
    seen = (int(epoch), int(seq))
    if decision is Decision.TAKE:
        await offering.take(services, actor, ref, change_id, seen=seen)
        return
    state, by_hand = ("declined", False) if decision is Decision.DECLINE else ("taken", True)
    await offering.settle(services, actor, ref, change_id, state=state, seen=seen, by_hand=by_hand)


async def _offers(request: ApiRequest, ref: str) -> Offers:
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        return Offers(offers=[_offer_out(each) for each in await offers(tx, case)])


def _replicas_out(found: Replicas) -> ReplicasOut:
    source = found.source
    return ReplicasOut(
        origin=found.origin.ref if found.origin else None,
        licence=source.licence if source else None,
        credit=source.credit if source else None,
        sections=source.sections if source else [],
        tree=_node_out(found.tree) if found.tree else None,
        count=found.count,
        open_offers=found.open_offers,
    )


def _node_out(node: Node) -> ReplicaOut:
    return ReplicaOut(
        ref=node.idea.ref,
        title=node.idea.title,
        stage=node.idea.stage,
        organisation=node.row.organisation_name if node.row else None,
        replicas=[_node_out(each) for each in node.replicas],
    )


def _offer_out(offer: OfferView) -> OfferOut:
    row = offer.change.row
    return OfferOut(
        id=row.id,
        section=row.section,
        state=row.state,
        by_hand=row.by_hand,
        version=offer.seen,
        at=row.at,
        hunks=[
            HunkOut(before=list(each.before), after=list(each.after)) for each in offer.change.hunks
        ],
    )


operations = [take_over, read_replicas, offer_to_replicas, read_offers, decide_offer]
