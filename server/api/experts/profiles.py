"""What people say they know, over the API: one's own profile, and who wants to be found."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.errors import NotFound
from collab.process.actors import ActorClass
from collab.process.experts.profiles import (
    ABOUT_CHARS_MAX,
    FIELDS_MAX,
    KEYWORD_CHARS_MAX,
    KEYWORDS_MAX,
    Profile,
)
from collab.process.feasibility.judgements import Expertise
from server.actions.access import known
from server.actions.experts import profiles as actions
from server.actions.experts.showing import as_asked
from server.api.operation import ApiRequest, operation
from server.faces import Face, faces
from storage.experts import profiles
from storage.experts.profiles import Stored

TAG = "experts"
MINE = "/api/v1/me/expertise"
PAGE_MAX = 50
HANDLE_CHARS_MAX = 64
ID_CHARS_MAX = 100

Id = Annotated[str, Field(max_length=ID_CHARS_MAX)]
Keyword = Annotated[str, Field(max_length=4 * KEYWORD_CHARS_MAX)]


class Expertises(BaseModel):
    """What one declares; fields of action and dimensions by their ids."""

    model_config = ConfigDict(extra="forbid")

    ground: Expertise
    dimensions: list[Id] = Field(default=[], max_length=50)
    fields: list[Id] = Field(default=[], max_length=4 * FIELDS_MAX)
    keywords: list[Keyword] = Field(default=[], max_length=4 * KEYWORDS_MAX)
    about: str = Field(default="", max_length=2 * ABOUT_CHARS_MAX)
    is_listed: bool = False
    may_be_asked: bool = False
    shows_organisation: bool = False

    @classmethod
    def of(cls, profile: Profile) -> Self:
        return cls(
            ground=profile.ground,
            dimensions=list(profile.dimensions),
            fields=list(profile.fields),
            keywords=list(profile.keywords),
            about=profile.about,
            is_listed=profile.is_listed,
            may_be_asked=profile.may_be_asked,
            shows_organisation=profile.shows_organisation,
        )


class ExpertOut(BaseModel):
    """Somebody who wants to be found; ``organisation`` only if it confirmed him and he says so."""

    handle: str
    name: str
    actor_class: ActorClass
    organisation: str | None
    ground: Expertise
    dimensions: list[str]
    fields: list[str]
    keywords: list[str]
    about: str
    may_be_asked: bool

    @classmethod
    def of(cls, stored: Stored, face: Face) -> Self:
        profile, shown = stored.profile, as_asked(stored, face)
        return cls(
            handle=shown.handle,
            name=shown.name,
            actor_class=shown.actor_class,
            organisation=shown.organisation,
            ground=profile.ground,
            dimensions=list(profile.dimensions),
            fields=list(profile.fields),
            keywords=list(profile.keywords),
            about=profile.about,
            may_be_asked=profile.may_be_asked,
        )


class Experts(BaseModel):
    """A page of people in the order of their handles; ``next`` is the one to ask on after."""

    experts: list[ExpertOut]
    next: str | None


class ExpertFilter(BaseModel):
    """Which of them."""

    model_config = ConfigDict(extra="forbid")

    dimension: str = Field(default="", max_length=ID_CHARS_MAX)
    field: str = Field(default="", max_length=ID_CHARS_MAX)
    after: str = Field(default="", max_length=HANDLE_CHARS_MAX)


@operation("GET", MINE, tag=TAG, refusals=(401, 404))
async def read_my_expertise(request: ApiRequest) -> Expertises:
    """What one declares to know."""
    async with request.services.database.read() as tx:
        found = await profiles.get(tx, known(request.person))
    if found is None:
        raise NotFound("no-profile")
    return Expertises.of(found.profile)


@operation("PUT", MINE, tag=TAG, refusals=(401, 422, 429))
async def declare_expertise(request: ApiRequest, body: Expertises) -> Expertises:
    """Declare what one knows, in place of what one declared before. It gives no right."""
    profile = await actions.declare(
        request.services,
        request.person,
        ground=body.ground,
        dimensions=body.dimensions,
        fields=body.fields,
        keywords=body.keywords,
        about=body.about,
        is_listed=body.is_listed,
        may_be_asked=body.may_be_asked,
        shows_organisation=body.shows_organisation,
    )
    return Expertises.of(profile)


@operation("DELETE", MINE, tag=TAG, refusals=(401, 404))
async def take_back_expertise(request: ApiRequest) -> None:
    """Delete one's own profile."""
    await actions.take_back(request.services, request.person)


@operation("GET", "/api/v1/experts", tag=TAG)
async def list_experts(request: ApiRequest, query: ExpertFilter) -> Experts:
    """Who wants to be found, by dimension or field of action."""
    async with request.services.database.read() as tx:
        found = await profiles.listed(
            tx,
            dimension=query.dimension,
            field=query.field,
            after=query.after,
            limit=PAGE_MAX + 1,
        )
        seen: dict[UUID, Face] = await faces(tx, {each.person.id for each in found})
    page = found[:PAGE_MAX]
    return Experts(
        experts=[ExpertOut.of(each, seen[each.person.id]) for each in page],
        next=page[-1].person.handle if len(found) > PAGE_MAX else None,
    )


operations = [read_my_expertise, declare_expertise, take_back_expertise, list_experts]
