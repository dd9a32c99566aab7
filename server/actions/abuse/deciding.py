"""What moderators do with cases of reports: look at them, and decide."""

from dataclasses import dataclass
from uuid import UUID

from collab.errors import Conflict, NotFound
from collab.process.abuse.reports import (
    Outcome,
    Target,
    check_ground,
    check_outcome,
    check_reason,
    require_impartial,
)
from collab.process.actors import IDEA_ROLES, Actor
from collab.process.events.conduct.abuse import ReportClaimed
from collab.process.permissions import Action, require
from server.actions.abuse.closing import close
from server.actions.abuse.hiding import contribution_at, hide_in
from server.actions.access import known
from server.actions.cases import Case, at_idea, tell
from server.services import Services
from storage import documents, ideas, people
from storage.abuse import reports
from storage.abuse.reports import ReportCase
from storage.database import Transaction

NOBODY = {"claimed_by": None, "claimed_at": None}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a case is to end; ``ground`` is the rule by which something is hidden."""

    outcome: str
    reason: str
    ground: str = ""


async def claim(services: Services, actor: Actor, case_id: UUID, *, taken: bool) -> None:
    """Say that one looks at a case, or no longer does; of two the later looks at it now.

    Raises:
        Conflict: (report-decided) there is nothing to look at any more.
    """
    require(Action.DECIDE_REPORTS, actor)
    person_id, now = known(actor), services.clock()
    async with services.database.write() as tx:
        case, row = await _acting(tx, actor, case_id)
        if not taken and row.claimed_by != person_id:
            return
        who = {"claimed_by": person_id, "claimed_at": now} if taken else NOBODY
        await reports.change(tx, row.id, **who)
        event = await tell(tx, case, ReportClaimed(row.id, taken), now)
    await services.announcer.announce([event])


async def decide(services: Services, actor: Actor, case_id: UUID, verdict: Verdict) -> None:
    """Decide all reports of one thing together.

    Raises:
        Conflict: (report-decided) somebody was quicker; ``winner`` says who.
        NotAllowed: (own-content) it is the actor's own, or his team's.
        Invalid: the outcome, ground or reason is faulty.
    """
    require(Action.DECIDE_REPORTS, actor)
    now = services.clock()
    async with services.database.write() as tx:
        case, row = await _acting(tx, actor, case_id)
        outcome = check_outcome(Target(row.target), verdict.outcome)
        reason = check_reason(verdict.reason)
        require_impartial(
            case.person_id, concerned=row.person_id, is_of_team=_is_of_team(case, row)
        )
        if outcome is Outcome.HIDDEN:
            require(Action.HIDE_COMMENT, case.actor, case.idea.stage)
            ground = check_ground(verdict.ground)
            found = await contribution_at(tx, case, Target(row.target), row.target_id)
            told = await hide_in(tx, case, found, ground, reason, now)
        else:
            told = [await close(tx, case, row, outcome, reason, now)]
    await services.announcer.announce(told)


def may_decide(case: Case, row: ReportCase) -> bool:
    """Whether the actor may decide this case: he is a moderator, and it is not his own."""
    is_own = case.actor.person_id == row.person_id or _is_of_team(case, row)
    return not is_own and case.actor.person_id is not None


def _is_of_team(case: Case, row: ReportCase) -> bool:
    return row.target == Target.SECTION and bool(case.actor.roles & IDEA_ROLES)


async def _acting(tx: Transaction, actor: Actor, case_id: UUID) -> tuple[Case, ReportCase]:
    """The open case and its idea, at which nobody else acts until ``tx`` ends."""
    found = await reports.get(tx, case_id)
    idea = await ideas.get(tx, found.idea_id) if found else None
    if idea is None:
        raise NotFound("report-not-found")
    await documents.lock_heads(tx, [idea.document_id])
    row, idea = await reports.get(tx, case_id), await ideas.get(tx, idea.id)
    assert row is not None, "cases are not deleted"
    assert idea is not None, "ideas are not deleted"
    if row.decided_by is not None:
        who = (await people.named(tx, [row.decided_by])).get(row.decided_by)
        winner = {"name": who.name if who else "", "outcome": row.outcome}
        raise Conflict("report-decided", winner=winner)
    return Case(idea, await at_idea(tx, actor, idea)), row
