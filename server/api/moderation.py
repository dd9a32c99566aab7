"""Moderating a live text over the API."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from server.actions.live import moderation as actions
from server.api.operation import ApiRequest, operation
from server.api.record.history import StepChange, step_change
from server.views.record.reverting import preview

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


class Reverted(BaseModel):
    """Whose text is concerned; with ``since`` only what was written from that moment on."""

    model_config = ConfigDict(extra="forbid")

    handle: str
    since: AwareDatetime | None = None


class Reverting(Reverted):
    """Whose text is taken back, and why."""

    reason: str


@operation("POST", "/api/v1/ideas/{ref}/reverts", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def revert_text(request: ApiRequest, ref: str, body: Reverting) -> None:
    """Take back what a person wrote or deleted in this text; the others' text stays."""
    await actions.revert_text(
        request.services,
        request.actor,
        ref,
        handle=body.handle,
        reason=body.reason,
        since=body.since,
    )


@operation(
    "POST", "/api/v1/ideas/{ref}/reverts/preview", tag=TAG, refusals=(401, 403, 404, 409, 422)
)
async def preview_revert(request: ApiRequest, ref: str, body: Reverted) -> StepChange:
    """What taking back a person's text would change; nothing is changed yet."""
    found = await preview(
        request.services, request.actor, ref, handle=body.handle, since=body.since
    )
    return step_change(found)


operations = [mute, unmute, revert_text, preview_revert]
