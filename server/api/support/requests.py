"""Requests for support over the API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.support.requests import (
    TEXT_CHARS_MAX,
    SupportAct,
    SupportKind,
    SupportState,
    is_overdue,
)
from server.actions.cases import open_case
from server.actions.support import requests as actions
from server.api.operation import Answer, ApiRequest, operation
from server.api.people import PersonRef
from server.faces import Face, faces
from storage.process import support
from storage.process.support import SupportRequest

TAG = "support"
COLLECTION = "/api/v1/ideas/{ref}/support"

Text = Annotated[str, Field(max_length=2 * TEXT_CHARS_MAX)]


class SupportOut(BaseModel):
    """A request for support and what became of it."""

    id: UUID
    kind: SupportKind
    text: str
    state: SupportState
    is_overdue: bool
    asked_by: PersonRef
    asked_at: datetime
    due_at: datetime
    answer: str | None
    answered_by: PersonRef | None
    answered_at: datetime | None
    result: str | None
    done_by: PersonRef | None
    done_at: datetime | None

    @classmethod
    def of(cls, row: SupportRequest, known: Mapping[UUID, Face], now: datetime) -> Self:
        def person(person_id: UUID | None) -> PersonRef | None:
            return PersonRef.of(known[person_id]) if person_id else None

        state = SupportState(row.state)
        return cls(
            id=row.id,
            kind=SupportKind(row.kind),
            text=row.text,
            state=state,
            is_overdue=is_overdue(state, row.due_at, now),
            asked_by=PersonRef.of(known[row.asked_by]),
            asked_at=row.asked_at,
            due_at=row.due_at,
            answer=row.answer,
            answered_by=person(row.answered_by),
            answered_at=row.answered_at,
            result=row.result,
            done_by=person(row.done_by),
            done_at=row.done_at,
        )


class Support(BaseModel):
    """The requests of an idea, the newest first."""

    requests: list[SupportOut]


class Asking(BaseModel):
    """What a team would like to have."""

    model_config = ConfigDict(extra="forbid")

    kind: SupportKind
    text: Text


class Answering(BaseModel):
    """What is done with a request; declining and finishing need words."""

    model_config = ConfigDict(extra="forbid")

    act: SupportAct
    text: Text = ""


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def list_support(request: ApiRequest, ref: str) -> Support:
    """What the team asked for, who gives it, and what came of it."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        rows = await support.of_idea(tx, case.idea.id)
        known = await faces(tx, _people(rows))
    now = request.services.clock()
    return Support(requests=[SupportOut.of(row, known, now) for row in rows])


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 404, 422, 429))
async def ask_for_support(
    request: ApiRequest, ref: str, body: Asking
) -> Annotated[Answer, SupportOut]:
    """Ask for a method, a workshop, a prototype, advice or moderation."""
    row = await actions.ask(request.services, request.actor, ref, kind=body.kind, text=body.text)
    return Answer(await _out(request, row))


@operation(
    "POST", COLLECTION + "/{request_id}/answers", tag=TAG, refusals=(401, 403, 404, 409, 422)
)
async def answer_support(
    request: ApiRequest, ref: str, request_id: UUID, body: Answering
) -> SupportOut:
    """Accept a request, decline it with a reason, or say what came of it."""
    row = await actions.answer(
        request.services, request.actor, ref, request_id, act=body.act, text=body.text
    )
    return await _out(request, row)


async def _out(request: ApiRequest, row: SupportRequest) -> SupportOut:
    async with request.services.database.read() as tx:
        known = await faces(tx, _people([row]))
    return SupportOut.of(row, known, request.services.clock())


def _people(rows: list[SupportRequest]) -> set[UUID]:
    found = {each for row in rows for each in (row.asked_by, row.answered_by, row.done_by)}
    return {each for each in found if each is not None}


operations = [list_support, ask_for_support, answer_support]
