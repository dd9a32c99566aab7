"""The logbook over the API: what is on record of a case, and putting more there."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from collab.process.evidence import REASON_CHARS_MAX, TEXT_CHARS_MAX
from server.actions.casefile import evidence as actions
from server.actions.casefile.evidence import OnRecord
from server.actions.cases import open_case
from server.api.operation import ApiRequest, operation
from storage.process.casefile.evidence import Evidence

TAG = "logbook"
COLLECTION = "/api/v1/ideas/{ref}/logbook"
ITEM = COLLECTION + "/{kind}"
FIELDS_MAX = 50


class EvidenceBody(BaseModel):
    """What is put on record, and which revision was seen; 0 if there was none.

    ``reason`` is needed once an official act was grounded on the kind.
    """

    model_config = ConfigDict(extra="forbid")

    # White space around does not count; what is too long after that is refused by the rules.
    data: dict[str, Annotated[str, Field(max_length=2 * TEXT_CHARS_MAX)]] = Field(
        max_length=FIELDS_MAX, description="Texts by the ids of the kind's fields."
    )
    expected_revision: int = Field(ge=0, le=2**31 - 1)
    reason: str = Field(default="", max_length=2 * REASON_CHARS_MAX)


class RevisionOut(BaseModel):
    """One revision; ``amendment``: it was made after an official act was grounded on the kind."""

    revision: int
    data: dict[str, str]
    reason: str
    amendment: bool
    by: str
    organisation: str | None
    at: datetime


class EvidenceOut(BaseModel):
    """One kind of evidence: the newest values, and whether all that is required is there."""

    kind: str
    state: Literal["empty", "part", "complete"]
    missing: list[str]
    revision: int
    data: dict[str, str]
    is_ground: bool
    history: list[RevisionOut]


class Logbook(BaseModel):
    """Every kind that the process can ask of the idea, in reading order."""

    logbook: list[EvidenceOut]


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def read_logbook(request: ApiRequest, ref: str) -> Logbook:
    """What is on record of an idea, and what its process can still ask for."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await actions.logbook(tx, case)
    return Logbook(logbook=[_out(each) for each in found])


@operation("GET", ITEM, tag=TAG, refusals=(404,))
async def read_evidence(request: ApiRequest, ref: str, kind: str) -> EvidenceOut:
    """One kind of evidence with all its revisions."""
    return _out(await actions.read_evidence(request.services, request.actor, ref, kind))


@operation("PUT", ITEM, tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def put_evidence(request: ApiRequest, ref: str, kind: str, body: EvidenceBody) -> EvidenceOut:
    """Put evidence on record as the next revision.

    409 if somebody was first: ``current`` is what he put on record, ``yours`` what was sent.
    """
    found = await actions.put_evidence(
        request.services,
        request.actor,
        ref,
        kind,
        data=body.data,
        expected_revision=body.expected_revision,
        reason=body.reason,
    )
    return _out(found)


def _out(found: OnRecord) -> EvidenceOut:
    missing = [field.id for field in found.kind.missing(found.values)]
    return EvidenceOut(
        kind=found.kind.id,
        state="empty" if not found.values else "part" if missing else "complete",
        missing=missing,
        revision=found.revision,
        data=dict(found.values),
        is_ground=found.is_ground,
        history=[_revision_out(row) for row in found.revisions],
    )


def _revision_out(row: Evidence) -> RevisionOut:
    return RevisionOut(
        revision=row.revision,
        data=row.data,
        reason=row.reason,
        amendment=row.is_amendment,
        by=row.by_name,
        organisation=row.organisation,
        at=row.at,
    )


operations = [read_logbook, read_evidence, put_evidence]
