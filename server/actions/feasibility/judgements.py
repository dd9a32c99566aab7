"""Judging feasibility: one judgement per person and dimension, bound to the text that was seen.

While a round is open, only what it asks is judged, and only on its text. When a text has changed,
the person keeps his judgement, changes it by judging again, or takes it back.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from collab.errors import Conflict, NotFound
from collab.process.actors import Actor
from collab.process.events.feasibility.judging import JudgementKept, JudgementWithdrawn
from collab.process.events.talk import JudgementGiven
from collab.process.feasibility.dimensions import load_feasibility
from collab.process.feasibility.judgements import Declared, Expertise, check_judgement
from collab.process.feasibility.rounds import Disclosure, Round
from collab.process.permissions import Action
from collab.process.version import TextVersion
from server.actions.cases import Case, acting_case, open_case, tell
from server.actions.feasibility.sight import open_round
from server.actions.live.exact_text import seen_text
from server.auth import limits
from server.services import Services
from storage import ideas
from storage.database import Transaction
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
    declared: Declared | None = None,
    round_id: UUID | None = None,
) -> Judgement:
    """Give a judgement, in place of one's earlier one; the same again changes nothing.

    ``round_id`` is the round that the person believes to judge in, if any.

    Raises:
        Invalid: names every faulty field.
        Conflict: (text-version-unknown) nobody can have seen such a text; (round-closed,
            not-in-round, round-text, no-round) this is not what can be judged now.
    """
    stored_reason = check_judgement(dimension, verdict, confidence, reason)
    said = declared or Declared()
    # An earlier text may have to be made out of the whole log.
    await services.limiter.hit(limits.JUDGE_PER_PERSON, "judge", str(actor.person_id))
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.JUDGE)
    exact = await seen_text(services, case.idea.document_id, seen)
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.JUDGE)
        current = await _round_for(tx, case, dimension, exact.version, round_id, now)
        before = await judgements.get(tx, case.idea.id, dimension, case.person_id)
        found = current.id if current else None
        given = (verdict, confidence, stored_reason, exact.version.sha256, said, found)
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
            declared=said,
            round_id=found,
            now=now,
        )
        await ideas.touch(tx, case.idea.id, now)
        stored = await own(tx, case, dimension)
        fact = JudgementGiven(dimension, verdict, confidence, exact.version)
        if _is_hiding(current):
            fact = replace(fact, verdict=None, confidence=None)
        event = await tell(tx, case, fact, now)
    await services.announcer.announce([event])
    return stored


async def keep(
    services: Services, actor: Actor, ref: str, dimension: str, *, seen: TextVersion
) -> Judgement:
    """Hold of the text ``seen`` what one held of an earlier one; conditions stay as settled.

    Raises:
        NotFound: (judgement-unknown) there is no judgement to keep.
        Conflict: as for ``judge``.
    """
    await services.limiter.hit(limits.JUDGE_PER_PERSON, "judge", str(actor.person_id))
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.JUDGE)
        await own(tx, case, dimension)
    exact = await seen_text(services, case.idea.document_id, seen)
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.JUDGE)
        row = await own(tx, case, dimension)
        current = await _round_for(tx, case, dimension, exact.version, None, now)
        round_id = current.id if current else row.round_id
        is_later = (exact.version.epoch, exact.version.seq) > (row.epoch, row.seq)
        if not is_later and round_id == row.round_id:
            return row
        await exact.pin(tx, case.idea.document_id, services)
        await judgements.rebind(tx, row, exact.version, round_id, now)
        await ideas.touch(tx, case.idea.id, now)
        stored = await own(tx, case, dimension)
        event = await tell(tx, case, JudgementKept(dimension, exact.version), now)
    await services.announcer.announce([event])
    return stored


async def withdraw(services: Services, actor: Actor, ref: str, dimension: str) -> None:
    """Take a judgement back, with its words; a condition that it made stands no longer.

    How the condition had been settled stays on record, and does not hold for a later judgement.

    Raises:
        NotFound: (judgement-unknown) there is none.
    """
    await services.limiter.hit(limits.JUDGE_PER_PERSON, "judge", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.JUDGE)
        await judgements.withdraw(tx, await own(tx, case, dimension), now)
        await ideas.touch(tx, case.idea.id, now)
        event = await tell(tx, case, JudgementWithdrawn(dimension), now)
    await services.announcer.announce([event])


async def own(tx: Transaction, case: Case, dimension: str) -> Judgement:
    """The actor's judgement of the dimension; raises NotFound."""
    row = await judgements.get(tx, case.idea.id, dimension, case.person_id)
    if row is None:
        raise NotFound("judgement-unknown")
    return row


async def _round_for(
    tx: Transaction,
    case: Case,
    dimension: str,
    version: TextVersion,
    round_id: UUID | None,
    now: datetime,
) -> Round | None:
    """The round that a judgement of this text belongs to; none where none is open."""
    current = await open_round(tx, case, now)
    if round_id is not None and (current is None or current.id != round_id):
        raise Conflict("round-closed")
    if current is None:
        if not load_feasibility().rounds.judging_without:
            raise Conflict("no-round")
        return None
    if dimension not in current.dimensions:
        raise Conflict("not-in-round", current={"dimensions": list(current.dimensions)})
    if not current.version.same_text(version):
        raise Conflict("round-text", current=current.version.to_json())
    return current


def _is_hiding(current: Round | None) -> bool:
    if current is None:
        return load_feasibility().rounds.without is not Disclosure.OPEN
    return current.is_hiding


def _content(row: Judgement) -> tuple[str, str, str, str, Declared, UUID | None]:
    said = Declared(Expertise(row.expertise), row.expertise_note, row.own_interest, row.evidence)
    return row.verdict, row.confidence, row.reason, row.sha256, said, row.round_id
