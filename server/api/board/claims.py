"""Claims over the API."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from collab.process.board.claims import NOTE_CHARS_MAX, Held
from server.actions.board import claims as actions
from server.api.operation import ApiRequest, operation

TAG = "board"
CLAIM = "/api/v1/ideas/{ref}/claim"


class TakeOver(BaseModel):
    """From whom, as it was seen, and a word that he will read."""

    model_config = ConfigDict(extra="forbid")

    from_handle: str = Field(max_length=64)
    note: str = Field(max_length=2 * NOTE_CHARS_MAX)


class ClaimOut(BaseModel):
    """Who looks after the idea, and until when if nothing happens."""

    name: str
    until: datetime


@operation("PUT", CLAIM, tag=TAG, refusals=(401, 403, 404, 409))
async def claim(request: ApiRequest, ref: str) -> ClaimOut:
    """Look after an idea for a day; again begins the day anew. 409 names who does already."""
    return _out(await actions.claim(request.services, request.actor, ref))


@operation("DELETE", CLAIM, tag=TAG, refusals=(401, 403, 404))
async def release_claim(request: ApiRequest, ref: str) -> None:
    """Look after the idea no longer."""
    await actions.release(request.services, request.actor, ref)


@operation("POST", f"{CLAIM}/takeover", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def take_over_claim(request: ApiRequest, ref: str, body: TakeOver) -> ClaimOut:
    """Take a claim over; the note stays visible. 409 if somebody else holds it by now."""
    return _out(
        await actions.take_over(
            request.services, request.actor, ref, from_handle=body.from_handle, note=body.note
        )
    )


def _out(held: Held) -> ClaimOut:
    return ClaimOut(name=held.name, until=held.until)


operations = [claim, release_claim, take_over_claim]
