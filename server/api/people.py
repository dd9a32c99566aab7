"""People over the API: who one is, who there is, roles, and suspending."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from starlette.background import BackgroundTask
from starlette.responses import Response

from collab.errors import NotAllowed, NotFound
from collab.process.actors import ActorClass, Role
from collab.process.permissions import Action, require
from server.actions import people as actions
from server.actions.erasure import people as erasure
from server.actions.erasure.holdings import holdings_of
from server.actions.erasure.people import CHOICES, Choice
from server.api.operation import Answer, ApiRequest, operation
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


class Holdings(BaseModel):
    """Everything Arena holds about one person.

    Besides what is named here it has one list of rows for each kind of thing that is the person's:
    ``comments``, ``judgements``, ``requirements`` and so on, without secrets and without the ids
    of others.
    """

    model_config = ConfigDict(extra="allow")

    exported_at: datetime
    account: dict[str, Any]
    texts: list[dict[str, Any]] = Field(
        description="What the person wrote: shown now, in kept versions, and deleted since."
    )
    events: list[dict[str, Any]]
    mails: list[dict[str, Any]] = Field(description="Mails that wait in the outbox.")


class ErasureBody(BaseModel):
    """How one's own account is to be erased; there is no way back."""

    model_config = ConfigDict(extra="forbid")

    text: Literal["keep", "erase"] | list[str] = Field(
        description="What becomes of one's words: kept, erased, or erased at these ideas."
    )
    confirmed: Literal[True]
    password: str = Field(
        default="", max_length=1024, description="Without one: sign in just before."
    )


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


@operation("GET", "/api/v1/me/data", tag=TAG, refusals=(401,))
async def read_my_data(request: ApiRequest) -> Annotated[Answer, Holdings]:
    """Everything Arena holds about who asks, to be taken along."""
    async with request.services.database.read() as tx:
        person = await people.by_handle(tx, request.person.handle)
    assert person is not None, "an actor is a person"
    found = Holdings(**await holdings_of(request.services, person))
    name = f'attachment; filename="arena-{person.handle}.json"'
    return Answer(found, headers={"Content-Disposition": name, "Cache-Control": "no-store"})


@operation("POST", "/api/v1/me/erasure", tag=TAG, status=204, refusals=(401, 403, 422))
async def erase_me(request: ApiRequest, body: ErasureBody) -> None:
    """Erase one's own account: it becomes a pseudonym, chosen text goes for good.

    Not with a token, which could be stolen; sessions, tokens and sockets end at once. The files of
    the database are cleaned after the answer.
    """
    visitor = visitor_of(request)
    if visitor.via != "cookie":
        raise NotAllowed
    refs = body.text if isinstance(body.text, list) else None
    choice = Choice(frozenset(refs)) if refs is not None else CHOICES[str(body.text)]
    await erasure.erase_self(
        request.services, request.person, visitor.session_key, body.password, choice
    )
    later = BackgroundTask(erasure.finish_later, request.services)
    return Response(status_code=HTTPStatus.NO_CONTENT, background=later)  # type: ignore[return-value]


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
    read_my_data,
    erase_me,
    list_people,
    read_person,
    grant_role,
    withdraw_role,
    suspend,
    restore,
]
