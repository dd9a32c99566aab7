"""Internal notes over the API: where their document is, and what stands in it."""

from pydantic import BaseModel

from collab.sync.text import to_markdown
from server.actions.board import notes as actions
from server.actions.board.notes import Notes
from server.api.operation import ApiRequest, operation
from server.api.versions import VersionBody
from server.realtime.holders import NOTES_ROOT

TAG = "board"
NOTES = "/api/v1/ideas/{ref}/notes"


class NotesOut(BaseModel):
    """The document that sockets open, its text, and which version of it that is."""

    document_id: str
    markdown: str
    version: VersionBody


@operation("PUT", NOTES, tag=TAG, refusals=(401, 403, 404, 409))
async def open_notes(request: ApiRequest, ref: str) -> NotesOut:
    """The internal notes on an idea; begun if there are none yet."""
    return await _out(request, await actions.open_notes(request.services, request.actor, ref))


@operation("GET", NOTES, tag=TAG, refusals=(401, 403, 404, 409))
async def read_notes(request: ApiRequest, ref: str) -> NotesOut:
    """The internal notes on an idea; 404 while nobody has begun any."""
    return await _out(request, await actions.existing_notes(request.services, request.actor, ref))


async def _out(request: ApiRequest, notes: Notes) -> NotesOut:
    text, version = await request.services.hub.text(notes.document_id)
    return NotesOut(
        document_id=notes.address,
        markdown=to_markdown(text)[NOTES_ROOT],
        version=VersionBody(epoch=version.epoch, seq=version.seq, sha256=version.sha256),
    )


operations = [open_notes, read_notes]
