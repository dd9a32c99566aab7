"""Reactions: what somebody holds of a comment, in a word; given, changed, taken back.

They are no acts: nothing follows from them, so no event is written, and who agreed with whom is
in no log. Open pages are told that the talk has changed once it is committed.
"""

from uuid import UUID

from collab.errors import Conflict
from collab.process.actors import Actor
from collab.process.events.event import idea_topic
from collab.process.permissions import Action
from collab.process.talk.reactions import Cast, check_reaction
from server.actions.cases import Case, acting_case
from server.actions.talk.comments import comment_of
from server.auth import limits
from server.services import Services
from storage.database import Transaction
from storage.talk import reactions
from storage.talk.comments import Comment


async def react(
    services: Services, actor: Actor, ref: str, comment_id: UUID, reaction: str
) -> Comment:
    """React to a comment, in place of what one said before; the same again changes nothing.

    Raises:
        Invalid: there is no such reaction.
        NotFound: the comment is not there, or deleted.
        Conflict: (comment-hidden) it is hidden.
    """
    found = check_reaction(reaction)
    await services.limiter.hit(limits.REACT_PER_PERSON, "react", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.COMMENT)
        comment = await standing(tx, case, comment_id)
        if await reactions.get(tx, comment.id, case.person_id) == found:
            return comment
        cast = Cast(comment.id, case.person_id, found)
        await reactions.put(tx, case.idea.id, cast, services.clock())
    _tell_pages(services, case)
    return comment


async def take_back(services: Services, actor: Actor, ref: str, comment_id: UUID) -> Comment:
    """Forget one's reaction to a comment; without one nothing happens."""
    await services.limiter.hit(limits.REACT_PER_PERSON, "react", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.COMMENT)
        comment = await standing(tx, case, comment_id)
        is_gone = await reactions.take_back(tx, comment.id, case.person_id)
    if is_gone:
        _tell_pages(services, case)
    return comment


def _tell_pages(services: Services, case: Case) -> None:
    services.live.touch_everywhere(idea_topic(case.idea.ref, "comments"))


async def standing(tx: Transaction, case: Case, comment_id: UUID) -> Comment:
    """The comment, if it is neither deleted nor hidden, so that something can be done with it."""
    comment = await comment_of(tx, case, comment_id)
    if comment.hidden_at is not None:
        raise Conflict("comment-hidden")
    return comment
