"""Rounds of judging over the API."""

from http import HTTPStatus
from uuid import UUID

from server.actions.cases import open_case
from server.actions.feasibility import rounds as actions
from server.api.feasibility.bodies import ClosingBody, RoundBody, RoundOut, Rounds
from server.api.operation import ApiRequest, operation
from storage.feasibility import rounds

TAG = "judgements"
COLLECTION = "/api/v1/ideas/{ref}/rounds"
ROUNDS_MAX = 100


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def list_rounds(request: ApiRequest, ref: str) -> Rounds:
    """The last rounds in which the idea was judged, and the one that is open."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await rounds.of_idea(tx, case.idea.id, ROUNDS_MAX)
    return Rounds(rounds=[RoundOut.of(row) for row in found])


@operation(
    "POST",
    COLLECTION,
    tag=TAG,
    status=HTTPStatus.CREATED,
    refusals=(401, 403, 404, 409, 422, 429),
)
async def open_round(request: ApiRequest, ref: str, body: RoundBody) -> RoundOut:
    """Let everybody judge these dimensions of exactly this text until the end of a day."""
    row = await actions.open_round(
        request.services,
        request.actor,
        ref,
        dimensions=body.dimensions,
        disclosure=body.disclosure,
        ends_on=body.ends_on,
        seen=body.text_version.value(),
    )
    return RoundOut.of(row)


@operation("POST", COLLECTION + "/{round_id}/close", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def close_round(request: ApiRequest, ref: str, round_id: UUID, body: ClosingBody) -> RoundOut:
    """Close a round before its day, for a reason that everybody reads."""
    services, actor = request.services, request.actor
    row = await actions.close_round(services, actor, ref, round_id, reason=body.reason)
    return RoundOut.of(row)


operations = [list_rounds, open_round, close_round]
