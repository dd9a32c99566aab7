"""Reactions to comments over the API."""

from uuid import UUID

from server.actions.talk import reactions as actions
from server.api.operation import ApiRequest, operation
from server.api.talk.bodies import MoodOut, ReactionBody
from server.api.talk.comments import ITEM, one_shown

TAG = "comments"


@operation("PUT", ITEM + "/reaction", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def react(request: ApiRequest, ref: str, comment_id: UUID, body: ReactionBody) -> MoodOut:
    """Say what one holds of a comment, in place of what one said before."""
    await actions.react(request.services, request.actor, ref, comment_id, body.reaction)
    return (await one_shown(request, ref, comment_id)).reactions


@operation("DELETE", ITEM + "/reaction", tag=TAG, refusals=(401, 403, 404, 409, 429))
async def take_back_reaction(request: ApiRequest, ref: str, comment_id: UUID) -> MoodOut:
    """Forget one's reaction to a comment; without one nothing happens."""
    await actions.take_back(request.services, request.actor, ref, comment_id)
    return (await one_shown(request, ref, comment_id)).reactions


operations = [react, take_back_reaction]
