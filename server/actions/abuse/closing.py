"""How a case of reports ends: for those who reported, and in the log."""

from datetime import datetime

from collab.errors import Conflict
from collab.process.abuse.reports import Outcome, Target
from collab.process.events.conduct.abuse import ReportsDecided
from collab.process.following.notices import NoticeReason
from server.actions.cases import Case, tell
from server.actions.following.addressing import address
from storage.abuse import reports
from storage.abuse.reports import ReportCase
from storage.database import Transaction
from storage.events import StoredEvent


async def close(
    tx: Transaction,
    case: Case,
    row: ReportCase,
    outcome: Outcome,
    reason: str,
    now: datetime,
) -> StoredEvent:
    """Close the case; whoever reported with his account is told.

    Who left an address gets a mail by the clock (``server.actions.abuse.answers``).
    """
    if not await reports.decide(
        tx, row.id, outcome=outcome, reason=reason, by=case.person_id, now=now
    ):
        raise Conflict("report-decided")
    fact = ReportsDecided(row.id, row.target, outcome.value, reason)
    event = await tell(tx, case, fact, now)
    await address(tx, event, await reports.reporters(tx, row.id), NoticeReason.REPORT)
    return event


async def close_about(
    tx: Transaction, case: Case, target: Target, target_id: str, reason: str, now: datetime
) -> list[StoredEvent]:
    """Close the open case about something that was hidden, if there is one."""
    row = await reports.open_of(tx, case.idea.id, target.value, target_id)
    return [await close(tx, case, row, Outcome.HIDDEN, reason, now)] if row else []
