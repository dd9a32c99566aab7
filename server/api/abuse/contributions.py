"""Hiding, objecting and showing again, for whatever one person wrote; comments have their own."""

from uuid import UUID

from server.actions.abuse import appeals, hiding
from server.api.abuse.hidings import TAG, Answering, Appealing, Showing, StatementOut
from server.api.operation import ApiRequest, operation
from server.api.talk.bodies import Hiding

ITEM = "/api/v1/ideas/{ref}/contributions/{target}/{target_id}"


@operation("POST", ITEM + "/hide", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def hide_contribution(
    request: ApiRequest, ref: str, target: str, target_id: UUID, body: Hiding
) -> None:
    """Hide a comment, a suggestion, a requirement or the words of a judgement, for moderators."""
    await hiding.hide(
        request.services,
        request.actor,
        ref,
        target,
        str(target_id),
        reason=body.reason,
        ground=body.ground,
    )


@operation("GET", ITEM + "/hiding", tag=TAG, refusals=(401, 404, 422))
async def read_contribution_hiding(
    request: ApiRequest, ref: str, target: str, target_id: UUID
) -> StatementOut:
    """The last statement of reasons, for who wrote it, moderators and auditors."""
    found = await appeals.statement_of(request.services, request.actor, ref, target, str(target_id))
    return StatementOut.of(found)


@operation("POST", ITEM + "/appeal", tag=TAG, refusals=(401, 404, 409, 422, 429))
async def appeal_contribution(
    request: ApiRequest, ref: str, target: str, target_id: UUID, body: Appealing
) -> None:
    """Object to the hiding of what one wrote oneself, once and within six months."""
    await appeals.appeal(
        request.services, request.actor, ref, target, str(target_id), words=body.words
    )


@operation("POST", ITEM + "/appeal/answer", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def answer_contribution_appeal(
    request: ApiRequest, ref: str, target: str, target_id: UUID, body: Answering
) -> None:
    """Decide on an appeal; for another moderator than who hid."""
    await appeals.answer_appeal(
        request.services,
        request.actor,
        ref,
        target,
        str(target_id),
        granted=body.granted,
        reason=body.reason,
    )


@operation("POST", ITEM + "/show", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def show_contribution(
    request: ApiRequest, ref: str, target: str, target_id: UUID, body: Showing
) -> None:
    """Show it again."""
    await hiding.show(
        request.services, request.actor, ref, target, str(target_id), reason=body.reason
    )


operations = [
    hide_contribution,
    read_contribution_hiding,
    appeal_contribution,
    answer_contribution_appeal,
    show_contribution,
]
