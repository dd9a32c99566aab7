"""Settling a thread, with the change of the text that settles it, and opening it again."""

from uuid import UUID, uuid4

from collab.errors import Invalid, NotAllowed
from collab.process.actors import Actor
from collab.process.events.talk import CommentResolved
from collab.process.permissions import Action
from collab.process.talk.settling import check_change, check_note
from server.actions.cases import Case, acting_case, open_case, tell
from server.actions.live.exact_text import ExactText, exact_text, text_at
from server.actions.talk.comments import comment_of, may_resolve
from server.auth import limits
from server.services import Services
from storage import documents, texts
from storage.database import Transaction
from storage.talk import beside, comments
from storage.talk.comments import Comment

Change = tuple[str, str]


async def resolve_comment(
    services: Services,
    actor: Actor,
    ref: str,
    comment_id: UUID,
    *,
    resolved: bool,
    note: str = "",
    since_comment: bool = False,
    change_from: str = "",
    change_to: str = "",
) -> Comment:
    """Mark a thread as settled, or open it again; for its author, the team and moderators.

    What settles it is said by a note, and by a change of the text: between two kept versions, or
    from the text as it read when the comment was written to that of now, which are kept then.

    Raises:
        Invalid: the note or a version is faulty, or the comment is a reply; names the field.
    """
    said, change = check_note(note), check_change(change_from, change_to)
    await services.limiter.hit(limits.SETTLE_PER_PERSON, "settle", str(actor.person_id))
    pins: tuple[ExactText, ...] = ()
    if resolved and since_comment and change is None:
        pins = await _since(services, actor, ref, comment_id)
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.COMMENT)
        comment = await comment_of(tx, case, comment_id)
        if comment.reply_to is not None:
            raise Invalid(fields={"resolved": "not-a-thread"})
        if not may_resolve(case, comment):
            raise NotAllowed
        if (comment.resolved_at is not None) is resolved:
            return comment
        now = services.clock()
        if resolved:
            for each in pins:
                await each.pin(tx, case.idea.document_id, services)
            if pins:
                change = _name(pins[0]), _name(pins[1])
            elif change is not None:
                await _require_kept(tx, case, change)
            await comments.resolve(tx, comment_id, case.person_id, now)
            await beside.settle(
                tx,
                case.idea.id,
                comment_id,
                resolution_id=uuid4(),
                by=case.person_id,
                note=said,
                change=change,
                now=now,
            )
        else:
            await comments.reopen(tx, comment_id)
            await beside.reopen(tx, comment_id, by=case.person_id, now=now)
        event = await tell(tx, case, CommentResolved(comment_id, resolved), now)
        comment = await comment_of(tx, case, comment_id)
    await services.announcer.announce([event])
    return comment


async def thread_to_settle(
    services: Services, actor: Actor, ref: str, comment_id: UUID
) -> tuple[Case, Comment, bool]:
    """The thread for somebody who may settle it, and whether the text was changed since."""
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.COMMENT)
        comment = await comment_of(tx, case, comment_id)
        if comment.reply_to is not None or not may_resolve(case, comment):
            raise NotAllowed
        document_id = case.idea.document_id
        head = (await documents.heads(tx, [document_id]))[document_id]
        then = await documents.seq_at(tx, document_id, head.epoch, comment.created_at)
    return case, comment, head.seq > then


async def _since(
    services: Services, actor: Actor, ref: str, comment_id: UUID
) -> tuple[ExactText, ...]:
    """The text of the comment's time and that of now; nothing if it reads the same."""
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.COMMENT)
        comment = await comment_of(tx, case, comment_id)
    now = await exact_text(services, case.idea.document_id)
    then = await text_at(services, case.idea.document_id, comment.created_at)
    if then is None or then.version.same_text(now.version):
        return ()
    return then, now


async def _require_kept(tx: Transaction, case: Case, change: Change) -> None:
    """Raise Invalid unless both are kept; who may read them is asked where they are shown."""
    faults = {}
    for field, name in zip(("change_from", "change_to"), change, strict=True):
        epoch, _, seq = name.partition(".")
        if await texts.pinned(tx, case.idea.document_id, int(epoch), int(seq)) is None:
            faults[field] = "unknown"
    if faults:
        raise Invalid(fields=faults)


def _name(text: ExactText) -> str:
    return f"{text.version.epoch}.{text.version.seq}"
