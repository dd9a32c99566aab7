"""Moderating a live text over the API."""

from pydantic import BaseModel, ConfigDict

from server.actions.live import moderation as actions
from server.api.operation import ApiRequest, operation

TAG = "moderation"
MUTE = "/api/v1/ideas/{ref}/mutes/{handle}"


class Reason(BaseModel):
    """Why; the person reads it."""

    model_config = ConfigDict(extra="forbid")

    reason: str


@operation("PUT", MUTE, tag=TAG, refusals=(401, 403, 404, 409, 422))
async def mute(request: ApiRequest, ref: str, handle: str, body: Reason) -> None:
    """Take a person's pen away in this text, from the next keystroke on."""
    await actions.mute(request.services, request.actor, ref, handle=handle, reason=body.reason)


@operation("DELETE", MUTE, tag=TAG, refusals=(401, 403, 404, 422))
async def unmute(request: ApiRequest, ref: str, handle: str) -> None:
    """Let a muted person write again."""
    await actions.unmute(request.services, request.actor, ref, handle=handle)


class Reverting(BaseModel):
    """Whose text is taken back, and why."""

    model_config = ConfigDict(extra="forbid")

    handle: str
    reason: str


@operation("POST", "/api/v1/ideas/{ref}/reverts", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def revert_text(request: ApiRequest, ref: str, body: Reverting) -> None:
    """Take back what a person wrote or deleted in this text; the others' text stays."""
    await actions.revert_text(
        request.services, request.actor, ref, handle=body.handle, reason=body.reason
    )


operations = [mute, unmute, revert_text]
