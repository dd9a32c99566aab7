"""People over the API: who one is, who there is, roles, and suspending."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from collab.errors import NotAllowed, NotFound
from collab.process.actors import ActorClass, Role
from collab.process.permissions import Action, require
from server.actions import people as actions
from server.api.operation import ApiRequest, operation
from server.auth.visitor import visitor_of
from server.faces import Face, faces
from server.language import Language
from storage import people
from storage.database import Transaction
from storage.tables.people import Person

TAG = "people"
COLLECTION = "/api/v1/people"
ITEM = COLLECTION + "/{handle}"
PAGE_MAX = 100


class PersonRef(BaseModel):
    """A person as he appears beside what he did; ``organisation`` only if it confirmed him."""

    handle: str
    name: str
    actor_class: ActorClass
    organisation: str | None

    @classmethod
    def of(cls, face: Face) -> Self:
        return cls(
            handle=face.handle,
            name=face.name,
            actor_class=face.actor_class,
            organisation=face.organisation,
        )


class PersonOut(PersonRef):
    """A person with his arena roles."""

    roles: list[str]
    is_suspended: bool


class Me(PersonOut):
    """The asking person."""

    email: str | None
    language: Language


class MeChange(BaseModel):
    """What changes about oneself; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, max_length=200)
    email: str | None = Field(default=None, max_length=320, description="Empty to remove it.")
    language: Language | None = None


class People(BaseModel):
    """Some people in the order of their handles; go on with ``after`` the last one."""

    people: list[PersonOut]


class PeopleQuery(BaseModel):
    """Which people to list."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(default="", max_length=100, description="Part of handle or name.")
    after: str = Field(default="", max_length=64)
    limit: int = Field(default=50, ge=1, le=PAGE_MAX)


class Suspension(BaseModel):
    """Why a person is stopped."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=1000)


@operation("GET", "/api/v1/me", tag=TAG, refusals=(401,))
async def read_me(request: ApiRequest) -> Me:
    """Who is asking."""
    async with request.services.database.read() as tx:
        return await _me(tx, request.person.handle)


@operation("PATCH", "/api/v1/me", tag=TAG, refusals=(401, 403, 422))
async def change_me(request: ApiRequest, body: MeChange) -> Me:
    """Change one's own name, address and language.

    The address leads to a new password, so no token can change it.
    """
    if body.email is not None and visitor_of(request).via == "bearer":
        raise NotAllowed
    async with request.services.database.read() as tx:
        now = await _me(tx, request.person.handle)
    await actions.change_self(
        request.services,
        request.person,
        name=now.name if body.name is None else body.name,
        email=(now.email or "") if body.email is None else body.email,
        language=body.language or now.language,
    )
    async with request.services.database.read() as tx:
        return await _me(tx, request.person.handle)


@operation("GET", COLLECTION, tag=TAG, refusals=(401, 403, 422))
async def list_people(request: ApiRequest, query: PeopleQuery) -> People:
    """The people of the arena."""
    require(Action.READ_PEOPLE, request.person)
    async with request.services.database.read() as tx:
        found = await people.everyone(tx, q=query.q, after=query.after, limit=query.limit)
        return People(people=await _listed(tx, found))


@operation("GET", ITEM, tag=TAG, refusals=(401, 403, 404))
async def read_person(request: ApiRequest, handle: str) -> PersonOut:
    """One person."""
    require(Action.READ_PEOPLE, request.person)
    return await _person(request, handle)


@operation("PUT", ITEM + "/roles/{role}", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def grant_role(request: ApiRequest, handle: str, role: Role) -> PersonOut:
    """Give a person an arena role."""
    await actions.grant_role(request.services, request.person, handle, role)
    return await _person(request, handle)


@operation("DELETE", ITEM + "/roles/{role}", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def withdraw_role(request: ApiRequest, handle: str, role: Role) -> None:
    """Take an arena role from a person."""
    await actions.withdraw_role(request.services, request.person, handle, role)


@operation("PUT", ITEM + "/suspension", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def suspend(request: ApiRequest, handle: str, body: Suspension) -> PersonOut:
    """Stop a person: sessions and tokens end, open sockets close at once."""
    await actions.suspend(request.services, request.person, handle, body.reason)
    return await _person(request, handle)


@operation("DELETE", ITEM + "/suspension", tag=TAG, refusals=(401, 403, 404, 409))
async def restore(request: ApiRequest, handle: str) -> None:
    """End a suspension; the person signs in anew."""
    await actions.restore(request.services, request.person, handle)


async def _person(request: ApiRequest, handle: str) -> PersonOut:
    async with request.services.database.read() as tx:
        found = await people.by_handle(tx, handle)
        if found is None:
            raise NotFound(handle=handle)
        return (await _listed(tx, [found]))[0]


async def _me(tx: Transaction, handle: str) -> Me:
    person = await people.by_handle(tx, handle)
    assert person is not None, "persons are not deleted"
    listed = (await _listed(tx, [person]))[0]
    language: Language = "en" if person.language == "en" else "de"
    return Me(**dict(listed), email=person.email, language=language)


async def _listed(tx: Transaction, rows: list[Person]) -> list[PersonOut]:
    ids = [each.id for each in rows]
    known, roles = await faces(tx, ids), await people.roles_of(tx, ids)
    return [
        PersonOut(
            **dict(PersonRef.of(known[each.id])),
            roles=sorted(roles.get(each.id, ())),
            is_suspended=each.suspended_at is not None,
        )
        for each in rows
    ]


operations = [
    read_me,
    change_me,
    list_people,
    read_person,
    grant_role,
    withdraw_role,
    suspend,
    restore,
]
