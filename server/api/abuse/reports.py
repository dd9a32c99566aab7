"""Reporting and deciding over the API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.abuse.reports import (
    QUOTE_CHARS_MAX,
    WORDS_CHARS_MAX,
    Ground,
    Outcome,
    Target,
)
from server.actions.abuse import deciding, reporting
from server.actions.abuse.deciding import Verdict
from server.actions.abuse.figures import moderation_figures
from server.api.operation import Answer, ApiRequest, operation
from server.views.abuse.queue import Item, queue

TAG = "moderation"
COLLECTION = "/api/v1/reports"
CASES = "/api/v1/moderation/reports"
CASE = CASES + "/{case_id}"


class NewReport(BaseModel):
    """What is reported where; ``id`` is a contribution's id, a section's name or a handle."""

    model_config = ConfigDict(extra="forbid")

    idea: str
    target: Target
    id: str = Field(max_length=64)
    ground: Ground
    words: str = Field(max_length=2 * WORDS_CHARS_MAX)
    quote: str = Field(default="", max_length=2 * QUOTE_CHARS_MAX)
    email: str = Field(
        default="", max_length=320, description="For the answer only; deleted with it."
    )


class Receipt(BaseModel):
    """By this one learns later what came of the report; it is shown this once."""

    secret: str


class ReportState(BaseModel):
    """What came of a report."""

    state: Literal["open", "decided"]
    at: datetime
    outcome: Outcome | None
    reason: str | None
    decided_at: datetime | None


class ReportOut(BaseModel):
    """What somebody says; who, nobody is told."""

    ground: Ground
    words: str
    quote: str
    at: datetime


class CaseOut(BaseModel):
    """All reports of one thing, the first ones of them in full."""

    id: UUID
    target: Target
    target_id: str
    idea: str
    text: str
    count: int
    opened_at: datetime
    author: str | None
    claimed_by: str | None
    may_decide: bool
    reports: list[ReportOut]

    @classmethod
    def of(cls, item: Item) -> "CaseOut":
        return cls(
            id=item.row.id,
            target=Target(item.row.target),
            target_id=item.row.target_id,
            idea=item.idea.ref,
            text=item.text,
            count=item.count,
            opened_at=item.row.opened_at,
            author=item.author.handle if item.author else None,
            claimed_by=item.claimed.handle if item.claimed else None,
            may_decide=item.may_decide,
            reports=[
                ReportOut(
                    ground=Ground(each.ground), words=each.words, quote=each.quote, at=each.at
                )
                for each in item.reports
            ],
        )


class CasesOut(BaseModel):
    """What waits for a decision, the longest first."""

    cases: list[CaseOut]


class Deciding(BaseModel):
    """How a case ends; ``ground`` is the rule by which something is hidden."""

    model_config = ConfigDict(extra="forbid")

    outcome: Outcome
    reason: str
    ground: Ground | None = None


class MonthOut(BaseModel):
    """One month; null stands for a number that is too small to be told."""

    month: str
    received: int | None
    by_ground: dict[str, int | None]
    decided: int | None
    by_outcome: dict[str, int | None]
    appeals: int | None
    by_appeal: dict[str, int | None]
    median_hours: int | None


class Figures(BaseModel):
    """The last twelve months, the newest first."""

    months: list[MonthOut]


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(404, 422, 429))
async def report(request: ApiRequest, body: NewReport) -> Annotated[Answer, Receipt]:
    """Report what somebody wrote, a section or a person; no account is needed."""
    secret = await reporting.report(
        request.services,
        request.actor,
        reporting.NewReport(
            ref=body.idea,
            target=body.target,
            target_id=body.id,
            ground=body.ground,
            words=body.words,
            quote=body.quote,
            email=body.email,
        ),
        address=_address(request),
        language=request.language,
    )
    return Answer(Receipt(secret=secret), headers={"Location": f"{COLLECTION}/{secret}"})


@operation("GET", COLLECTION + "/{secret}", tag=TAG, refusals=(404, 429))
async def read_report(request: ApiRequest, secret: str) -> ReportState:
    """What came of a report."""
    found, case = await reporting.state_of(request.services, secret, _address(request))
    is_open = case.state == "open"
    return ReportState(
        state="open" if is_open else "decided",
        at=found.at,
        outcome=Outcome(case.outcome) if case.outcome else None,
        reason=None if is_open else case.reason,
        decided_at=case.decided_at,
    )


@operation("GET", CASES, tag=TAG, refusals=(401, 403))
async def list_reports(request: ApiRequest) -> CasesOut:
    """What waits for a decision, for moderators and those who look on."""
    found = await queue(request.services, request.person)
    return CasesOut(cases=[CaseOut.of(item) for item in found.items])


@operation("PUT", CASE + "/claim", tag=TAG, refusals=(401, 403, 404, 409))
async def claim_report(request: ApiRequest, case_id: UUID) -> None:
    """Say that one looks at a case."""
    await deciding.claim(request.services, request.person, case_id, taken=True)


@operation("DELETE", CASE + "/claim", tag=TAG, refusals=(401, 403, 404, 409))
async def release_report(request: ApiRequest, case_id: UUID) -> None:
    """Look at a case no longer."""
    await deciding.claim(request.services, request.person, case_id, taken=False)


@operation("POST", CASE + "/decision", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def decide_report(request: ApiRequest, case_id: UUID, body: Deciding) -> None:
    """Decide all reports of one thing together."""
    verdict = Verdict(body.outcome, body.reason, body.ground or "")
    await deciding.decide(request.services, request.person, case_id, verdict)


@operation("GET", "/api/v1/moderation/figures", tag=TAG)
async def read_figures(request: ApiRequest) -> Figures:
    """How moderation was used, by month, without numbers that might point at somebody."""
    months = await moderation_figures(request.services)
    return Figures(
        months=[
            MonthOut(
                month=each.month,
                received=each.received,
                by_ground=dict(each.by_ground),
                decided=each.decided,
                by_outcome=dict(each.by_outcome),
                appeals=each.appeals,
                by_appeal=dict(each.by_appeal),
                median_hours=each.median_hours,
            )
            for each in months
        ]
    )


def _address(request: ApiRequest) -> str:
    return request.client.host if request.client else ""


operations = [
    report,
    read_report,
    list_reports,
    claim_report,
    release_report,
    decide_report,
    read_figures,
]
