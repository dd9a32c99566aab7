"""Hiding a comment with a statement of reasons, and showing it again."""

from datetime import datetime
from uuid import UUID, uuid4

from collab.errors import Conflict, NotFound
from collab.process.abuse.hidings import AppealState
from collab.process.abuse.reports import Ground, check_ground, check_reason, require_impartial
from collab.process.actors import Actor
from collab.process.events.conduct.abuse import AppealDecided, CommentShown
from collab.process.events.talk import CommentHidden
from collab.process.following.notices import NoticeReason
from collab.process.permissions import Action
from server.actions.abuse.closing import close_about
from server.actions.cases import Case, acting_case, tell
from server.actions.following.addressing import address
from server.services import Services
from storage.abuse import hidings
from storage.abuse.hidings import Hiding
from storage.database import Transaction
from storage.events import StoredEvent
from storage.talk import comments
from storage.talk.comments import Comment


async def hide_comment(
    services: Services,
    actor: Actor,
    ref: str,
    comment_id: UUID,
    *,
    reason: str,
    ground: str = Ground.OTHER,
) -> Comment:
    """Hide a comment from everybody but its author and the moderators; the author reads why."""
    stored_reason, rule = check_reason(reason), check_ground(ground)
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.HIDE_COMMENT)
        comment = await comment_at(tx, case, comment_id)
        told = await hide_in(tx, case, comment, rule, stored_reason, now)
        comment = await comment_at(tx, case, comment_id)
    await services.announcer.announce(told)
    return comment


async def hide_in(
    tx: Transaction, case: Case, comment: Comment, ground: Ground, reason: str, now: datetime
) -> list[StoredEvent]:
    """Hide the comment in a transaction that has locked its idea; open reports end with it.

    Raises:
        Conflict: (already-hidden) somebody was quicker.
        NotAllowed: (own-content) nobody hides what is his own; he can delete it.
    """
    require_impartial(case.person_id, concerned=comment.author_id, is_of_team=False)
    if comment.hidden_at is not None:
        raise Conflict("already-hidden")
    await comments.hide(tx, comment.id, case.person_id, reason, now)
    await hidings.add(
        tx,
        id=uuid4(),
        comment_id=comment.id,
        idea_id=case.idea.id,
        author_id=comment.author_id,
        by=case.person_id,
        ground=ground.value,
        reason=reason,
        at=now,
    )
    event = await tell(tx, case, CommentHidden(comment.id, reason), now)
    await address(tx, event, [comment.author_id], NoticeReason.HIDDEN)
    return [event, *await close_about(tx, case, comment.id, reason, now)]


async def show_comment(
    services: Services, actor: Actor, ref: str, comment_id: UUID, *, reason: str
) -> None:
    """Show a hidden comment again, for a reason; an open appeal is granted by that.

    Raises:
        Conflict: (not-hidden) somebody was quicker.
        NotAllowed: (own-content) it is the actor's own.
    """
    stored_reason, now = check_reason(reason), services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.HIDE_COMMENT)
        comment, hiding = await hidden_at(tx, case, comment_id)
        require_impartial(case.person_id, concerned=comment.author_id, is_of_team=False)
        if hiding.appeal_state == AppealState.OPEN:
            told = await grant_in(tx, case, hiding, stored_reason, now)
        else:
            told = [await show_in(tx, case, hiding, stored_reason, now)]
            await address(tx, told[0], [comment.author_id], NoticeReason.HIDDEN)
    await services.announcer.announce(told)


async def grant_in(
    tx: Transaction, case: Case, hiding: Hiding, reason: str, now: datetime
) -> list[StoredEvent]:
    """Grant the open appeal: its comment is shown again, and its author is told."""
    answered = await answer_in(tx, case, hiding, AppealState.GRANTED, reason, now)
    return [answered, await show_in(tx, case, hiding, reason, now)]


async def answer_in(
    tx: Transaction, case: Case, hiding: Hiding, state: AppealState, reason: str, now: datetime
) -> StoredEvent:
    """Answer the open appeal."""
    if not await hidings.settle(
        tx, hiding.id, state=state, answer=reason, by=case.person_id, now=now
    ):
        raise Conflict("appeal-decided")
    event = await tell(tx, case, AppealDecided(hiding.comment_id, state.value, reason), now)
    await address(tx, event, [hiding.author_id], NoticeReason.APPEAL)
    return event


async def show_in(
    tx: Transaction, case: Case, hiding: Hiding, reason: str, now: datetime
) -> StoredEvent:
    """Show the comment again."""
    if not await hidings.close(tx, hiding.id, reason=reason, by=case.person_id, now=now):
        raise Conflict("not-hidden")
    await comments.show(tx, hiding.comment_id)
    return await tell(tx, case, CommentShown(hiding.comment_id, reason), now)


async def hidden_at(tx: Transaction, case: Case, comment_id: UUID) -> tuple[Comment, Hiding]:
    """A comment that is hidden now, with why.

    Raises:
        NotFound: there is no such comment at the idea.
        Conflict: (not-hidden) it can be read.
    """
    comment = await comment_at(tx, case, comment_id)
    hiding = await hidings.latest(tx, comment_id)
    if comment.hidden_at is None or hiding is None or hiding.shown_at is not None:
        raise Conflict("not-hidden")
    return comment, hiding


async def comment_at(tx: Transaction, case: Case, comment_id: UUID) -> Comment:
    """The comment if it belongs to the idea and is not deleted."""
    comment = await comments.get(tx, comment_id)
    if comment is None or comment.idea_id != case.idea.id or comment.deleted_at is not None:
        raise NotFound("comment-not-found")
    return comment
