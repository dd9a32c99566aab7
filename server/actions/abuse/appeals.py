"""Objecting to a hiding, once, and the answer of somebody else than who hid."""

from dataclasses import dataclass
from uuid import UUID

from collab.errors import Conflict, NotFound
from collab.process.abuse.hidings import (
    AppealState,
    check_appeal,
    require_appealable,
    require_other,
)
from collab.process.abuse.reports import check_reason
from collab.process.actors import Actor
from collab.process.events.conduct.abuse import HidingAppealed
from collab.process.permissions import Action
from server.actions.abuse.hiding import answer_in, comment_at, grant_in, hidden_at
from server.actions.access import known
from server.actions.cases import Case, acting_case, open_case, tell
from server.auth import limits
from server.services import Services
from storage.abuse import hidings
from storage.abuse.hidings import Hiding
from storage.talk.comments import Comment


@dataclass(frozen=True, slots=True)
class Statement:
    """A hiding as those may read it whom it concerns."""

    case: Case
    comment: Comment
    hiding: Hiding

    @property
    def is_own(self) -> bool:
        return self.case.actor.person_id == self.comment.author_id


async def statement_of(services: Services, actor: Actor, ref: str, comment_id: UUID) -> Statement:
    """The last hiding of a comment, for its author, moderators and auditors.

    Raises:
        NotFound: it was never hidden, or is nothing to who asks.
    """
    known(actor)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        comment = await comment_at(tx, case, comment_id)
        hiding = await hidings.latest(tx, comment_id)
    if hiding is None:
        raise NotFound("comment-not-found")
    found = Statement(case, comment, hiding)
    if not (found.is_own or case.may(Action.HIDE_COMMENT) or _looks_on(case)):
        raise NotFound("comment-not-found")
    return found


async def appeal(
    services: Services, actor: Actor, ref: str, comment_id: UUID, *, words: str
) -> None:
    """Object to the hiding of one's own comment.

    Raises:
        Conflict: (not-hidden, already-appealed, appeal-over) there is nothing to object to.
        NotFound: there is no such comment of the actor's.
    """
    person_id, stored = known(actor), check_appeal(words)
    await services.limiter.hit(limits.APPEAL_PER_PERSON, "appeal", str(person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.READ_IDEA)
        comment = await comment_at(tx, case, comment_id)
        hiding = await hidings.latest(tx, comment_id)
        if hiding is None or comment.author_id != person_id:
            raise NotFound("comment-not-found")
        require_appealable(
            hidden_at=hiding.at,
            is_hidden=hiding.shown_at is None,
            appealed=hiding.appeal_state is not None,
            now=now,
        )
        await hidings.appeal(tx, hiding.id, stored, now)
        event = await tell(tx, case, HidingAppealed(comment_id), now)
    await services.announcer.announce([event])


async def answer_appeal(
    services: Services, actor: Actor, ref: str, comment_id: UUID, *, granted: bool, reason: str
) -> None:
    """Show the comment again, or leave it hidden, for a reason that its author reads.

    Raises:
        NotAllowed: (own-decision, own-content) somebody else must decide.
        Conflict: (appeal-decided, not-hidden) there is nothing to decide any more.
    """
    stored, now = check_reason(reason), services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.HIDE_COMMENT)
        comment, hiding = await hidden_at(tx, case, comment_id)
        require_other(case.person_id, hidden_by=hiding.by, author=comment.author_id)
        if hiding.appeal_state != AppealState.OPEN:
            raise Conflict("appeal-decided")
        if granted:
            told = await grant_in(tx, case, hiding, stored, now)
        else:
            told = [await answer_in(tx, case, hiding, AppealState.REJECTED, stored, now)]
    await services.announcer.announce(told)


def _looks_on(case: Case) -> bool:
    return case.may(Action.READ_AUDIT)
