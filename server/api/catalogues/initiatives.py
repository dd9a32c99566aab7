"""Existing initiatives over the API, and what ideas have to do with them."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.errors import NotFound
from collab.process.initiatives.initiative import NOTE_CHARS_MAX, Relation
from collab.process.permissions import Action
from server.actions.cases import open_case
from server.actions.catalogues import initiatives as actions
from server.actions.catalogues.initiatives import QUERY_CHARS_MAX
from server.api.operation import ApiRequest, operation
from server.api.people import PersonRef
from server.faces import faces
from storage.process import initiatives
from storage.process.initiatives import Initiative
from storage.search.existing import Existing, existing

TAG = "initiatives"
COLLECTION = "/api/v1/initiatives"
ITEM = COLLECTION + "/{initiative_id}"
AT_IDEA = "/api/v1/ideas/{ref}/initiatives"
PAGE_MAX = 100


class InitiativeOut(BaseModel):
    """Something that exists already, as its own people describe it."""

    id: UUID
    source: str
    name: str
    abstract: str
    url: str
    repository: str
    licence: str
    tags: list[str]
    run_by: list[str]
    backed_by: list[str]
    since: date | None

    @classmethod
    def of(cls, row: Initiative) -> Self:
        return cls.model_validate(row, from_attributes=True)


class FullInitiative(InitiativeOut):
    """An initiative with its description."""

    text: str


class InitiativesOut(BaseModel):
    """Some initiatives in the order of names; ask again with ``after`` as ``offset``."""

    total: int
    initiatives: list[InitiativeOut]
    after: int | None


class ExistingOut(BaseModel):
    """An initiative like the text asked for; ``words`` are those of the text that say so."""

    initiative: InitiativeOut
    score: float
    words: list[str]

    @classmethod
    def of(cls, found: Existing) -> Self:
        return cls(
            initiative=InitiativeOut.of(found.initiative),
            score=round(found.score, 3),
            words=list(found.words),
        )


class ExistingList(BaseModel):
    """What is like a text, best first."""

    found: list[ExistingOut]


class RelationOut(BaseModel):
    """What an initiative is to the idea, and who said so when."""

    initiative: InitiativeOut
    kind: Relation
    note: str
    by: PersonRef
    at: datetime


class RelationsOut(BaseModel):
    """All that is said about the idea and existing initiatives."""

    relations: list[RelationOut]


class RelationBody(BaseModel):
    """What the initiative is to the idea."""

    model_config = ConfigDict(extra="forbid")

    kind: Relation
    note: str = Field(default="", max_length=2 * NOTE_CHARS_MAX)


class PageQuery(BaseModel):
    """Which part of the list."""

    model_config = ConfigDict(extra="forbid")

    offset: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=50, ge=1, le=PAGE_MAX)


class SearchQuery(BaseModel):
    """What to look for."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(min_length=1, max_length=QUERY_CHARS_MAX)


class OwnSearchQuery(BaseModel):
    """What to look for; left out, the idea's own title and text."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(default="", max_length=QUERY_CHARS_MAX)


@operation("GET", COLLECTION, tag=TAG, refusals=(422,))
async def list_initiatives(request: ApiRequest, query: PageQuery) -> InitiativesOut:
    """The existing initiatives in the order of their names."""
    async with request.services.database.read() as tx:
        total = await initiatives.count(tx)
        rows = await initiatives.page(tx, offset=query.offset, limit=query.limit)
    after = query.offset + len(rows)
    return InitiativesOut(
        total=total,
        initiatives=[InitiativeOut.of(row) for row in rows],
        after=after if rows and after < total else None,
    )


@operation("GET", COLLECTION + "/search", tag=TAG, refusals=(422,))
async def search_initiatives(request: ApiRequest, query: SearchQuery) -> ExistingList:
    """Does this exist already? The initiatives most like a text, with the words they share."""
    async with request.services.database.read() as tx:
        return ExistingList(found=[ExistingOut.of(each) for each in await existing(tx, query.q)])


@operation("GET", ITEM, tag=TAG, refusals=(404,))
async def read_initiative(request: ApiRequest, initiative_id: UUID) -> FullInitiative:
    """One initiative with its description."""
    async with request.services.database.read() as tx:
        row = await initiatives.get(tx, initiative_id)
    if row is None:
        raise NotFound("initiative-unknown")
    return FullInitiative.of(row)


@operation("GET", AT_IDEA, tag=TAG, refusals=(404,))
async def idea_initiatives(request: ApiRequest, ref: str) -> RelationsOut:
    """What the idea has to do with existing initiatives."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        said = await initiatives.of_idea(tx, case.idea.id)
        known = await faces(tx, {row.by for row, _ in said})
    return RelationsOut(
        relations=[
            RelationOut(
                initiative=InitiativeOut.of(initiative),
                kind=Relation(row.kind),
                note=row.note,
                by=PersonRef.of(known[row.by]),
                at=row.at,
            )
            for row, initiative in said
        ]
    )


@operation("GET", AT_IDEA + "/search", tag=TAG, refusals=(404, 422))
async def search_for_idea(request: ApiRequest, ref: str, query: OwnSearchQuery) -> ExistingList:
    """Does this idea exist already? Looks for its own words unless others are given."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref, Action.READ_IDEA)
        asked = query.q.strip() or await actions.own_query(tx, case)
        return ExistingList(found=[ExistingOut.of(each) for each in await existing(tx, asked)])


@operation("PUT", AT_IDEA + "/{initiative_id}", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def relate_initiative(
    request: ApiRequest, ref: str, initiative_id: UUID, body: RelationBody
) -> None:
    """Say what the initiative is to the idea, in place of what was said before."""
    await actions.relate(
        request.services, request.actor, ref, initiative_id, kind=body.kind, note=body.note
    )


@operation("DELETE", AT_IDEA + "/{initiative_id}", tag=TAG, refusals=(401, 403, 404))
async def unrelate_initiative(request: ApiRequest, ref: str, initiative_id: UUID) -> None:
    """Take back what was said about the initiative and the idea."""
    await actions.unrelate(request.services, request.actor, ref, initiative_id)


operations = [
    list_initiatives,
    search_initiatives,
    read_initiative,
    idea_initiatives,
    search_for_idea,
    relate_initiative,
    unrelate_initiative,
]
