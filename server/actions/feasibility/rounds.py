"""Opening a round of judging, and closing it: for a reason, or because its day is over."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID, uuid4

from collab.errors import Conflict, NotFound
from collab.process.actors import GUEST, Actor
from collab.process.calendar.berlin import berlin_date
from collab.process.events.feasibility.judging import JudgementRoundClosed, JudgementRoundOpened
from collab.process.feasibility.dimensions import load_feasibility
from collab.process.feasibility.rounds import check_closing, check_round
from collab.process.permissions import Action
from collab.process.version import TextVersion
from server.actions.cases import Case, acting_case, open_case, tell
from server.actions.feasibility.sight import round_value
from server.actions.live.exact_text import seen_text
from server.auth import limits
from server.services import Services
from storage import documents, ideas
from storage.database import Transaction
from storage.events import StoredEvent
from storage.feasibility import judgements, rounds
from storage.feasibility.rounds import JudgementRound


async def open_round(
    services: Services,
    actor: Actor,
    ref: str,
    *,
    dimensions: Collection[str],
    disclosure: str,
    ends_on: date,
    seen: TextVersion,
) -> JudgementRound:
    """Let everybody judge these dimensions of exactly this text until the end of that day.

    Raises:
        Invalid: names every faulty field.
        Conflict: (round-open) there is one already; (text-version-unknown) no such text.
    """
    await services.limiter.hit(limits.JUDGE_PER_PERSON, "judge", str(actor.person_id))
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref, Action.HOLD_ROUND)
    now, template = services.clock(), load_feasibility()
    plan = check_round(
        dimensions,
        disclosure,
        ends_on,
        known=template.dimension_ids,
        rules=template.rounds,
        now=now,
    )
    exact = await seen_text(services, case.idea.document_id, seen)
    told: list[StoredEvent] = []
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.HOLD_ROUND)
        before = await rounds.unclosed(tx, case.idea.id)
        if before is not None:
            if round_value(before).is_open(now):
                raise Conflict("round-open")
            told.append(await _close(tx, _by_nobody(case), before, now))
        await exact.pin(tx, case.idea.document_id, services)
        row = await rounds.add(
            tx,
            id=uuid4(),
            idea_id=case.idea.id,
            dimensions=list(plan.dimensions),
            disclosure=plan.disclosure.value,
            epoch=exact.version.epoch,
            seq=exact.version.seq,
            sha256=exact.version.sha256,
            opened_by=case.person_id,
            opened_at=now,
            ends_at=plan.ends_at,
        )
        await ideas.touch(tx, case.idea.id, now)
        fact = JudgementRoundOpened(
            row.id,
            ",".join(plan.dimensions),
            plan.disclosure.value,
            berlin_date(plan.ends_at).isoformat(),
            exact.version,
        )
        told.append(await tell(tx, case, fact, now))
    await services.announcer.announce(told)
    return row


async def close_round(
    services: Services, actor: Actor, ref: str, round_id: UUID, *, reason: str
) -> JudgementRound:
    """Close a round before its day, for a reason that everybody reads.

    Raises:
        NotFound: (round-unknown) the idea had no such round.
        Conflict: (round-closed) it is over already.
    """
    why, now = check_closing(reason), services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.HOLD_ROUND)
        row = await rounds.get(tx, round_id)
        if row is None or row.idea_id != case.idea.id:
            raise NotFound("round-unknown")
        if not round_value(row).is_open(now):
            raise Conflict("round-closed")
        await ideas.touch(tx, case.idea.id, now)
        event = await _close(tx, case, row, now, why)
        closed = await rounds.get(tx, round_id)
        assert closed is not None, "rounds are not deleted"
    await services.announcer.announce([event])
    return closed


async def end_round(services: Services, round_id: UUID) -> None:
    """Close a round whose day is over; nothing if somebody was quicker."""
    now = services.clock()
    async with services.database.read() as tx:
        found = await rounds.get(tx, round_id)
        idea = await ideas.get(tx, found.idea_id) if found else None
    assert idea is not None, "a round is held at an idea"
    async with services.database.write() as tx:
        await documents.lock_heads(tx, [idea.document_id])
        row, idea = await rounds.get(tx, round_id), await ideas.get(tx, idea.id)
        assert row is not None, "rounds are not deleted"
        assert idea is not None, "nor is what they are held at"
        if row.closed_at is not None or round_value(row).is_open(now):
            return
        event = await _close(tx, Case(idea, GUEST), row, now)
    await services.announcer.announce([event])


async def _close(
    tx: Transaction, case: Case, row: JudgementRound, now: datetime, reason: str = ""
) -> StoredEvent:
    by = case.actor.person_id if reason else None
    await rounds.close(tx, row.id, now, by=by, reason=reason)
    given = await judgements.of_idea(tx, case.idea.id)
    people = len({each.person_id for each in given if each.round_id == row.id})
    return await tell(tx, case, JudgementRoundClosed(row.id, people, reason or None), now)


def _by_nobody(case: Case) -> Case:
    """The same case as the clock acts on it."""
    return Case(case.idea, GUEST)
