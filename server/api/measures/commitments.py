"""Commitments over the API: what is asked, the draft, the signature, and what was signed."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.measures.central import REASON_CHARS_MAX
from collab.process.measures.commitment import (
    TEXT_CHARS_MAX,
    Duty,
    Part,
    RenewalReason,
    State,
)
from server.actions.cases import open_case
from server.actions.measures import commitments as actions
from server.api.operation import ApiRequest, operation
from server.views.measures.commitments import Pledge, Said, Statement, pledge, statement
from storage.process.measures.commitments import Commitment, Renewal

TAG = "commitments"
ITEM = "/api/v1/ideas/{ref}/commitment"

# White space around does not count; the rules bound what is stored.
Words = Annotated[str, Field(max_length=2 * TEXT_CHARS_MAX)]
PrincipleId = Annotated[str, Field(max_length=64)]


class AnswerBody(BaseModel):
    """What the organisation says to one principle; ``how`` explains where it is not kept."""

    model_config = ConfigDict(extra="forbid")

    keeps: bool = False
    how: Words = ""
    evidence: Words = ""


class DraftBody(BaseModel):
    """All answers, and the revision of the draft that was seen: 0 if there was none."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[PrincipleId, AnswerBody] = Field(max_length=100)
    expected_revision: int = Field(ge=0, le=2**31 - 1)


class SignatureBody(BaseModel):
    """The revision of the draft that is signed."""

    model_config = ConfigDict(extra="forbid")

    expected_revision: int = Field(ge=1, le=2**31 - 1)


class WithdrawalBody(BaseModel):
    """Why the signature is taken back; everybody reads it."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=2 * REASON_CHARS_MAX)


class SaidOut(BaseModel):
    """One principle by its name in the version, the answer, and what of it is missing."""

    principle: str
    name: str
    keeps: bool
    how: str
    evidence: str
    missing: list[Part]

    @classmethod
    def of(cls, said: Said) -> Self:
        answer = said.answer
        return cls(
            principle=said.principle.id,
            name=said.principle.label.de,
            keeps=answer.keeps,
            how=answer.how,
            evidence=answer.evidence,
            missing=list(said.missing),
        )


class CommitmentOut(BaseModel):
    """One commitment, word for word as it was signed, or a draft of one."""

    id: UUID
    organisation_id: UUID
    organisation: str
    catalogue: str
    catalogue_version: int
    duty: Duty
    state: State
    revision: int
    answers: list[SaidOut]
    signed_by: str | None
    signed_at: datetime | None
    ended_at: datetime | None
    ended_reason: str | None

    @classmethod
    def of(cls, found: Statement) -> Self:
        row = found.row
        return cls(
            id=row.id,
            organisation_id=row.organisation_id,
            organisation=row.organisation_name,
            catalogue=row.catalogue_id,
            catalogue_version=row.catalogue_version,
            duty=Duty(row.duty),
            state=State(row.state),
            revision=row.revision,
            answers=[SaidOut.of(each) for each in found.said],
            signed_by=row.signed_by_name,
            signed_at=row.signed_at,
            ended_at=row.ended_at,
            ended_reason=row.ended_reason,
        )


class RenewalOut(BaseModel):
    """The task to make the commitment anew."""

    organisation: str
    catalogue_version: int
    cause: RenewalReason
    opened_at: datetime
    due_at: datetime

    @classmethod
    def of(cls, row: Renewal) -> Self:
        return cls(
            organisation=row.organisation_name,
            catalogue_version=row.catalogue_version,
            cause=RenewalReason(row.cause),
            opened_at=row.opened_at,
            due_at=row.due_at,
        )


class Commitments(BaseModel):
    """What counts now, the draft for those who may read it, and all that was ever signed."""

    duty: Duty | None = Field(description="How far the principles bind who leads; null: nobody.")
    signed: CommitmentOut | None
    draft: CommitmentOut | None
    past: list[CommitmentOut]
    renewal: RenewalOut | None

    @classmethod
    def of(cls, found: Pledge) -> Self:
        return cls(
            duty=found.asked.duty if found.asked else None,
            signed=CommitmentOut.of(found.signed) if found.signed else None,
            draft=CommitmentOut.of(found.draft) if found.draft else None,
            past=[CommitmentOut.of(each) for each in found.past],
            renewal=RenewalOut.of(found.renewal) if found.renewal else None,
        )


@operation("GET", ITEM, tag=TAG, refusals=(404,))
async def read_commitments(request: ApiRequest, ref: str) -> Commitments:
    """The commitments of the idea's leading organisations to the principles of good practice."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        return Commitments.of(await pledge(tx, case, request.services.clock()))


@operation("PUT", ITEM, tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def draft_commitment(request: ApiRequest, ref: str, body: DraftBody) -> CommitmentOut:
    """Write the answers of the leading organisation; nothing binds it before it is signed.

    409 (commitment-moved) if somebody wrote since, (no-lead) if nobody leads the idea.
    """
    row = await actions.save_draft(
        request.services,
        request.actor,
        ref,
        answers={name: each.model_dump() for name, each in body.answers.items()},
        expected_revision=body.expected_revision,
    )
    return await _out(request, row)


@operation("POST", ITEM + "/signature", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def sign_commitment(request: ApiRequest, ref: str, body: SignatureBody) -> CommitmentOut:
    """Sign the draft for the leading organisation; 422 names every principle left open.

    409 (principles-moved) if the principles have a newer version than the draft.
    """
    row = await actions.sign(
        request.services, request.actor, ref, expected_revision=body.expected_revision
    )
    return await _out(request, row)


@operation(
    "POST", ITEM + "/withdrawal", tag=TAG, status=204, refusals=(401, 403, 404, 409, 422, 429)
)
async def withdraw_commitment(request: ApiRequest, ref: str, body: WithdrawalBody) -> None:
    """Take the organisation's signature back; what was signed stays to be read."""
    await actions.withdraw(request.services, request.actor, ref, reason=body.reason)


async def _out(request: ApiRequest, row: Commitment) -> CommitmentOut:
    async with request.services.database.read() as tx:
        return CommitmentOut.of(await statement(tx, row))


operations = [read_commitments, draft_commitment, sign_commitment, withdraw_commitment]
