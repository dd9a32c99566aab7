"""People outside the team review what its idea pays into; the team answers doubts and questions."""

from uuid import UUID, uuid4

from collab.errors import Conflict, NotAllowed, NotFound
from collab.process.actors import Actor
from collab.process.alignment.statements import Goal, Verdict, check_answer, check_review
from collab.process.events.ties.alignment import AlignmentAnswered, AlignmentReviewed
from collab.process.permissions import Action
from server.actions.cases import acting_case, tell
from server.actions.facts.case import team_ids
from server.auth import limits
from server.services import Services
from storage import ideas
from storage.process.ties import alignment
from storage.process.ties.alignment import AlignmentReview


async def review(
    services: Services,
    actor: Actor,
    ref: str,
    goal: Goal,
    *,
    revision: int,
    verdict: str,
    text: str,
) -> None:
    """Say what one holds of a statement, in place of what one said of this revision before.

    Raises:
        Conflict: (statement-moved) it says something else by now.
        NotAllowed: (reviewer-in-team) nobody reviews an idea of his own team.
        NotFound: (statement-unknown) there is no such statement.
    """
    checked, said = check_review(verdict, text)
    now = services.clock()
    await services.limiter.hit(limits.ALIGN_PER_PERSON, "review", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.REVIEW_ALIGNMENT)
        stated = await alignment.latest(tx, case.idea.id, *goal)
        if stated is None or stated.is_withdrawn:
            raise NotFound("statement-unknown")
        if case.person_id in await team_ids(tx, case.idea.id):
            raise NotAllowed("reviewer-in-team")
        if stated.revision != revision:
            raise Conflict("statement-moved", current=stated.revision)
        made = await alignment.review(
            tx, stated, case.person_id, review_id=uuid4(), verdict=checked, text=said, now=now
        )
        if made is None:
            return
        await ideas.touch(tx, case.idea.id, now)
        event = await tell(tx, case, AlignmentReviewed(*goal, checked), now)
    await services.announcer.announce([event])


async def answer(
    services: Services, actor: Actor, ref: str, review_id: UUID, *, text: str
) -> AlignmentReview:
    """Answer a doubt or a question for the team; the first answer stays.

    Raises:
        Conflict: (already-answered) somebody of the team did; (nothing-to-answer) it agrees.
        NotFound: (review-unknown) there is no such review here.
    """
    said, now = check_answer(text), services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.ALIGN)
        found = await alignment.get_review(tx, case.idea.id, review_id)
        if found is None:
            raise NotFound("review-unknown")
        if found.verdict == Verdict.AGREE:
            raise Conflict("nothing-to-answer")
        if not await alignment.answer(tx, review_id, text=said, by=case.person_id, now=now):
            raise Conflict("already-answered", current=found.answer)
        await ideas.touch(tx, case.idea.id, now)
        fact = AlignmentAnswered(found.catalogue_id, found.entry_id)
        event = await tell(tx, case, fact, now)
        answered = await alignment.get_review(tx, case.idea.id, review_id)
        assert answered is not None, "it has just been answered"
    await services.announcer.announce([event])
    return answered
