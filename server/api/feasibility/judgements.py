"""Judgements of feasibility over the API."""

from collab.errors import Conflict
from collab.process.feasibility.tallies import tally
from server.actions.cases import open_case
from server.actions.facts.case import team_ids
from server.actions.facts.opinions import judgement_values
from server.actions.feasibility import judgements as actions
from server.actions.feasibility.outdated import outdated
from server.actions.feasibility.sight import hidden_from, open_round
from server.api.feasibility.bodies import (
    Feasibility,
    JudgementBody,
    JudgementOut,
    KeepBody,
    RoundOut,
    TallyOut,
)
from server.api.operation import ApiRequest, operation
from server.api.versions import VersionBody
from server.faces import faces
from server.realtime.rooms.loading import DocumentUnreadable
from storage.feasibility import judgements, rounds

TAG = "judgements"
COLLECTION = "/api/v1/ideas/{ref}/judgements"
ITEM = COLLECTION + "/{dimension}"


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def read_feasibility(request: ApiRequest, ref: str) -> Feasibility:
    """What people hold of the idea's feasibility; it advises, it does not decide."""
    services, now = request.services, request.services.clock()
    async with services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
    try:
        text, current = await services.hub.text(case.idea.document_id)
    except DocumentUnreadable as error:
        raise Conflict("unreadable-document") from error
    async with services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        rows = await judgements.of_idea(tx, case.idea.id)
        known = await faces(tx, {row.person_id for row in rows})
        values = judgement_values(rows, known, await team_ids(tx, case.idea.id))
        judged = [each.version for each in values]
        changed = await outdated(tx, case.idea.document_id, judged, text, current.sha256)
        unseen = await hidden_from(tx, case, now)
        is_open = await open_round(tx, case, now) is not None
        held = await rounds.unclosed(tx, case.idea.id) if is_open else None
    return Feasibility(
        text_version=VersionBody.of(current),
        round=RoundOut.of(held) if held else None,
        tallies=[
            TallyOut.of(each, is_hidden=each.dimension in unseen) for each in tally(values, changed)
        ],
        mine=[JudgementOut.of(row) for row in rows if row.person_id == case.actor.person_id],
    )


@operation("PUT", ITEM, tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def judge(request: ApiRequest, ref: str, dimension: str, body: JudgementBody) -> JudgementOut:
    """Give one's judgement of a dimension, in place of an earlier one.

    While a round is open, 409 says what it asks (``not-in-round``) and of which text
    (``round-text``).
    """
    row = await actions.judge(
        request.services,
        request.actor,
        ref,
        dimension,
        verdict=body.verdict,
        confidence=body.confidence,
        reason=body.reason,
        seen=body.text_version.value(),
        declared=body.declared(),
        round_id=body.round_id,
    )
    return JudgementOut.of(row)


@operation("POST", ITEM + "/keep", tag=TAG, refusals=(401, 403, 404, 409, 429))
async def keep_judgement(
    request: ApiRequest, ref: str, dimension: str, body: KeepBody
) -> JudgementOut:
    """Hold of a later text what one held of the earlier one."""
    seen = body.text_version.value()
    row = await actions.keep(request.services, request.actor, ref, dimension, seen=seen)
    return JudgementOut.of(row)


@operation("DELETE", ITEM, tag=TAG, status=204, refusals=(401, 403, 404, 429))
async def withdraw_judgement(request: ApiRequest, ref: str, dimension: str) -> None:
    """Take one's judgement back; a condition that it made stands no longer."""
    await actions.withdraw(request.services, request.actor, ref, dimension)


operations = [read_feasibility, judge, keep_judgement, withdraw_judgement]
