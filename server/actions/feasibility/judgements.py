"""Judging feasibility: one judgement per person and dimension, bound to the text that was seen."""

from collab.process.actors import Actor
from collab.process.events.talk import JudgementGiven
from collab.process.feasibility.judgements import check_judgement
from collab.process.permissions import Action
from collab.process.version import TextVersion
from server.actions.cases import acting_case, open_case, tell
from server.actions.live.exact_text import seen_text
from server.auth import limits
from server.services import Services
from storage import ideas
from storage.feasibility import judgements
from storage.feasibility.judgements import Judgement


async def judge(
    services: Services,
    actor: Actor,
    ref: str,
    dimension: str,
    *,
    verdict: str,
    confidence: str,
    reason: str,
    seen: TextVersion,
) -> Judgement:
    """Give a judgement, in place of one's earlier one; the same again changes nothing.

    Raises:
        Invalid: names every faulty field.
        Conflict: (text-version-unknown) nobody can have seen such a text.
    """
    stored_reason = check_judgement(dimension, verdict, confidence, reason)
    # An earlier text may have to be made out of the whole log.
    await services.limiter.hit(limits.JUDGE_PER_PERSON, "judge", str(actor.person_id))
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.JUDGE)
    exact = await seen_text(services, case.idea.document_id, seen)
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.JUDGE)
        before = await judgements.get(tx, case.idea.id, dimension, case.person_id)
        given = (verdict, confidence, stored_reason, exact.version.sha256)
        if before is not None and _content(before) == given:
            return before
        await exact.pin(tx, case.idea.document_id, services)
        await judgements.put(
            tx,
            idea_id=case.idea.id,
            dimension=dimension,
            person_id=case.person_id,
            verdict=verdict,
            confidence=confidence,
            reason=stored_reason,
            version=exact.version,
            now=now,
        )
        await ideas.touch(tx, case.idea.id, now)
        stored = await judgements.get(tx, case.idea.id, dimension, case.person_id)
        assert stored is not None
        fact = JudgementGiven(dimension, verdict, confidence, exact.version)
        event = await tell(tx, case, fact, now)
    await services.announcer.announce([event])
    return stored


def _content(row: Judgement) -> tuple[str, str, str, str]:
    return row.verdict, row.confidence, row.reason, row.sha256
