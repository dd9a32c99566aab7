"""Conditions of judgements over the API."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from collab.process.casefile.conditions import BECAUSE_CHARS_MAX, Settlement
from server.actions.casefile import conditions as actions
from server.actions.casefile.conditions import Demand
from server.actions.cases import open_case
from server.api.operation import ApiRequest, operation
from server.api.people import PersonRef

TAG = "conditions"
COLLECTION = "/api/v1/ideas/{ref}/conditions"
ITEM = COLLECTION + "/{dimension}/{handle}"


class SettlementBody(BaseModel):
    """Whether the condition is met or accepted unmet, why, and the revision that was seen."""

    model_config = ConfigDict(extra="forbid")

    state: Settlement
    because: str = Field(max_length=2 * BECAUSE_CHARS_MAX)
    expected_revision: int = Field(ge=1, le=2**31 - 1)


class SettlementOut(BaseModel):
    """How a condition was settled."""

    state: Settlement
    because: str
    by: PersonRef
    at: datetime


class ConditionOut(BaseModel):
    """A condition; ``settlement`` is null as long as it is open.

    ``revision`` is that of the judgement: whoever judges again opens his condition again.
    """

    dimension: str
    by: PersonRef
    text: str
    revision: int
    settlement: SettlementOut | None


class Conditions(BaseModel):
    """All conditions that count at an idea, by dimension."""

    conditions: list[ConditionOut]


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def list_conditions(request: ApiRequest, ref: str) -> Conditions:
    """What judgements from outside the team make a condition, and how it was settled."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await actions.demands(tx, case, request.services.clock())
    return Conditions(conditions=[_out(each) for each in found])


@operation("PUT", ITEM, tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def settle_condition(
    request: ApiRequest, ref: str, dimension: str, handle: str, body: SettlementBody
) -> ConditionOut:
    """Settle a condition; 409 if the person has judged again since (``current`` says how)."""
    found = await actions.settle_condition(
        request.services,
        request.actor,
        ref,
        dimension,
        handle,
        state=body.state,
        because=body.because,
        expected_revision=body.expected_revision,
    )
    return _out(found)


def _out(found: Demand) -> ConditionOut:
    settlement = None
    if found.settled is not None and found.settler is not None:
        settlement = SettlementOut(
            state=Settlement(found.settled.state),
            because=found.settled.because,
            by=PersonRef.of(found.settler),
            at=found.settled.at,
        )
    return ConditionOut(
        dimension=found.judgement.dimension,
        by=PersonRef.of(found.by),
        text=found.judgement.reason,
        revision=found.judgement.revision,
        settlement=settlement,
    )


operations = [list_conditions, settle_condition]
