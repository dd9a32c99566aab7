"""Requirements over the API."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.casefile.requirements import (
    BECAUSE_CHARS_MAX,
    NAME_CHARS_MAX,
    TEXT_CHARS_MAX,
    RequirementState,
)
from server.actions.casefile import requirements as actions
from server.actions.cases import open_case
from server.api.operation import Answer, ApiRequest, operation
from server.api.people import PersonRef
from server.api.talk.bodies import AnchorBody
from server.faces import faces
from storage.process.casefile import requirements
from storage.process.casefile.requirements import Requirement

TAG = "requirements"
COLLECTION = "/api/v1/ideas/{ref}/requirements"
ITEM = COLLECTION + "/{number}"
INT_MAX = 2**31 - 1

Number = Annotated[int, Field(ge=1, le=INT_MAX)]


class RequirementBody(BaseModel):
    """What is asked, and where in the dossier it belongs.

    ``recorded_for`` names who said it where the asking person only writes it down.
    """

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=2 * TEXT_CHARS_MAX)
    recorded_for: str = Field(default="", max_length=2 * NAME_CHARS_MAX)
    section: str | None = Field(default=None, max_length=64)
    anchor: AnchorBody | None = None


class AnswerBody(BaseModel):
    """What the team made of it, why, where it is fulfilled, and which answer was seen."""

    model_config = ConfigDict(extra="forbid")

    state: RequirementState
    because: str = Field(max_length=2 * BECAUSE_CHARS_MAX)
    expected_revision: int = Field(ge=0, le=INT_MAX, description="0 if there was no answer.")
    section: str | None = Field(default=None, max_length=64)
    anchor: AnchorBody | None = None


class AnswerOut(BaseModel):
    """What the team said to a requirement."""

    state: RequirementState
    because: str
    section: str | None
    anchor: AnchorBody | None
    by: PersonRef
    at: datetime


class RequirementOut(BaseModel):
    """A requirement; ``answer`` is null as long as it has no state.

    ``text`` and what it is about are null where they are hidden from who asks. By ``id`` it is
    reported.
    """

    id: UUID
    number: int
    text: str | None
    raised_by: PersonRef
    recorded_for: str | None
    section: str | None
    anchor: AnchorBody | None
    created_at: datetime
    revision: int
    answer: AnswerOut | None


class Requirements(BaseModel):
    """All requirements of an idea in the order in which they were raised."""

    requirements: list[RequirementOut]


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def list_requirements(request: ApiRequest, ref: str) -> Requirements:
    """What people ask of an idea, and what its team has made of it."""
    return Requirements(requirements=await _shown(request, ref))


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429))
async def raise_requirement(
    request: ApiRequest, ref: str, body: RequirementBody
) -> Annotated[Answer, RequirementOut]:
    """Ask something of an idea; its team has to answer before it is qualified."""
    row = await actions.raise_requirement(
        request.services,
        request.actor,
        ref,
        text=body.text,
        recorded_for=body.recorded_for,
        section=body.section,
        anchor=body.anchor.model_dump() if body.anchor else None,
    )
    (out,) = await _shown(request, ref, row.number)
    return Answer(out, headers={"Location": ITEM.format(ref=ref, number=row.number)})


@operation("GET", ITEM, tag=TAG, refusals=(404,))
async def read_requirement(request: ApiRequest, ref: str, number: Number) -> RequirementOut:
    """One requirement."""
    (out,) = await _shown(request, ref, number)
    return out


@operation("PUT", ITEM + "/answer", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def answer_requirement(
    request: ApiRequest, ref: str, number: Number, body: AnswerBody
) -> RequirementOut:
    """Say what the team has made of a requirement; who raised it gets a mail.

    409 if somebody else answered since: ``current`` is what he said.
    """
    await actions.answer_requirement(
        request.services,
        request.actor,
        ref,
        number,
        state=body.state,
        because=body.because,
        expected_revision=body.expected_revision,
        section=body.section,
        anchor=body.anchor.model_dump() if body.anchor else None,
    )
    (out,) = await _shown(request, ref, number)
    return out


async def _shown(request: ApiRequest, ref: str, number: int | None = None) -> list[RequirementOut]:
    """The requirements, or the one."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        if number is None:
            rows = await requirements.of_idea(tx, case.idea.id)
        else:
            rows = [await actions.requirement_of(tx, case, number)]
        people = {row.raised_by for row in rows} | {row.answered_by for row in rows}
        known = await faces(tx, {each for each in people if each is not None})
    by = {person_id: PersonRef.of(face) for person_id, face in known.items()}
    return [_out(row, by, is_readable=actions.sees_requirement(case, row)) for row in rows]


def _out(row: Requirement, by: dict[UUID, PersonRef], *, is_readable: bool) -> RequirementOut:
    answer = None
    if row.state and row.answered_by and row.answered_at:
        answer = AnswerOut(
            state=RequirementState(row.state),
            because=row.because,
            section=row.met_section,
            anchor=_anchor(row.met_anchor),
            by=by[row.answered_by],
            at=row.answered_at,
        )
    return RequirementOut(
        id=row.id,
        number=row.number,
        text=row.text if is_readable else None,
        raised_by=by[row.raised_by],
        recorded_for=row.recorded_for if is_readable else None,
        section=row.section if is_readable else None,
        anchor=_anchor(row.anchor) if is_readable else None,
        created_at=row.created_at,
        revision=row.revision,
        answer=answer,
    )


def _anchor(stored: dict[str, Any] | None) -> AnchorBody | None:
    return None if stored is None else AnchorBody.model_validate(stored)


operations = [list_requirements, raise_requirement, read_requirement, answer_requirement]
