"""Whom an idea asks for expertise, over the API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.alignment.statements import FIELDS_OF_ACTION
from collab.process.experts.invitations import (
    ANSWER_CHARS_MAX,
    NOTE_CHARS_MAX,
    QUESTION_CHARS_MAX,
    InvitationAnswer,
    InvitationState,
)
from collab.process.experts.matching import ReasonKind
from collab.process.permissions import Action
from server.actions.access import known
from server.actions.cases import open_case
from server.actions.catalogues.today import today
from server.actions.experts import invitations as actions
from server.actions.experts.showing import asked_of, faces_at
from server.actions.experts.suggesting import suggestions
from server.api.operation import Answer, ApiRequest, operation
from server.api.people import PersonRef
from server.faces import Face
from storage.experts import invitations
from storage.experts.invitations import ExpertInvitation
from storage.process import catalogues

TAG = "experts"
COLLECTION = "/api/v1/ideas/{ref}/experts"
ITEM = COLLECTION + "/{invitation_id}"


class ReasonOut(BaseModel):
    """Why somebody is suggested; ``about`` is a dimension, a field, a keyword, an organisation."""

    kind: ReasonKind
    about: str


class SuggestionOut(BaseModel):
    """A person with every reason to ask him. There is no score."""

    person: PersonRef
    reasons: list[ReasonOut]


class InvitationOut(BaseModel):
    """Who was asked by whom and why, and what he said."""

    id: UUID
    ref: str
    person: PersonRef
    state: InvitationState
    note: str
    question: str
    comment_id: UUID | None
    reasons: list[ReasonOut]
    invited_by: PersonRef
    invited_at: datetime
    due_at: datetime
    answer: str
    answered_at: datetime | None

    @classmethod
    def of(cls, row: ExpertInvitation, ref: str, seen: Mapping[UUID, Face]) -> Self:
        return cls(
            id=row.id,
            ref=ref,
            person=PersonRef.of(seen[row.person_id]),
            state=InvitationState(row.state),
            note=row.note,
            question=row.question,
            comment_id=row.comment_id,
            reasons=[ReasonOut(**each) for each in row.reasons],
            invited_by=PersonRef.of(seen[row.invited_by]),
            invited_at=row.invited_at,
            due_at=row.due_at,
            answer=row.answer,
            answered_at=row.answered_at,
        )


class IdeaExperts(BaseModel):
    """Everybody learns who said yes; who may invite also sees whom to ask and who was asked."""

    willing: list[PersonRef]
    suggestions: list[SuggestionOut]
    invitations: list[InvitationOut]


class Invitations(BaseModel):
    """What one was asked, open ones first."""

    invitations: list[InvitationOut]


class Inviting(BaseModel):
    """Whom to ask, why, and if it is one thing, what."""

    model_config = ConfigDict(extra="forbid")

    handle: str = Field(max_length=64)
    note: str = Field(max_length=2 * NOTE_CHARS_MAX)
    question: str = Field(default="", max_length=2 * QUESTION_CHARS_MAX)
    comment_id: UUID | None = None


class Answering(BaseModel):
    """Yes or no; a reason is welcome and not needed."""

    model_config = ConfigDict(extra="forbid")

    act: InvitationAnswer
    text: str = Field(default="", max_length=2 * ANSWER_CHARS_MAX)


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def list_idea_experts(request: ApiRequest, ref: str) -> IdeaExperts:
    """Who is willing to help, and for who may invite: whom to ask and who was asked."""
    services = request.services
    async with services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        rows = await invitations.of_idea(tx, case.idea.id)
        found = []
        if may_invite := case.may(Action.INVITE_EXPERT):
            catalogue = await catalogues.current(tx, FIELDS_OF_ACTION, today(services))
            found = await suggestions(tx, case, catalogue, services.clock())
        seen = await faces_at(tx, rows, {each.person_id for each in found})
    return IdeaExperts(
        willing=[
            PersonRef.of(seen[row.person_id])
            for row in rows
            if row.state == InvitationState.ACCEPTED
        ],
        suggestions=[
            SuggestionOut(
                person=PersonRef.of(seen[each.person_id]),
                reasons=[ReasonOut(kind=one.kind, about=one.about) for one in each.reasons],
            )
            for each in found
        ],
        invitations=[InvitationOut.of(row, ref, seen) for row in rows] if may_invite else [],
    )


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429))
async def invite_expert(
    request: ApiRequest, ref: str, body: Inviting
) -> Annotated[Answer, InvitationOut]:
    """Ask somebody who may be asked. A yes appoints to nothing."""
    row = await actions.invite(
        request.services,
        request.actor,
        ref,
        handle=body.handle,
        note=body.note,
        question=body.question,
        comment_id=body.comment_id,
    )
    return Answer(await _out(request, row, ref))


@operation("POST", ITEM + "/answer", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def answer_invitation(
    request: ApiRequest, ref: str, invitation_id: UUID, body: Answering
) -> InvitationOut:
    """Say yes or no to one's own invitation."""
    row = await actions.answer(
        request.services, request.actor, ref, invitation_id, act=body.act, text=body.text
    )
    return await _out(request, row, ref)


@operation("DELETE", ITEM, tag=TAG, refusals=(401, 403, 404, 409, 429))
async def withdraw_invitation(request: ApiRequest, ref: str, invitation_id: UUID) -> InvitationOut:
    """Take an open invitation back."""
    row = await actions.withdraw(request.services, request.actor, ref, invitation_id)
    return await _out(request, row, ref)


@operation("GET", "/api/v1/me/invitations", tag=TAG, refusals=(401,))
async def list_my_invitations(request: ApiRequest) -> Invitations:
    """What one was asked, by whom and why."""
    async with request.services.database.read() as tx:
        found = await asked_of(tx, known(request.person))
        seen = await faces_at(tx, [row for row, _ in found])
    return Invitations(invitations=[InvitationOut.of(row, idea.ref, seen) for row, idea in found])


async def _out(request: ApiRequest, row: ExpertInvitation, ref: str) -> InvitationOut:
    async with request.services.database.read() as tx:
        seen = await faces_at(tx, [row])
    return InvitationOut.of(row, ref, seen)


operations = [
    list_idea_experts,
    invite_expert,
    answer_invitation,
    withdraw_invitation,
    list_my_invitations,
]
