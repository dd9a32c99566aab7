"""The public register over the API, as JSON and as a table."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from collab.process.measures.recognition import State
from collab.process.measures.register import MeasureKind, Progress
from server.api.measures.commitments import CommitmentOut
from server.api.operation import ApiRequest, operation
from server.exporting.ideas import safe_cell
from server.views.measures.register import MeasurePage, Row, Search, measure_page, rows

TAG = "measures"
COLLECTION = "/api/v1/measures"
PAGE_MAX = 100
EXPORT_MAX = 5_000
CSV = "text/csv; charset=utf-8"

MeasureNumber = Annotated[str, Field(max_length=32)]


class MeasureOut(BaseModel):
    """One entry of the register; ``ref`` is the idea's, a central measure never was one."""

    number: str
    kind: MeasureKind
    title: str
    ref: str | None
    stage: str | None
    progress: Progress
    organisation: str | None
    recognition: State | None
    recognition_number: str | None
    fields: list[str] = Field(description="Fields of action that it pays into.")
    districts: list[str] = Field(description="Where it is meant to be; empty: not said.")
    since: datetime

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls(
            number=row.number,
            kind=row.kind,
            title=row.title,
            ref=row.ref,
            stage=row.stage.id if row.stage else None,
            progress=row.progress,
            organisation=row.organisation,
            recognition=row.recognition,
            recognition_number=row.recognition_number,
            fields=list(row.fields),
            districts=[each.id for each in row.places],
            since=row.since,
        )


class Register(BaseModel):
    """Some measures, the newest numbers first; ``next_cursor`` is null on the last page."""

    measures: list[MeasureOut]
    next_cursor: str | None


class RegisterQuery(BaseModel):
    """Which measures to list; a CSV holds all of them unless ``limit`` is given."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["central", "decentral", "network"] | None = None
    progress: Literal["planned", "running", "finished"] | None = None
    recognition: Literal["valid", "suspended", "withdrawn"] | None = None
    q: str = Field(default="", max_length=200, description="Words of the title, or the number.")
    district: str | None = Field(
        default=None, max_length=64, description="Only measures that name this district."
    )
    cursor: str | None = Field(default=None, max_length=32)
    limit: int | None = Field(default=None, ge=1, le=PAGE_MAX)
    format: Literal["json", "csv"] = "json"

    def search(self) -> Search:
        return Search(
            self.kind or "",
            self.progress or "",
            self.recognition or "",
            self.q,
            self.district or "",
        )


class GroundOut(BaseModel):
    """What the recognition rests on."""

    number: str
    state: State
    given_at: datetime
    given_by: str = Field(description="The office that gave it.")
    changed_at: datetime
    reason: str
    organisation: str
    commitment: CommitmentOut


class LinkOut(BaseModel):
    """An idea that builds on a central measure or is referred to it; or the measure of an idea."""

    kind: str
    note: str
    at: datetime
    number: str | None
    ref: str | None
    title: str


class MeasureDetail(MeasureOut):
    """One measure with its ground and what belongs to it."""

    text: str | None = Field(description="What the office says of a central measure.")
    revision: int | None
    ground: GroundOut | None
    links: list[LinkOut]

    @classmethod
    def whole(cls, found: MeasurePage) -> Self:
        said = found.entry.central
        return cls(
            **MeasureOut.of(found.row).model_dump(),
            text=said.text if said else None,
            revision=said.revision if said else None,
            ground=_ground(found),
            links=_links(found),
        )


@operation("GET", COLLECTION, tag=TAG, media=(CSV,), refusals=(422,))
async def list_measures(request: ApiRequest, query: RegisterQuery) -> Register:
    """The public register: decentral, network and central measures, the newest numbers first."""
    if query.format == "csv":
        return await _table(request, query)  # type: ignore[return-value]
    async with request.services.database.read() as tx:
        found, following = await rows(tx, query.search(), query.cursor, query.limit or 20)
    return Register(measures=[MeasureOut.of(each) for each in found], next_cursor=following)


@operation("GET", COLLECTION + "/{number}", tag=TAG, refusals=(404,))
async def read_measure(request: ApiRequest, number: MeasureNumber) -> MeasureDetail:
    """One measure by its number or by the number of its recognition."""
    async with request.services.database.read() as tx:
        return MeasureDetail.whole(await measure_page(tx, number))


def to_csv(found: Iterable[MeasureOut]) -> str:
    """A table that spreadsheets open; no cell is taken for a formula."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(MeasureOut.model_fields)
    for each in found:
        values = each.model_dump(mode="json")
        values |= {name: " ".join(values[name]) for name in ("fields", "districts")}
        table.writerow(safe_cell(value) for value in values.values())
    return written.getvalue()


async def _table(request: ApiRequest, query: RegisterQuery) -> Response:
    wanted, cursor, found = query.limit or EXPORT_MAX, query.cursor, list[MeasureOut]()
    async with request.services.database.read() as tx:
        while len(found) < wanted:
            step = min(PAGE_MAX, wanted - len(found))
            some, cursor = await rows(tx, query.search(), cursor, step)
            found += [MeasureOut.of(each) for each in some]
            if cursor is None:
                break
    headers = {"Content-Disposition": 'attachment; filename="measures.csv"'}
    if cursor is not None:
        following = query.search().address(COLLECTION, format="csv", cursor=cursor)
        headers["Link"] = f'<{following}>; rel="next"'
    return Response(to_csv(found), media_type=CSV, headers=headers)


def _ground(found: MeasurePage) -> GroundOut | None:
    if found.ground is None:
        return None
    row = found.ground.recognition
    return GroundOut(
        number=row.number,
        state=State(row.state),
        given_at=row.given_at,
        given_by=row.office,
        changed_at=row.changed_at,
        reason=row.reason,
        organisation=row.organisation_name,
        commitment=CommitmentOut.of(found.ground.commitment),
    )


def _links(found: MeasurePage) -> list[LinkOut]:
    return [
        LinkOut(
            kind=link.kind,
            note=link.note,
            at=link.at,
            number=None if found.entry.central else link.number,
            ref=other.ref if found.entry.central else None,
            title=other.title,
        )
        for link, other in found.linked
    ]


operations = [list_measures, read_measure]
