"""Answers to those who left an address with their report; then the address goes.

A report that was decided and still has an address is a mail that is to leave, from the commit of
the decision on. Whoever sends it takes it on first and forgets the address last: of a process that
dies between, another sends it again, with the same ``Message-ID``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.process.abuse.reports import ADDRESS_KEPT_FOR
from collab.process.following.mailing import ATTEMPTS_MAX, retry_at
from server.language import language_of
from server.mail import give_up, message_id
from server.messages import mail_text
from server.refusals.moderation import OUTCOMES
from server.services import Services
from storage import ideas
from storage.abuse import reports
from storage.abuse.reports import Report
from storage.database import Transaction

KIND: Final = "report"


async def answer(services: Services, report_id: UUID) -> None:
    """Mail what was decided, and keep the address no longer.

    A mail that does not leave is tried again like any other, then given up.
    """
    now = services.clock()
    async with services.database.write() as tx:
        report = await reports.with_address(tx, report_id)
        if report is None or (report.answer_next_at or now) > now:
            return
        attempt = report.answer_attempts + 1
        again = retry_at(attempt, now)
        # The last attempt is tried as long as one could still be under way elsewhere.
        if not await reports.try_now(tx, report, again or retry_at(1, now) or now):
            return
    has_left = attempt <= ATTEMPTS_MAX and await _send(services, report)
    if not has_left:
        if again is not None:
            return
        give_up(KIND)
    async with services.database.write() as tx:
        await reports.forget_address(tx, report_id)


async def to_forget(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
    """Reports whose address is older than an answer may take."""
    return await reports.to_forget(tx, now - ADDRESS_KEPT_FOR, limit)


async def forget(services: Services, report_id: UUID) -> None:
    """Take the address out of a report that nobody has decided for too long."""
    async with services.database.write() as tx:
        await reports.forget_address(tx, report_id)


async def _send(services: Services, report: Report) -> bool:
    """Write the answer and send it; whether it left."""
    assert report.email is not None, "only those with an address are due"
    async with services.database.read() as tx:
        case = await reports.get(tx, report.case_id)
        assert case is not None, "a report belongs to a case"
        assert case.outcome is not None, "only decided ones are due"
        idea = await ideas.get(tx, case.idea_id)
        assert idea is not None, "ideas are not deleted"
    catalogue = services.pages.catalogues[language_of(report.language) or "de"]
    values = {
        "title": idea.title,
        "ref": idea.ref,
        "outcome": catalogue.gettext(OUTCOMES[case.outcome]),
        "reason": case.reason,
        "link": f"{services.settings.address}/ideas/{idea.ref}",
    }
    subject, text = mail_text("report-decided", catalogue, values)
    name = message_id(f"{KIND}-{report.id.hex}", services.settings.address)
    return await services.mail.send(report.email, subject, text, {"Message-ID": name})
