"""Comments: write, change, take back, settle. Each is one transaction with its event."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import Actor
from collab.process.dossier import TITLE
from collab.process.events.talk import (
    CommentAdded,
    CommentDeleted,
    CommentEdited,
)
from collab.process.permissions import Action
from collab.process.talk.comments import Anchor, check_kind, check_text
from collab.process.talk.mentions import check_mentions
from server.actions.abuse.slow import take_turn
from server.actions.cases import Case, acting_case, open_case, tell
from server.actions.talk.telling import name_people, tell_thread
from server.auth import limits
from server.services import Services
from storage import ideas
from storage.database import Transaction
from storage.process.ties import merging
from storage.talk import beside, comments
from storage.talk.comments import Comment

SAME_WITHIN: Final = timedelta(minutes=1)
"""The same words of the same person in this time are one comment that was sent twice."""

MERGES_LOOKED_AT: Final = 50
"""So many merges of an idea, the newest, are looked through for a comment that has moved."""


async def add_comment(
    services: Services,
    actor: Actor,
    ref: str,
    *,
    kind: str,
    text: str,
    anchor: Mapping[str, object] | None = None,
    reply_to: UUID | None = None,
) -> Comment:
    """Write a comment; a reply to a reply joins its thread.

    The same words in the same thread within a minute are the comment that stands there already:
    a form was sent twice.

    Raises:
        NotFound: the idea, or the comment replied to, is not there.
        Conflict: (comment-hidden) what is replied to is hidden.
        Invalid: the kind, text or anchor is faulty; names every field.
        Limited: the person writes faster than anybody can read, or than slow mode allows.
    """
    found_kind, stored_text = check_kind(kind), check_text(text)
    handles = check_mentions(stored_text)
    found_anchor = None if anchor is None else Anchor.from_json(dict(anchor))
    await services.limiter.hit(limits.COMMENT_PER_PERSON, "comment", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.COMMENT)
        _check_section(case, found_anchor)
        root = await _root(tx, case, reply_to)
        twice = await comments.same_lately(
            tx,
            case.idea.id,
            case.person_id,
            reply_to=root,
            text=stored_text,
            since=now - SAME_WITHIN,
        )
        if twice is not None:
            return twice
        await take_turn(tx, case, now)
        comment = await comments.add(
            tx,
            comment_id=uuid4(),
            idea_id=case.idea.id,
            author_id=case.person_id,
            kind=found_kind,
            text=stored_text,
            now=now,
            reply_to=root,
            anchor=found_anchor.to_json() if found_anchor else None,
        )
        named = await name_people(tx, case, comment.id, handles)
        await ideas.touch(tx, case.idea.id, now)
        event = await tell(tx, case, CommentAdded(comment.id, comment.kind, root), services.clock())
        await tell_thread(tx, case, event, named, root)
    await services.announcer.announce([event])
    return comment


async def edit_comment(
    services: Services, actor: Actor, ref: str, comment_id: UUID, *, text: str
) -> Comment:
    """Change the text of one's own comment; whom it names for the first time is told."""
    stored_text = check_text(text)
    handles = check_mentions(stored_text)
    # A change may name others anew, and each of them is told.
    await services.limiter.hit(limits.COMMENT_PER_PERSON, "comment", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.COMMENT)
        comment = await _own(tx, case, comment_id)
        if comment.hidden_at is not None:
            raise Conflict("comment-hidden")
        if comment.text == stored_text:
            return comment
        await comments.edit(tx, comment_id, stored_text, services.clock())
        named = await name_people(tx, case, comment_id, handles)
        event = await tell(tx, case, CommentEdited(comment_id), services.clock())
        await tell_thread(tx, case, event, named, None)
        comment = await comment_of(tx, case, comment_id)
    await services.announcer.announce([event])
    return comment


async def delete_comment(services: Services, actor: Actor, ref: str, comment_id: UUID) -> None:
    """Take one's own comment back: its text and quote are gone, replies stay."""
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.COMMENT)
        await _own(tx, case, comment_id)
        await comments.delete(tx, comment_id, services.clock())
        await beside.forget_mentions(tx, comment_id)
        event = await tell(tx, case, CommentDeleted(comment_id), services.clock())
    await services.announcer.announce([event])


def may_edit(case: Case, comment: Comment) -> bool:
    """Whether the actor may change or take back the comment: his own, while talk is open."""
    is_own = case.actor.person_id is not None and comment.author_id == case.actor.person_id
    return is_own and case.may(Action.COMMENT)


def may_resolve(case: Case, comment: Comment) -> bool:
    """Whether the actor may settle the thread that the comment begins."""
    if not case.may(Action.COMMENT):
        return False
    is_own = comment.author_id == case.actor.person_id
    return is_own or case.may(Action.HIDE_COMMENT) or case.may(Action.MANAGE_TEAM)


async def own_comment(
    services: Services, actor: Actor, ref: str, comment_id: UUID
) -> tuple[Case, Comment]:
    """One's own comment, for who wants to change it or take it back."""
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.COMMENT)
        return case, await _own(tx, case, comment_id)


async def _own(tx: Transaction, case: Case, comment_id: UUID) -> Comment:
    """The comment, if the actor wrote it."""
    comment = await comment_of(tx, case, comment_id)
    if not may_edit(case, comment):
        raise NotAllowed("not-your-comment")
    return comment


async def comment_of(tx: Transaction, case: Case, comment_id: UUID) -> Comment:
    """The comment if it belongs to the idea and is not deleted."""
    comment = await comments.get(tx, comment_id)
    if comment is None or comment.idea_id != case.idea.id or comment.deleted_at is not None:
        raise NotFound("comment-not-found")
    return comment


async def found_comment(tx: Transaction, case: Case, comment_id: UUID) -> tuple[Case, Comment]:
    """The comment where it is now: a merge has taken it, or has given it back."""
    comment = await comments.get(tx, comment_id)
    if comment is not None and comment.idea_id != case.idea.id:
        ways = await merging.of_idea(tx, case.idea.id, MERGES_LOOKED_AT)
        known = {each for row in ways for each in (row.source_id, row.target_id)}
        here = await ideas.get(tx, comment.idea_id)
        if here is not None and known.intersection({here.id, comment.origin_id}):
            case = await open_case(tx, case.actor, here.ref)
    return case, await comment_of(tx, case, comment_id)


async def _root(tx: Transaction, case: Case, reply_to: UUID | None) -> UUID | None:
    """The first comment of the thread that is replied to."""
    if reply_to is None:
        return None
    answered = await comment_of(tx, case, reply_to)
    root = await comment_of(tx, case, answered.reply_to) if answered.reply_to else answered
    if answered.hidden_at is not None or root.hidden_at is not None:
        raise Conflict("comment-hidden")
    return root.id


def _check_section(case: Case, anchor: Anchor | None) -> None:
    if anchor is not None and anchor.section not in {TITLE, *case.template.section_ids}:
        raise Invalid(fields={"anchor.section": "unknown"})
