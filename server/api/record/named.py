"""Naming versions of a text and bringing them back over the API."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from collab.process.versions.names import NAME_CHARS_MAX, NOTE_CHARS_MAX, REASON_CHARS_MAX
from server.actions.versions import names as naming
from server.actions.versions import restoring
from server.actions.versions.reading import NAME
from server.api.operation import Answer, ApiRequest, operation
from server.api.versions import VersionBody

TAG = "texts"
VERSIONS = "/api/v1/ideas/{ref}/versions"


class NameBody(BaseModel):
    """What the version is to be called."""

    model_config = ConfigDict(extra="forbid")

    # White space around does not count; what is too long after that is refused by the rules.
    name: str = Field(min_length=1, max_length=2 * NAME_CHARS_MAX)
    note: str = Field(default="", max_length=2 * NOTE_CHARS_MAX)


class Named(BaseModel):
    """A version with its name; ``version`` is how other operations take it."""

    id: UUID
    version: str = Field(pattern=NAME)
    name: str
    note: str


class RestoreBody(BaseModel):
    """Why, and which sections (``title`` is one); without any: the whole text."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=2 * REASON_CHARS_MAX)
    sections: list[Annotated[str, Field(max_length=64)]] = Field(
        default_factory=list, max_length=50
    )


class RestoredOut(BaseModel):
    """What was brought back; ``replaced`` is the kept version of the text before."""

    text_version: VersionBody
    replaced: VersionBody


@operation(
    "POST", VERSIONS + "/named", tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429)
)
async def name_version(request: ApiRequest, ref: str, body: NameBody) -> Annotated[Answer, Named]:
    """Keep the text as it is now for ever, under a name."""
    row = await naming.name_version(
        request.services, request.actor, ref, name=body.name, note=body.note
    )
    version = f"{row.epoch}.{row.seq}"
    made = Named(id=row.id, version=version, name=row.name, note=row.note)
    return Answer(made, headers={"Location": f"/api/v1/ideas/{ref}/text?version={version}"})


@operation("PATCH", VERSIONS + "/named/{named_id}", tag=TAG, refusals=(401, 403, 404, 422, 429))
async def rename_version(request: ApiRequest, ref: str, named_id: UUID, body: NameBody) -> None:
    """Call a version something else; for who named it."""
    await naming.rename_version(
        request.services, request.actor, ref, named_id, name=body.name, note=body.note
    )


@operation(
    "POST", VERSIONS + "/{version}/restore", tag=TAG, refusals=(401, 403, 404, 409, 422, 429)
)
async def restore_version(
    request: ApiRequest, ref: str, version: str, body: RestoreBody
) -> RestoredOut:
    """Make the text read as in a kept version, in one's own name; what was there is kept."""
    found = await restoring.restore_text(
        request.services, request.actor, ref, version, reason=body.reason, sections=body.sections
    )
    return RestoredOut(
        text_version=VersionBody.of(found.version), replaced=VersionBody.of(found.replaced)
    )


operations = [name_version, rename_version, restore_version]
