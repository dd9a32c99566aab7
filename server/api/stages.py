"""The official act over the API: moving an idea to another stage."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from collab.process.gates.unmet import REASON_CHARS_MAX
from server.actions import stages as actions
from server.actions.cases import open_case
from server.api.operation import ApiRequest, operation
from server.api.versions import VersionBody
from server.views.record.known import known_moves
from storage import stages
from storage.stages import StageChange

TAG = "stages"


class StageBody(BaseModel):
    """Where to, why, and on which state of idea and text the decision was made."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(max_length=64)
    expected_revision: int = Field(ge=1)
    text_version: VersionBody
    reason: str = Field(default="", max_length=2 * REASON_CHARS_MAX)
    reason_code: str | None = Field(default=None, max_length=64)


class StageChangeOut(BaseModel):
    """One move in an idea's history; ``revision`` is the idea's after it."""

    transition: str
    from_stage: str
    to_stage: str
    reason: str
    reason_code: str | None
    actor: str
    office: str | None
    organisation: str | None
    revision: int
    text_version: VersionBody
    at: datetime


class Moved(StageChangeOut):
    """The move that was made, with the stage the idea is in now."""

    ref: str
    stage: str


class History(BaseModel):
    """The moves of an idea that the reader may know of, first to last."""

    changes: list[StageChangeOut]


@operation("POST", "/api/v1/ideas/{ref}/stage", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def change_stage(request: ApiRequest, ref: str, body: StageBody) -> Moved:
    """Move an idea to another stage.

    409 if somebody was first (``winner`` says who and what, ``current`` the state now) or the
    text is no longer ``text_version``; 422 with all open conditions in ``unmet``.
    """
    change = await actions.change_stage(
        request.services,
        request.actor,
        ref,
        to=body.to,
        expected_revision=body.expected_revision,
        seen=body.text_version.value(),
        reason=body.reason,
        reason_code=body.reason_code,
    )
    return Moved(ref=ref, stage=change.to_stage, **_change_out(change).model_dump())


@operation("GET", "/api/v1/ideas/{ref}/stages", tag=TAG, refusals=(404,))
async def read_history(request: ApiRequest, ref: str) -> History:
    """How the idea came to where it is; what happened in private stages is for its team."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = known_moves(case, await stages.history(tx, case.idea.id))
    return History(changes=[_change_out(change) for change in found])


def _change_out(change: StageChange) -> StageChangeOut:
    return StageChangeOut(
        transition=change.transition,
        from_stage=change.from_stage,
        to_stage=change.to_stage,
        reason=change.reason,
        reason_code=change.reason_code,
        actor=change.actor_name,
        office=change.office,
        organisation=change.organisation,
        revision=change.revision,
        text_version=VersionBody(epoch=change.epoch, seq=change.seq, sha256=change.sha256),
        at=change.at,
    )


operations = [change_stage, read_history]
