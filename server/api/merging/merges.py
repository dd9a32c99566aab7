"""Proposing that an idea goes on in another one, answering, and taking text over.

It is carried out, and undone, as a change of stage: ``POST /ideas/{ref}/stage``.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.merging.rules import (
    NOTE_CHARS_MAX,
    REASON_CHARS_MAX,
    Answer,
    MergeState,
    Side,
)
from server.actions.cases import open_case
from server.actions.merging import proposing, taking
from server.api.operation import Answer as Answered
from server.api.operation import ApiRequest, operation
from server.views.merging.merges import MergeView, merge_view, merges_of
from storage.process.ties import merging

TAG = "merging"
COLLECTION = "/api/v1/ideas/{ref}/merges"
ITEM = COLLECTION + "/{merge_id}"


class ProposalBody(BaseModel):
    """In which idea this one goes on, and why."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(max_length=64, description="The reference of the idea that stays.")
    reason: str = Field(max_length=2 * REASON_CHARS_MAX)


class AnswerBody(BaseModel):
    """What one says who is asked; a no says why."""

    model_config = ConfigDict(extra="forbid")

    answer: Answer
    note: str = Field(default="", max_length=2 * NOTE_CHARS_MAX)


class WithdrawalBody(BaseModel):
    """Why it is not asked for any more."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=2 * REASON_CHARS_MAX)


class TakingBody(BaseModel):
    """Which section is taken over, and below which of one's own; without it the same one."""

    model_config = ConfigDict(extra="forbid")

    section: str = Field(max_length=64)
    into: str = Field(default="", max_length=64)


class AskedOut(BaseModel):
    """Somebody who is asked."""

    name: str
    handle: str
    side: Side
    answer: Answer | None
    note: str
    answered_at: datetime | None


class MovedOut(BaseModel):
    """How many things a merge that was carried out has moved or added."""

    comments: int
    tasks: int
    requirements: int
    roles: int
    follows: int
    links: int
    judgements: int


class MergeOut(BaseModel):
    """One merge; before it is carried out the process looks at ``waiting`` and ``days``."""

    id: UUID
    state: MergeState
    source: str
    target: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    ended_at: datetime | None
    ended_reason: str
    merged_at: datetime | None
    asked: list[AskedOut]
    waiting: int | None
    days: int | None
    moved: MovedOut


class Merges(BaseModel):
    """Merges at either end of which the idea is, the newest first."""

    merges: list[MergeOut]


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def read_merges(request: ApiRequest, ref: str) -> Merges:
    """What the idea was to go on in, or is part of by now, and what is to go on in it."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await merges_of(tx, case, request.services.clock())
    return Merges(merges=[_merge_out(each) for each in found])


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429))
async def propose_merge(
    request: ApiRequest, ref: str, body: ProposalBody
) -> Annotated[Answered, MergeOut]:
    """Propose that the idea goes on in another; those who answer for both are asked."""
    row = await proposing.propose(
        request.services, request.actor, ref, to=body.to, reason=body.reason
    )
    return Answered(await _one(request, ref, row.id))


@operation("POST", ITEM + "/answer", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def answer_merge(request: ApiRequest, ref: str, merge_id: UUID, body: AnswerBody) -> MergeOut:
    """Answer as one of those who are asked."""
    await proposing.answer(
        request.services, request.actor, ref, merge_id, said=body.answer, note=body.note
    )
    return await _one(request, ref, merge_id)


@operation("POST", ITEM + "/withdrawal", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def withdraw_merge(
    request: ApiRequest, ref: str, merge_id: UUID, body: WithdrawalBody
) -> MergeOut:
    """Take the question back, as who asked it or a moderator."""
    await proposing.withdraw(request.services, request.actor, ref, merge_id, reason=body.reason)
    return await _one(request, ref, merge_id)


@operation("POST", ITEM + "/sections", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def take_section(request: ApiRequest, ref: str, merge_id: UUID, body: TakingBody) -> MergeOut:
    """Put a section of the source below one of the target's, in one's own name."""
    await taking.take_section(
        request.services, request.actor, ref, merge_id, section=body.section, into=body.into
    )
    return await _one(request, ref, merge_id)


async def _one(request: ApiRequest, ref: str, merge_id: UUID) -> MergeOut:
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        row = await merging.get(tx, merge_id)
        assert row is not None, "merges are not deleted"
        found = await merge_view(tx, case, row, request.services.clock())
    return _merge_out(found)


def _merge_out(found: MergeView) -> MergeOut:
    row = found.row
    return MergeOut(
        id=row.id,
        state=MergeState(row.state),
        source=found.source.ref,
        target=found.target.ref,
        reason=row.reason,
        proposed_by=found.proposer.name,
        proposed_at=row.proposed_at,
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
        merged_at=row.merged_at,
        asked=[
            AskedOut(
                name=each.face.name,
                handle=each.face.handle,
                side=Side(each.row.side),
                answer=Answer(each.row.answer) if each.row.answer else None,
                note=each.row.note,
                answered_at=each.row.answered_at,
            )
            for each in found.asked
        ],
        waiting=found.facts.waiting if found.facts else None,
        days=found.facts.days if found.facts else None,
        moved=MovedOut(**{f"{kind.value}s": count for kind, count in found.counts.items()}),
    )


operations = [read_merges, propose_merge, answer_merge, withdraw_merge, take_section]
