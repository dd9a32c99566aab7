"""Answers to those who left an address with their report; then the address goes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from collab.process.abuse.reports import ADDRESS_KEPT_FOR
from server.language import language_of
from server.messages import mail_text
from server.refusals.moderation import OUTCOMES
from server.services import Services
from storage import ideas
from storage.abuse import reports
from storage.database import Transaction


class MailNotSent(Exception):
    """The answer did not leave; it is tried again later."""


async def answer(services: Services, report_id: UUID) -> None:
    """Mail what was decided, and keep the address no longer.

    The address is taken out first, so that of several processes one writes; a mail that does not
    leave puts it back. Raises:
        MailNotSent: it did not.
    """
    async with services.database.write() as tx:
        report = await reports.take_address(tx, report_id)
        if report is None or report.email is None:
            return
        case = await reports.get(tx, report.case_id)
        assert case is not None, "a report belongs to a case"
        assert case.outcome is not None, "only decided ones are due"
        idea = await ideas.get(tx, case.idea_id)
        assert idea is not None, "ideas are not deleted"
    language = language_of(report.language) or "de"
    catalogue = services.pages.catalogues[language]
    values = {
        "title": idea.title,
        "ref": idea.ref,
        "outcome": catalogue.gettext(OUTCOMES[case.outcome]),
        "reason": case.reason,
        "link": f"{services.settings.address}/ideas/{idea.ref}",
    }
    subject, text = mail_text("report-decided", catalogue, values)
    if not await services.mail.send(report.email, subject, text):
        async with services.database.write() as tx:
            await reports.put_address(tx, report_id, report.email)
        raise MailNotSent


async def to_forget(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
    """Reports whose address is older than an answer may take."""
    return await reports.to_forget(tx, now - ADDRESS_KEPT_FOR, limit)


async def forget(services: Services, report_id: UUID) -> None:
    """Take the address out of a report that nobody has decided for too long."""
    async with services.database.write() as tx:
        await reports.take_address(tx, report_id)
