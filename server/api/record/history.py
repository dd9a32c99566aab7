"""How a text came about over the API: who wrote which passage, and its steps."""

from typing import Literal

from pydantic import BaseModel

from collab.process.calendar.berlin import BERLIN
from collab.sync.comparing.texts import Difference
from server.api.operation import ApiRequest, operation
from server.api.record.versions import LineOut, line_out
from server.api.versions import VersionBody
from server.views.record.authors import By, authored_text
from server.views.record.replay import part_of_day, replay, step_difference

TAG = "texts"
VERSIONS = "/api/v1/ideas/{ref}/versions"


class ByOut(BaseModel):
    """Those who wrote a passage; ``names`` are for the team and moderators, and empty else."""

    is_team: bool
    classes: list[str]
    is_several: bool
    is_former: bool
    is_unknown: bool
    names: list[str]


class AuthorsOut(BaseModel):
    """Who wrote which passage, by section, from top to bottom; neighbours of the same are one."""

    text_version: VersionBody
    sections: dict[str, list[ByOut]]


class StepOut(BaseModel):
    """A moment the text stood still at; ``day`` and part of the day are all that is told."""

    day: str
    part_of_day: Literal["night", "morning", "afternoon", "evening"]
    version: str | None


class ReplayOut(BaseModel):
    """The steps, oldest first; of the first ``kept_only`` only kept versions are left."""

    steps: list[StepOut]
    kept_only: int


class StepChange(BaseModel):
    """What one step changed, or would change."""

    title: LineOut
    sections: dict[str, list[LineOut]]
    is_coarse: bool


@operation("GET", VERSIONS + "/{version}/authors", tag=TAG, refusals=(404, 409))
async def read_authors(request: ApiRequest, ref: str, version: str) -> AuthorsOut:
    """Who wrote which passage of a kept version, or of the text of ``now``; never how much."""
    found = await authored_text(request.services, request.actor, ref, version, with_names=True)
    return AuthorsOut(
        text_version=VersionBody.of(found.version),
        sections={
            section.id: [_by(passage.by) for passage in section.passages]
            for section in found.sections
        },
    )


@operation("GET", VERSIONS + "/replay", tag=TAG, refusals=(404,))
async def read_replay(request: ApiRequest, ref: str) -> ReplayOut:
    """The steps in which the text came about, as far as they are kept and one may see them."""
    found = await replay(request.services, request.actor, ref)
    steps = [
        StepOut.model_validate(
            {
                "day": step.ended.astimezone(BERLIN).date().isoformat(),
                "part_of_day": part_of_day(step.ended),
                "version": step.kept.name if step.kept else None,
            }
        )
        for step in found.steps
    ]
    return ReplayOut(steps=steps, kept_only=found.kept_only)


@operation("GET", VERSIONS + "/replay/{number}", tag=TAG, refusals=(404, 409, 422))
async def read_step(request: ApiRequest, ref: str, number: int) -> StepChange:
    """What the step with this number, from 1 on, changed."""
    found = await replay(request.services, request.actor, ref)
    shown = await step_difference(request.services, found, number - 1)
    return step_change(shown)


def step_change(shown: Difference) -> StepChange:
    """A difference as the API carries it where nobody asks between which versions."""
    return StepChange(
        title=line_out(shown.title),
        sections={name: list(map(line_out, lines)) for name, lines in shown.sections.items()},
        is_coarse=shown.is_coarse,
    )


def _by(by: By) -> ByOut:
    return ByOut(
        is_team=by.is_team,
        classes=[each.value for each in by.classes],
        is_several=by.is_several,
        is_former=by.is_former,
        is_unknown=by.is_unknown,
        names=sorted((*by.names, *by.guests)),
    )


operations = [read_replay, read_step, read_authors]
