"""The kept versions of a text over the API, and what changed from one to another."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from collab.sync.comparing.texts import ComparedLine
from server.actions.cases import open_case
from server.api.operation import ApiRequest, operation
from server.api.versions import VersionBody
from server.views.record.difference import Version, compared, kept

TAG = "texts"


class KeptVersion(BaseModel):
    """A version that acts or judgements are bound to."""

    name: str
    text_version: VersionBody
    at: datetime


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
    """A paragraph, heading or list item; ``restyled``: only bold and italics changed."""

    change: Literal["same", "restyled", "changed", "removed", "added"]
    kind: str
    depth: int
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
    found = await kept(request.services, case)
    return KeptVersions(
        versions=[
            KeptVersion(
                name=f"{version.epoch}.{version.seq}", text_version=VersionBody.of(version), at=at
            )
            for version, at in found
        ]
    )


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
        title=_line(found.difference.title),
        sections={name: [_line(line) for line in lines] for name, lines in sections.items()},
        is_coarse=found.difference.is_coarse,
    )


def _version(version: Version) -> ComparedVersion:
    return ComparedVersion(
        name=version.name,
        text_version=VersionBody.of(version.version),
        at=version.at,
        redacted_at=version.redacted_at,
    )


def _line(line: ComparedLine) -> LineOut:
    runs = [RunOut(op=run.op.value, text=run.text) for run in line.runs]
    return LineOut(change=line.change.value, kind=line.kind, depth=line.depth, runs=runs)


operations = [read_versions, compare_versions]
