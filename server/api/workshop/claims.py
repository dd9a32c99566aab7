"""Receipts of guests, and taking over what they did, over the API."""

from pydantic import BaseModel, ConfigDict, Field

from collab.process.workshop.claims import TYPED_CHARS_MAX, spelled_receipt
from server.actions.access import Caller
from server.actions.workshop import claiming
from server.api.operation import ApiRequest, operation

TAG = "workshops"


class ReceiptOut(BaseModel):
    """A receipt; it is shown this once, and an earlier one is worth nothing now."""

    receipt: str


class ReceiptIn(BaseModel):
    """A receipt as it was typed."""

    model_config = ConfigDict(extra="forbid")

    receipt: str = Field(max_length=TYPED_CHARS_MAX)


class ClaimOffer(BaseModel):
    """What a receipt stands for: where, under which name, and how much of what."""

    workshop: str
    name: str
    counts: dict[str, int]


class ClaimDone(BaseModel):
    """What passed on, by kind of row, and what did not, as one person has it only once."""

    workshop: str
    name: str
    moved: dict[str, int]
    judgements_withdrawn: list[str]
    dots_withdrawn: int
    in_team: list[str]


@operation("POST", "/api/v1/me/receipt", tag=TAG, refusals=(401, 403, 404))
async def make_receipt(request: ApiRequest) -> ReceiptOut:
    """Make a receipt for the guest who asks."""
    receipt = await claiming.make_receipt(request.services, request.person)
    return ReceiptOut(receipt=spelled_receipt(receipt))


@operation("POST", "/api/v1/me/claims/look", tag=TAG, refusals=(401, 403, 404, 422, 429))
async def look_at_receipt(request: ApiRequest, body: ReceiptIn) -> ClaimOffer:
    """What would be taken over; nothing is done."""
    person = request.person
    found = await claiming.look(request.services, person, body.receipt, _caller(request))
    return ClaimOffer(
        workshop=found.workshop.title, name=found.guest.name, counts=dict(found.counts)
    )


@operation("POST", "/api/v1/me/claims", tag=TAG, refusals=(401, 403, 404, 422, 429))
async def claim_guest(request: ApiRequest, body: ReceiptIn) -> ClaimDone:
    """Take over everything that the guest of the receipt did; his sign-ins end."""
    person = request.person
    done = await claiming.claim(request.services, person, body.receipt, _caller(request))
    return ClaimDone(
        workshop=done.workshop.title,
        name=done.name,
        moved=dict(done.outcome.moved),
        judgements_withdrawn=list(done.outcome.withdrawn.judgements),
        dots_withdrawn=done.outcome.withdrawn.dots,
        in_team=list(done.outcome.in_team),
    )


def _caller(request: ApiRequest) -> Caller:
    return Caller(request.client.host if request.client else "")


operations = [make_receipt, look_at_receipt, claim_guest]
