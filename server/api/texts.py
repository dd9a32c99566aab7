"""The durable text of an idea over the API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from collab.errors import Conflict, NotFound
from collab.process.version import TextVersion
from collab.sync.text import (
    from_json,
    nodes_to_html,
    nodes_to_markdown,
    to_html,
    to_json,
    to_markdown,
)
from server.actions.cases import Case, open_case
from server.api.operation import ApiRequest, operation
from server.api.versions import VersionBody
from server.realtime.rooms.loading import DocumentUnreadable
from server.views.dossier import ReadText
from server.views.record.known import may_read_version
from storage import documents, texts

MEDIA = {"markdown": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8"}


class Wanted(BaseModel):
    """The form of the text, and which version."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["json", "markdown", "html"] = "json"
    version: Annotated[
        str | None,
        Field(
            pattern=r"^([0-9]{1,9}\.)?[0-9]{1,15}$",
            description="`seq` or `epoch.seq` of a pinned version; the current text without it.",
        ),
    ] = None


class TextOut(BaseModel):
    """Title and sections as nodes in ProseMirror's JSON shape, with the version they are."""

    ref: str
    title: str
    sections: dict[str, list[dict[str, Any]]]
    version: VersionBody
    redacted_at: datetime | None = Field(
        default=None,
        description="When passages were last erased from this version; the hash is that before.",
    )


@operation(
    "GET",
    "/api/v1/ideas/{ref}/text",
    tag="texts",
    media=tuple(MEDIA.values()),
    refusals=(404, 409, 422),
)
async def read_text(request: ApiRequest, ref: str, query: Wanted) -> TextOut:
    """The durable text by section, now or in a version that an act was bound to.

    409 (unreadable-document) if it cannot be read; it is never given as empty.
    """
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
    read = await (
        _current(request, case) if query.version is None else _pinned(request, case, query.version)
    )
    if query.format != "json":
        return _document(case, read, query.format)  # type: ignore[return-value]
    version = VersionBody.of(read.version)
    return TextOut(ref=ref, version=version, redacted_at=read.redacted_at, **to_json(read.text))


async def _current(request: ApiRequest, case: Case) -> ReadText:
    try:
        return ReadText(*await request.services.hub.text(case.idea.document_id))
    except DocumentUnreadable as error:
        raise Conflict("unreadable-document") from error


async def _pinned(request: ApiRequest, case: Case, wanted: str) -> ReadText:
    epoch, _, seq = wanted.rpartition(".")
    async with request.services.database.read() as tx:
        head = (await documents.heads(tx, [case.idea.document_id]))[case.idea.document_id]
        place = int(epoch or head.epoch), int(seq)
        row = await texts.pinned(tx, head.id, *place)
        may_read = await may_read_version(tx, case, *place)
    if row is None or not may_read:
        raise NotFound("text-version-unknown")
    version = TextVersion(row.epoch, row.seq, row.sha256)
    return ReadText(from_json(row.sections), version, redacted_at=row.redacted_at)


def _document(case: Case, read: ReadText, form: Literal["markdown", "html"]) -> Response:
    """The text as one document, its version in headers."""
    is_markdown = form == "markdown"
    parts = to_markdown(read.text) if is_markdown else to_html(read.text)
    version = read.version
    headers = {
        "Arena-Text-Version": f"{version.epoch}.{version.seq}",
        "ETag": f'"{version.sha256}"',
    }
    written = nodes_to_markdown if is_markdown else nodes_to_html
    body = [written([_heading(1, read.text.title)])]
    for section in case.template.sections:
        body += [written([_heading(2, section.label.de)]), parts.get(section.id, "")]
    content = "\n\n".join(part for part in body if part) + "\n"
    return Response(content, media_type=MEDIA[form], headers=headers)


def _heading(level: int, text: str) -> dict[str, Any]:
    words = [{"type": "text", "text": text}] if text else []
    return {"type": "heading", "attrs": {"level": level}, "content": words}


operations = [read_text]
