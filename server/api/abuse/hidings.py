"""Statements of reasons, appeals, showing again, and slow mode over the API."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.abuse.hidings import APPEAL_CHARS_MAX, APPEAL_WITHIN, AppealState
from collab.process.abuse.reports import Ground, Target
from server.actions.abuse import appeals, hiding, slow
from server.actions.abuse.appeals import Statement
from server.actions.cases import open_case
from server.api.operation import ApiRequest, operation

TAG = "moderation"
COMMENT = "/api/v1/ideas/{ref}/comments/{comment_id}"
SLOW = "/api/v1/ideas/{ref}/slow-mode"


class StatementOut(BaseModel):
    """Why something was hidden, and what was said to that."""

    ground: Ground
    reason: str
    hidden_at: datetime
    appeal_until: datetime
    appeal: str
    appeal_state: AppealState | None
    answer: str
    shown_at: datetime | None
    shown_reason: str

    @classmethod
    def of(cls, found: Statement) -> "StatementOut":
        row = found.hiding
        return cls(
            ground=Ground(row.ground),
            reason=row.reason,
            hidden_at=row.at,
            appeal_until=row.at + APPEAL_WITHIN,
            appeal=row.appeal,
            appeal_state=AppealState(row.appeal_state) if row.appeal_state else None,
            answer=row.answer,
            shown_at=row.shown_at,
            shown_reason=row.shown_reason,
        )


class Appealing(BaseModel):
    """Why it should be shown."""

    model_config = ConfigDict(extra="forbid")

    words: str = Field(max_length=2 * APPEAL_CHARS_MAX)


class Answering(BaseModel):
    """Whether it is shown again, and why."""

    model_config = ConfigDict(extra="forbid")

    granted: bool
    reason: str


class Showing(BaseModel):
    """Why it is shown again."""

    model_config = ConfigDict(extra="forbid")

    reason: str


class SlowOut(BaseModel):
    """Slow mode at an idea; ``wait_s`` is how long the asking person still waits."""

    seconds: int
    reason: str
    until: datetime
    wait_s: int


class SlowModeOut(BaseModel):
    """What is set; null if nothing is."""

    slow: SlowOut | None


class Slowing(BaseModel):
    """How long people outside the team wait between two contributions, and for how many hours."""

    model_config = ConfigDict(extra="forbid")

    seconds: int
    hours: int
    reason: str


@operation("GET", COMMENT + "/hiding", tag=TAG, refusals=(401, 404))
async def read_hiding(request: ApiRequest, ref: str, comment_id: UUID) -> StatementOut:
    """The last statement of reasons, for the comment's author, moderators and auditors."""
    found = await appeals.statement_of(
        request.services, request.actor, ref, Target.COMMENT, str(comment_id)
    )
    return StatementOut.of(found)


@operation("POST", COMMENT + "/appeal", tag=TAG, refusals=(401, 404, 409, 422, 429))
async def appeal(request: ApiRequest, ref: str, comment_id: UUID, body: Appealing) -> None:
    """Object to the hiding of one's own comment, once and within six months."""
    await appeals.appeal(
        request.services, request.actor, ref, Target.COMMENT, str(comment_id), words=body.words
    )


@operation("POST", COMMENT + "/appeal/answer", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def answer_appeal(request: ApiRequest, ref: str, comment_id: UUID, body: Answering) -> None:
    """Decide on an appeal; for another moderator than who hid."""
    await appeals.answer_appeal(
        request.services,
        request.actor,
        ref,
        Target.COMMENT,
        str(comment_id),
        granted=body.granted,
        reason=body.reason,
    )


@operation("POST", COMMENT + "/show", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def show_comment(request: ApiRequest, ref: str, comment_id: UUID, body: Showing) -> None:
    """Show a hidden comment again."""
    await hiding.show(
        request.services, request.actor, ref, Target.COMMENT, str(comment_id), reason=body.reason
    )


@operation("GET", SLOW, tag=TAG, refusals=(404,))
async def read_slow_mode(request: ApiRequest, ref: str) -> SlowModeOut:
    """Whether people outside the team contribute slowly for now."""
    now = request.services.clock()
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        mode = await slow.slow_mode(tx, case, now)
        if mode is None:
            return SlowModeOut(slow=None)
        left = await slow.waits(tx, case, mode, now)
    return SlowModeOut(
        slow=SlowOut(seconds=mode.seconds, reason=mode.reason, until=mode.until, wait_s=left)
    )


@operation("PUT", SLOW, tag=TAG, refusals=(401, 403, 404, 422))
async def set_slow_mode(request: ApiRequest, ref: str, body: Slowing) -> None:
    """Let people outside the team contribute once in a while, for some time."""
    await slow.set_slow_mode(
        request.services,
        request.actor,
        ref,
        seconds=body.seconds,
        hours=body.hours,
        reason=body.reason,
    )


@operation("DELETE", SLOW, tag=TAG, refusals=(401, 403, 404))
async def end_slow_mode(request: ApiRequest, ref: str) -> None:
    """End slow mode before its time."""
    await slow.end_slow_mode(request.services, request.actor, ref)


operations = [
    read_hiding,
    appeal,
    answer_appeal,
    show_comment,
    read_slow_mode,
    set_slow_mode,
    end_slow_mode,
]
