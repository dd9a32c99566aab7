"""The timeline of an idea over the API."""

from datetime import datetime
from typing import Any, Literal

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from server.actions.cases import open_case
from server.api.operation import ApiRequest, operation
from server.views.record.steps import STEPS_PER_PAGE, Step, timeline


class Wanted(BaseModel):
    """Which steps, and where to read on."""

    model_config = ConfigDict(extra="forbid")

    show: Literal["steps", "people", "talk", "all"] = "steps"
    before: int | None = Field(default=None, ge=1, le=2**63 - 1)
    limit: int = Field(default=STEPS_PER_PAGE, ge=1, le=STEPS_PER_PAGE)


class StepOut(BaseModel):
    """One step: what happened, in the reader's language, by whom and in which office."""

    id: int
    kind: str
    text: str
    at: datetime
    actor: str | None
    office: str | None
    deputy: bool = Field(description="Whether the actor acted for another ('in Vertretung').")
    organisation: str | None
    reason: str
    version: str | None
    diff_from: str | None = Field(description="The version of the official act before.")
    public: bool
    details: dict[str, Any]


class TimelineOut(BaseModel):
    """Steps, newest first; ``older`` is what to ask ``before`` next, none at the end."""

    ref: str
    steps: list[StepOut]
    older: int | None


@operation("GET", "/api/v1/ideas/{ref}/timeline", tag="events", refusals=(404, 422))
async def read_timeline(request: ApiRequest, ref: str, query: Wanted) -> TimelineOut:
    """What happened at an idea, as far as the reader may know it."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await timeline(tx, case, query.show, query.before, query.limit)
    steps = [_out(request, step) for step in found.steps]
    return TimelineOut(ref=ref, steps=steps, older=found.older)


def _out(request: ApiRequest, step: Step) -> StepOut:
    said = request.services.pages.text(request, "record/sentence.html", {"step": step})
    kept = {name: value for name, value in step.payload.items() if name != "reason"}
    return StepOut(
        id=step.id,
        kind=step.kind,
        text=Markup(said).striptags(),
        at=step.at,
        actor=step.actor,
        office=step.office,
        deputy=step.is_deputy,
        organisation=step.organisation,
        reason=step.reason,
        version=step.version,
        diff_from=step.before,
        public=step.is_public,
        details=kept,
    )


operations = [read_timeline]
