"""Judgements of feasibility over the API."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from collab.errors import Conflict
from collab.process.actors import ActorClass
from collab.process.feasibility.dimensions import Confidence, Verdict
from collab.process.feasibility.judgements import REASON_CHARS_MAX
from collab.process.feasibility.tallies import Tally, tally
from server.actions.cases import open_case
from server.actions.facts.case import team_ids
from server.actions.facts.opinions import judgement_values
from server.actions.feasibility import judgements as actions
from server.api.operation import ApiRequest, operation
from server.api.versions import VersionBody
from server.faces import faces
from server.realtime.rooms.loading import DocumentUnreadable
from storage.feasibility import judgements
from storage.feasibility.judgements import Judgement

TAG = "judgements"
COLLECTION = "/api/v1/ideas/{ref}/judgements"


class JudgementBody(BaseModel):
    """What a person holds of one dimension, and of which text."""

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict
    confidence: Confidence
    reason: str = Field(default="", max_length=2 * REASON_CHARS_MAX)
    text_version: VersionBody


class JudgementOut(BaseModel):
    """One person's judgement of one dimension."""

    dimension: str
    verdict: Verdict
    confidence: Confidence
    reason: str
    text_version: VersionBody
    created_at: datetime
    updated_at: datetime


class TallyOut(BaseModel):
    """What the judgements of one dimension say together; all counts are of people.

    ``spread`` is the share of pairs of people whose verdicts differ.
    """

    dimension: str
    n: int
    by_verdict: dict[Verdict, int]
    by_confidence: dict[Confidence, int]
    by_class: dict[ActorClass, int]
    spread: float
    outdated: int
    by_authors: int


class Feasibility(BaseModel):
    """All dimensions, and the text version that ``outdated`` is counted against."""

    text_version: VersionBody
    tallies: list[TallyOut]


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def read_feasibility(request: ApiRequest, ref: str) -> Feasibility:
    """What people hold of the idea's feasibility; it advises, it does not decide."""
    services = request.services
    async with services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
    try:
        _, current = await services.hub.text(case.idea.document_id)
    except DocumentUnreadable as error:
        raise Conflict("unreadable-document") from error
    async with services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        rows = await judgements.of_idea(tx, case.idea.id)
        known = await faces(tx, {row.person_id for row in rows})
        team = await team_ids(tx, case.idea.id)
    found = tally(judgement_values(rows, known, team), current)
    return Feasibility(
        text_version=VersionBody.of(current), tallies=[_tally_out(each) for each in found]
    )


@operation("PUT", COLLECTION + "/{dimension}", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def judge(request: ApiRequest, ref: str, dimension: str, body: JudgementBody) -> JudgementOut:
    """Give one's judgement of a dimension, in place of an earlier one."""
    row = await actions.judge(
        request.services,
        request.actor,
        ref,
        dimension,
        verdict=body.verdict,
        confidence=body.confidence,
        reason=body.reason,
        seen=body.text_version.value(),
    )
    return _judgement_out(row)


def _judgement_out(row: Judgement) -> JudgementOut:
    return JudgementOut(
        dimension=row.dimension,
        verdict=Verdict(row.verdict),
        confidence=Confidence(row.confidence),
        reason=row.reason,
        text_version=VersionBody(epoch=row.epoch, seq=row.seq, sha256=row.sha256),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _tally_out(found: Tally) -> TallyOut:
    return TallyOut(
        dimension=found.dimension,
        n=found.n,
        by_verdict=dict(found.by_verdict),
        by_confidence=dict(found.by_confidence),
        by_class=dict(found.by_class),
        spread=found.spread,
        outdated=found.outdated,
        by_authors=found.by_authors,
    )


operations = [read_feasibility, judge]
