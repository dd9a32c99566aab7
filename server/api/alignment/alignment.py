"""Statements on guiding ideas and fields of action, and their reviews, over the API."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.alignment import statements as rules
from collab.process.alignment.statements import Verdict, Words
from server.actions.alignment import reviews, statements
from server.actions.cases import open_case
from server.actions.catalogues.today import today
from server.api.operation import ApiRequest, operation
from server.api.people import PersonRef
from server.views.alignment.panel import AlignmentPanel, Opinion, Stated, alignment_panel

TAG = "alignment"
COLLECTION = "/api/v1/ideas/{ref}/alignment"
ITEM = COLLECTION + "/{catalogue}/{entry}"
SLACK = 2
"""White space around does not count; what is too long after that is refused by the rules."""


class StatementBody(BaseModel):
    """What an idea pays into an entry; revision 0 is that of a statement not made yet."""

    model_config = ConfigDict(extra="forbid")

    contribution: str = Field(max_length=SLACK * rules.TEXT_CHARS_MAX)
    effect: str = Field(default="", max_length=SLACK * rules.TEXT_CHARS_MAX)
    indicator: str = Field(default="", max_length=SLACK * rules.LINE_CHARS_MAX)
    conflict: str = Field(default="", max_length=SLACK * rules.TEXT_CHARS_MAX)
    expected_revision: int = Field(ge=0, le=2**31 - 1)


class RevisionQuery(BaseModel):
    """The revision that was seen."""

    model_config = ConfigDict(extra="forbid")

    expected_revision: int = Field(ge=0, le=2**31 - 1)


class ReviewBody(BaseModel):
    """What one holds of a statement as it stands in ``revision``."""

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict
    text: str = Field(default="", max_length=SLACK * rules.TEXT_CHARS_MAX)
    revision: int = Field(ge=1, le=2**31 - 1)


class AnswerBody(BaseModel):
    """The team's answer to a doubt or a question."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=SLACK * rules.TEXT_CHARS_MAX)


class ReviewOut(BaseModel):
    """What one person holds of one revision of a statement."""

    id: UUID
    person: PersonRef
    is_of_team: bool = Field(description="Joined the team since; does not count any more.")
    verdict: Verdict
    text: str
    revision: int
    at: datetime
    answer: str | None
    answered_at: datetime | None


class StatementOut(BaseModel):
    """One statement as it is now."""

    catalogue: str
    catalogue_version: int
    entry: str
    revision: int
    contribution: str
    effect: str
    indicator: str
    conflict: str
    at: datetime
    reviews: list[ReviewOut]


class Alignment(BaseModel):
    """All statements of an idea."""

    statements: list[StatementOut]


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def read_alignment(request: ApiRequest, ref: str) -> Alignment:
    """What the idea pays into, and what people outside its team hold of that."""
    panel = await _panel(request, ref)
    return Alignment(statements=[_statement_out(each) for each in panel.stated])


@operation("PUT", ITEM, tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def state_alignment(
    request: ApiRequest, ref: str, catalogue: str, entry: str, body: StatementBody
) -> StatementOut:
    """Say what the idea pays into an entry of a catalogue, or change that."""
    await statements.state(
        request.services,
        request.actor,
        ref,
        (catalogue, entry),
        Words(body.contribution, body.effect, body.indicator, body.conflict),
        expected_revision=body.expected_revision,
    )
    return await _one(request, ref, catalogue, entry)


@operation("DELETE", ITEM, tag=TAG, refusals=(401, 403, 404, 409, 422))
async def withdraw_alignment(
    request: ApiRequest, ref: str, catalogue: str, entry: str, query: RevisionQuery
) -> None:
    """Take a statement back."""
    await statements.withdraw(
        request.services,
        request.actor,
        ref,
        (catalogue, entry),
        expected_revision=query.expected_revision,
    )


@operation("PUT", ITEM + "/review", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def review_alignment(
    request: ApiRequest, ref: str, catalogue: str, entry: str, body: ReviewBody
) -> StatementOut:
    """Agree with a statement, doubt it, or ask about it; not for people of the idea's team."""
    await reviews.review(
        request.services,
        request.actor,
        ref,
        (catalogue, entry),
        revision=body.revision,
        verdict=body.verdict,
        text=body.text,
    )
    return await _one(request, ref, catalogue, entry)


@operation(
    "POST",
    COLLECTION + "/reviews/{review_id}/answer",
    tag=TAG,
    refusals=(401, 403, 404, 409, 422),
)
async def answer_review(
    request: ApiRequest, ref: str, review_id: UUID, body: AnswerBody
) -> StatementOut:
    """Answer a doubt or a question for the team."""
    found = await reviews.answer(request.services, request.actor, ref, review_id, text=body.text)
    return await _one(request, ref, found.catalogue_id, found.entry_id)


async def _panel(request: ApiRequest, ref: str) -> AlignmentPanel:
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        return await alignment_panel(tx, case, today(request.services))


async def _one(request: ApiRequest, ref: str, catalogue: str, entry: str) -> StatementOut:
    panel = await _panel(request, ref)
    found = panel.find(f"{catalogue}.{entry}")
    assert found is not None, "it has just been written"
    return _statement_out(found)


def _statement_out(stated: Stated) -> StatementOut:
    row = stated.row
    return StatementOut(
        catalogue=row.catalogue_id,
        catalogue_version=row.catalogue_version,
        entry=row.entry_id,
        revision=row.revision,
        contribution=row.contribution,
        effect=row.effect,
        indicator=row.indicator,
        conflict=row.conflict,
        at=row.at,
        reviews=[_review_out(each) for each in stated.opinions],
    )


def _review_out(opinion: Opinion) -> ReviewOut:
    row = opinion.row
    return ReviewOut(
        id=row.id,
        person=PersonRef.of(opinion.person),
        is_of_team=opinion.is_of_team,
        verdict=Verdict(row.verdict),
        text=row.text,
        revision=row.revision,
        at=row.at,
        answer=row.answer,
        answered_at=row.answered_at,
    )


operations = [
    read_alignment,
    state_alignment,
    withdraw_alignment,
    review_alignment,
    answer_review,
]
