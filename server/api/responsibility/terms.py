"""Roles for a time over the API: partners at an idea, deputies and others in the arena."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.errors import NotFound
from collab.process.actors import Role
from collab.process.permissions import Action, require
from collab.process.responsibility.terms import TermState
from server.actions.cases import open_case
from server.actions.responsibility import terms as actions
from server.api.operation import Answer, ApiRequest, operation
from server.api.people import PersonRef
from server.faces import Face, faces
from storage import people
from storage.process import terms
from storage.process.terms import RoleTerm

TAG = "terms"
AT_IDEA = "/api/v1/ideas/{ref}/terms"
AT_ARENA = "/api/v1/people/{handle}/terms"


class TermOut(BaseModel):
    """A role for a time; the person holds it while the term runs."""

    id: UUID
    person: PersonRef
    role: str
    state: TermState
    valid_from: datetime
    valid_until: datetime

    @classmethod
    def of(cls, row: RoleTerm, known: Mapping[UUID, Face]) -> Self:
        return cls(
            id=row.id,
            person=PersonRef.of(known[row.person_id]),
            role=row.role,
            state=TermState(row.state),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )


class Terms(BaseModel):
    """Terms that are planned or running, the next to end first."""

    terms: list[TermOut]


class Days(BaseModel):
    """Which role, from the beginning of a day in Berlin to the end of another."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    first: date | None = Field(default=None, description="From now on if it is left out.")
    last: date


class TermBody(Days):
    """Who is to have the role at the idea."""

    handle: str = Field(max_length=64)


@operation("GET", AT_IDEA, tag=TAG, refusals=(401, 403, 404))
async def list_idea_terms(request: ApiRequest, ref: str) -> Terms:
    """Who has a role at the idea for a time."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref, Action.MANAGE_TEAM)
        rows = await terms.of_idea(tx, case.idea.id)
        known = await faces(tx, {row.person_id for row in rows})
    return Terms(terms=[TermOut.of(row, known) for row in rows])


@operation("POST", AT_IDEA, tag=TAG, status=201, refusals=(401, 403, 404, 409, 422))
async def grant_idea_term(
    request: ApiRequest, ref: str, body: TermBody
) -> Annotated[Answer, TermOut]:
    """Give a person a role at the idea for a time: an external partner, for instance."""
    row = await actions.grant_at_idea(
        request.services,
        request.actor,
        ref,
        handle=body.handle,
        role=body.role,
        first=body.first,
        last=body.last,
    )
    return Answer(await _out(request, row))


@operation("DELETE", AT_IDEA + "/{term_id}", tag=TAG, refusals=(401, 403, 404, 409))
async def end_idea_term(request: ApiRequest, ref: str, term_id: UUID) -> None:
    """End a role at the idea before its time."""
    await actions.end(request.services, request.actor, term_id, ref=ref)


@operation("GET", AT_ARENA, tag=TAG, refusals=(401, 403, 404))
async def list_person_terms(request: ApiRequest, handle: str) -> Terms:
    """The roles that a person has in the arena for a time."""
    require(Action.READ_PEOPLE, request.person)
    async with request.services.database.read() as tx:
        person = await people.by_handle(tx, handle)
        if person is None:
            raise NotFound(handle=handle)
        rows, known = await terms.of_person(tx, person.id), await faces(tx, [person.id])
    return Terms(terms=[TermOut.of(row, known) for row in rows])


@operation("POST", AT_ARENA, tag=TAG, status=201, refusals=(401, 403, 404, 409, 422))
async def grant_person_term(
    request: ApiRequest, handle: str, body: Days
) -> Annotated[Answer, TermOut]:
    """Give a person a role of the arena for a time: a deputy of the CDO, for instance."""
    row = await actions.grant(
        request.services,
        request.person,
        handle=handle,
        role=body.role,
        first=body.first,
        last=body.last,
    )
    return Answer(await _out(request, row))


@operation("DELETE", AT_ARENA + "/{term_id}", tag=TAG, refusals=(401, 403, 404, 409))
async def end_person_term(request: ApiRequest, handle: str, term_id: UUID) -> None:
    """End a role of the arena before its time."""
    require(Action.MANAGE_PEOPLE, request.person)
    async with request.services.database.read() as tx:
        person, row = await people.by_handle(tx, handle), await terms.get(tx, term_id)
    if person is None or row is None or row.person_id != person.id:
        raise NotFound("term-not-found")
    await actions.end(request.services, request.person, term_id)


async def _out(request: ApiRequest, row: RoleTerm) -> TermOut:
    async with request.services.database.read() as tx:
        found = await terms.get(tx, row.id)
        known = await faces(tx, [row.person_id])
    assert found is not None, "terms are not deleted"
    return TermOut.of(found, known)


operations = [
    list_idea_terms,
    grant_idea_term,
    end_idea_term,
    list_person_terms,
    grant_person_term,
    end_person_term,
]
