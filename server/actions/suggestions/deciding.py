"""Accept or decline suggested wording, for those who may write.

A suggestion that is accepted comes into the text in its author's name; who accepted it stands in
its row and its event. First it is claimed, so that of two people at once one brings it in; then
the live text takes it in a turn of its own, where its words stand; then it is settled. Whoever
dies in between leaves a claim that ends, and the client id by which the next one sees whether the
text has it already.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from collab.errors import Conflict, NotAllowed
from collab.process.actors import Actor
from collab.process.events.texts.suggestions import SuggestionAccepted, SuggestionDeclined
from collab.process.following.notices import NoticeReason
from collab.process.permissions import Action
from collab.process.suggestions.wording import CLAIM_S, SuggestionState, check_reason
from collab.sync.document import Document
from collab.sync.refusals import FrameRefused
from collab.sync.rooms.turns import ServerChange
from collab.sync.suggesting.blocks import nearest
from collab.sync.suggesting.writing import texts_in, words_update
from collab.sync.yjs.update import parse_state_vector
from server.actions.cases import Case, acting_case, tell
from server.actions.following.addressing import address
from server.actions.live.moderation import unused_client
from server.actions.suggestions.finding import require_in_sight, suggestion_of
from server.actions.suggestions.making import passage_of
from server.auth import limits
from server.realtime.access import grants
from server.realtime.rooms.loading import DocumentUnreadable
from server.services import Services
from storage import documents, ideas, people
from storage.database import Transaction
from storage.documents import Head
from storage.events import StoredEvent
from storage.suggestions import suggestions
from storage.suggestions.suggestions import Suggestion


@dataclass
class Bringing:
    """One attempt to bring a suggestion into the text, and what it found there."""

    row: Suggestion
    client: int
    head: Head
    by: Actor
    is_there: bool = False
    present: str = ""
    earlier: int | None = field(default=None)

    def make(self, document: Document) -> bytes | None:
        """The update, or None: it is there already, or its words are not."""
        known = parse_state_vector(document.state_vector())
        self.is_there = self.client in known or self.earlier in known
        if self.is_there:
            return None
        passage = passage_of(self.row)
        update = words_update(document, self.row.section, passage, self.row.text, self.client)
        if update is None:
            found = texts_in(document, self.row.section)
            self.present = nearest(found, passage.around)
        return update


async def accept_suggestion(
    services: Services, actor: Actor, ref: str, suggestion_id: UUID, *, revision: int
) -> Suggestion:
    """Bring the suggestion into the text, in its author's name.

    Raises:
        Conflict: (suggestion-settled) somebody was faster, ``winner`` says who;
            (suggestion-changed) its author changed it; (passage-changed) its words read otherwise
            now, ``present`` says how; (suggestion-refused) the text did not take it;
            (author-muted) its author may not write here any more; (suggestion-hidden) a moderator
            hid it. Nothing was changed.
        NotAllowed: one may not write in the text now.
    """
    await services.limiter.hit(limits.DECIDE_PER_PERSON, "decide", str(actor.person_id))
    bringing = await _claimed(services, actor, ref, suggestion_id, revision)
    head, row = bringing.head, bringing.row
    change = ServerChange(bringing.make, row.author_id, head.epoch, head.access_version)
    try:
        seq = await services.hub.apply_server_change(head.id, change)
    except (FrameRefused, DocumentUnreadable) as error:
        await _release(services, bringing)
        raise Conflict("suggestion-refused") from error
    except Exception:
        await _release(services, bringing)
        raise
    if seq is None and not bringing.is_there:
        await _release(services, bringing)
        raise Conflict("passage-changed", present=bringing.present, suggested=row.text)
    return await _accepted(services, actor, ref, bringing, seq)


async def decline_suggestion(
    services: Services, actor: Actor, ref: str, suggestion_id: UUID, *, reason: str
) -> Suggestion:
    """Decline the suggestion; its author learns why.

    Raises:
        Conflict: (suggestion-settled) somebody was faster, ``winner`` says who.
        Invalid: there is no reason, or it is too long.
    """
    because = check_reason(reason, is_needed=True)
    await services.limiter.hit(limits.DECIDE_PER_PERSON, "decide", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.EDIT_TEXT)
        row = await suggestion_of(tx, case, suggestion_id)
        require_in_sight(row)
        await _require_pen(tx, case)
        if not await suggestions.settle(
            tx,
            row.id,
            state=SuggestionState.DECLINED,
            by=case.person_id,
            now=now,
            decision=because,
        ):
            raise await _too_late(tx, row)
        event = await tell(tx, case, SuggestionDeclined(row.id, row.section), now)
        await address(tx, event, [row.author_id], NoticeReason.SUGGESTION)
        row = await suggestion_of(tx, case, suggestion_id)
    await services.announcer.announce([event])
    return row


async def may_decide(tx: Transaction, case: Case) -> bool:
    """Whether the actor may write in the text now, and so accept and decline."""
    if case.actor.person_id is None or not case.may(Action.EDIT_TEXT):
        return False
    return await _holds_pen(tx, case)


async def _claimed(
    services: Services, actor: Actor, ref: str, suggestion_id: UUID, revision: int
) -> Bringing:
    """Make sure that nobody else brings it in."""
    now, client = services.clock(), unused_client(())
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.EDIT_TEXT)
        row = await suggestion_of(tx, case, suggestion_id)
        require_in_sight(row)
        await _require_pen(tx, case)
        await _require_pen_of_author(tx, case, row)
        earlier = row.client
        if not await suggestions.claim(
            tx,
            row.id,
            revision=revision,
            by=case.person_id,
            client=client,
            now=now,
            stale_before=now - timedelta(seconds=CLAIM_S),
        ):
            raise await _too_late(tx, row)
        head = (await documents.heads(tx, [case.idea.document_id]))[case.idea.document_id]
    return Bringing(row, client, head, actor, earlier=earlier)


async def _accepted(
    services: Services, actor: Actor, ref: str, bringing: Bringing, seq: int | None
) -> Suggestion:
    """Settle what is in the text; also if the stage has moved meanwhile, for the text has it."""
    now, head = services.clock(), bringing.head
    told: list[StoredEvent] = []
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.READ_IDEA)
        current = (await documents.heads(tx, [head.id]))[head.id]
        since = current.seq if seq is None else seq
        if await suggestions.accepted(
            tx, bringing.row.id, client=bringing.client, epoch=head.epoch, seq=since, now=now
        ):
            await ideas.touch(tx, case.idea.id, now)
            fact = SuggestionAccepted(bringing.row.id, bringing.row.section)
            event = await tell(tx, case, fact, now)
            await address(tx, event, [bringing.row.author_id], NoticeReason.SUGGESTION)
            told.append(event)
        row = await suggestions.get(tx, bringing.row.id)
        assert row is not None, "suggestions are not deleted"
    await services.announcer.announce(told)
    return row


async def _release(services: Services, bringing: Bringing) -> None:
    async with services.database.write() as tx:
        await suggestions.release(tx, bringing.row.id, client=bringing.client)


async def _require_pen(tx: Transaction, case: Case) -> None:
    if not await _holds_pen(tx, case):
        raise NotAllowed("not-allowed", action=Action.EDIT_TEXT.value, stage=case.idea.stage)


async def _holds_pen(tx: Transaction, case: Case) -> bool:
    found = await grants(tx, case.idea.document_id, [case.person_id])
    return found[case.person_id].write


async def _require_pen_of_author(tx: Transaction, case: Case, row: Suggestion) -> None:
    """Whom a moderator took the pen from writes nothing, by nobody's hand."""
    found = await grants(tx, case.idea.document_id, [row.author_id])
    if found[row.author_id].reason in {"muted", "quarantined"}:
        raise Conflict("author-muted")


async def _too_late(tx: Transaction, row: Suggestion) -> Conflict:
    """Who was faster, and with what."""
    if row.state == SuggestionState.OPEN:
        return Conflict("suggestion-changed", current=row.revision)
    named = await people.named(tx, [row.decided_by] if row.decided_by else [])
    winner = named[row.decided_by].name if row.decided_by in named else ""
    return Conflict("suggestion-settled", current=row.state, winner=winner)
