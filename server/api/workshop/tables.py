"""What tables work on, over the API; the rules are in ``server.actions.workshop.tables``."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from collab.process.dossier import TITLE_CHARS_MAX, IdeaKind
from collab.process.templates.reading import Words
from server.actions.workshop import tables as actions
from server.actions.workshop.places import enter_workshop
from server.api.operation import Answer, ApiRequest, operation
from server.views.workshop.tables import TableView, room_of, table_views

TAG = "workshops"
TABLES = "/api/v1/workshops/{code}/tables"
IDEA = TABLES + "/{number}/idea"
REF_CHARS_MAX = 16

Seen = Annotated[str, Field(default="", max_length=REF_CHARS_MAX)]
"""The reference of the idea that lies on the table as the caller knows it; empty for none."""


class OpenBody(BaseModel):
    """Which idea comes onto the table."""

    model_config = ConfigDict(extra="forbid")

    ref: str = Field(max_length=REF_CHARS_MAX)
    seen: Seen


class BeginBody(BaseModel):
    """An idea that does not exist yet."""

    model_config = ConfigDict(extra="forbid")

    kind: IdeaKind
    title: str = Field(max_length=2 * TITLE_CHARS_MAX)
    seen: Seen


class AwayAsked(BaseModel):
    """What lies on the table as the caller knows it."""

    model_config = ConfigDict(extra="forbid")

    seen: Seen


class PersonAtTable(BaseModel):
    """Somebody at a table, by the name he gave; ``is_writing``: he has its idea open."""

    name: str
    is_writing: bool


class TableOut(BaseModel):
    """A table, its people, its idea, and what was written there last."""

    number: int
    name: str
    is_remote: bool
    people: list[PersonAtTable]
    ref: str | None
    title: str | None
    section: Words | None
    lines: list[str]


class TablesOut(BaseModel):
    """All tables in their order."""

    tables: list[TableOut]


class BegunOut(BaseModel):
    """The new idea."""

    ref: str


@operation("GET", TABLES, tag=TAG, refusals=(401, 403, 404, 422))
async def list_tables(request: ApiRequest, code: str) -> TablesOut:
    """The tables, for those who are in the workshop."""
    return await _tables(request, code)


@operation("PUT", IDEA, tag=TAG, refusals=(401, 403, 404, 409, 422))
async def open_at_table(request: ApiRequest, code: str, number: int, body: OpenBody) -> TableOut:
    """Put an idea on the table; whoever sits there may write in it from now on."""
    await actions.open_idea(
        request.services, request.person, code, number, ref=body.ref, seen=body.seen
    )
    return await _one(request, code, number)


@operation("POST", IDEA, tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429))
async def begin_at_table(
    request: ApiRequest, code: str, number: int, body: BeginBody
) -> Annotated[Answer, BegunOut]:
    """Begin an idea at the table, as a draft of all who sit there."""
    idea = await actions.begin_idea(
        request.services,
        request.person,
        code,
        number,
        kind=body.kind,
        title=body.title,
        seen=body.seen,
    )
    return Answer(BegunOut(ref=idea.ref), headers={"Location": f"/api/v1/ideas/{idea.ref}"})


@operation("DELETE", IDEA, tag=TAG, refusals=(401, 403, 404, 409, 422))
async def put_away_from_table(
    request: ApiRequest, code: str, number: int, query: AwayAsked
) -> None:
    """Take the idea off the table; its text stays what it is."""
    await actions.put_away(request.services, request.person, code, number, seen=query.seen)


async def _one(request: ApiRequest, code: str, number: int) -> TableOut:
    found = (await _tables(request, code)).tables
    return next(each for each in found if each.number == number)


async def _tables(request: ApiRequest, code: str) -> TablesOut:
    async with request.services.database.read() as tx:
        place = await enter_workshop(tx, request.person, code)
        room = await room_of(tx, place.workshop)
    return TablesOut(tables=[_out(each) for each in await table_views(request.services, room)])


def _out(table: TableView) -> TableOut:
    return TableOut(
        number=table.number,
        name=table.name,
        is_remote=table.is_remote,
        people=[PersonAtTable(name=each.name, is_writing=each.is_writing) for each in table.people],
        ref=table.ref or None,
        title=table.title or None,
        section=table.section,
        lines=list(table.lines),
    )


operations = [list_tables, open_at_table, begin_at_table, put_away_from_table]
