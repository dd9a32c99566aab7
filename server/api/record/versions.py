"""The kept versions of a text over the API, and what changed from one to another."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from collab.sync.comparing.texts import ComparedLine
from server.actions.cases import open_case
from server.api.operation import ApiRequest, operation
from server.api.versions import VersionBody
from server.views.record.difference import Version, compared
from server.views.record.kept import KeptVersion as Kept
from server.views.record.kept import Name, kept_versions
from storage.versions.names import BEFORE_RESTORE

TAG = "texts"


class VersionName(BaseModel):
    """What somebody called a version; empty if it was kept before a restoration."""

    id: UUID
    name: str
    note: str
    by: str | None
    at: datetime
    is_before_restore: bool


class KeptVersion(BaseModel):
    """A version that is kept for ever: named, or official ``acts`` or judgements are bound to it.

    ``acts`` are the revisions of the idea that moves led to.
    """

    name: str
    text_version: VersionBody
    at: datetime
    names: list[VersionName]
    acts: list[int]


class KeptVersions(BaseModel):
    """All of them, oldest first; ``name`` is how the comparison takes one."""

    versions: list[KeptVersion]


class ComparedVersion(BaseModel):
    """One of two versions; ``at`` is missing for the text of now."""

    name: str
    text_version: VersionBody
    at: datetime | None
    redacted_at: datetime | None


class RunOut(BaseModel):
    """A stretch of text that stayed, went or came."""

    op: Literal["same", "removed", "added"]
    text: str


class LineOut(BaseModel):
    """A paragraph, heading or list item; ``restyled``: the words are the same, not their look.

    ``kind_before`` and ``depth_before``: what it was, if it became a heading, a list item, ….
    """

    change: Literal["same", "restyled", "changed", "removed", "added"]
    kind: str
    depth: int
    kind_before: str | None
    depth_before: int | None
    runs: list[RunOut]


class DifferenceOut(BaseModel):
    """What changed; ``is_coarse`` if some lines could only be compared as a whole."""

    ref: str
    earlier: ComparedVersion
    later: ComparedVersion
    title: LineOut
    sections: dict[str, list[LineOut]]
    is_coarse: bool


@operation("GET", "/api/v1/ideas/{ref}/versions", tag=TAG, refusals=(404,))
async def read_versions(request: ApiRequest, ref: str) -> KeptVersions:
    """The versions of the text that are kept for ever, because something is bound to them."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        found = await kept_versions(tx, case)
    return KeptVersions(versions=[_kept(each) for each in reversed(found)])


@operation(
    "GET",
    "/api/v1/ideas/{ref}/versions/{earlier}/diff/{later}",
    tag=TAG,
    refusals=(404, 409),
)
async def compare_versions(
    request: ApiRequest, ref: str, earlier: str, later: str
) -> DifferenceOut:
    """What changed between two kept versions (``epoch.seq``), or from one to the text of ``now``.

    Compared by section, line and word, at a bounded cost.
    """
    found = await compared(request.services, request.actor, ref, earlier, later)
    sections = found.difference.sections
    return DifferenceOut(
        ref=ref,
        earlier=_version(found.earlier),
        later=_version(found.later),
        title=line_out(found.difference.title),
        sections={name: [line_out(line) for line in lines] for name, lines in sections.items()},
        is_coarse=found.difference.is_coarse,
    )


def _kept(version: Kept) -> KeptVersion:
    return KeptVersion(
        name=version.name,
        text_version=VersionBody.of(version.version),
        at=version.at,
        names=[_name(each) for each in version.names],
        acts=[each.change.revision for each in version.moves],
    )


def _name(name: Name) -> VersionName:
    row = name.row
    return VersionName(
        id=row.id,
        name=row.name,
        note=row.note,
        by=name.by.handle if name.by else None,
        at=row.at,
        is_before_restore=row.kind == BEFORE_RESTORE,
    )


def _version(version: Version) -> ComparedVersion:
    return ComparedVersion(
        name=version.name,
        text_version=VersionBody.of(version.version),
        at=version.at,
        redacted_at=version.redacted_at,
    )


def line_out(line: ComparedLine) -> LineOut:
    """A compared line as the API carries it."""
    runs = [RunOut(op=run.op.value, text=run.text) for run in line.runs]
    kind, depth = line.was or (None, None)
    return LineOut(
        change=line.change.value,
        kind=line.kind,
        depth=line.depth,
        kind_before=kind,
        depth_before=depth,
        runs=runs,
    )


operations = [read_versions, compare_versions]
