"""How far what is to leave Arena lags behind: numbers for those who watch it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from storage.abuse import reports
from storage.database import METADATA, Transaction

MAILING = METADATA.tables["mailing"]
WEBHOOK = METADATA.tables["webhook"]
DELIVERY = METADATA.tables["webhook_delivery"]


@dataclass(frozen=True, slots=True)
class Lag:
    """Seconds that the oldest due one is late, and how many there are."""

    mail_late_s: float = 0
    mails_waiting: int = 0
    webhook_late_s: float = 0
    webhooks_waiting: int = 0
    dead_letters: int = 0
    webhooks_failing: int = 0
    webhooks_off: int = 0


async def lag(tx: Transaction, now: datetime) -> Lag:
    """The lag at that moment; what waits for a system that is off is never late."""
    on = select(WEBHOOK.c.id).where(WEBHOOK.c.off_at.is_(None))
    mail_due, mails = (
        await tx.run(select(func.min(MAILING.c.next_at), func.count()).select_from(MAILING))
    ).one()
    answers, answer_due = await reports.answers_waiting(tx)
    webhook_due = (
        await tx.run(select(func.min(DELIVERY.c.next_at)).where(DELIVERY.c.webhook_id.in_(on)))
    ).scalar()
    states = select(DELIVERY.c.state, func.count()).group_by(DELIVERY.c.state)
    counted = {row[0]: row[1] for row in await tx.run(states)}
    return Lag(
        mail_late_s=max(_late(mail_due, now), _late(answer_due, now)),
        mails_waiting=mails + answers,
        webhook_late_s=_late(webhook_due, now),
        webhooks_waiting=counted.get("waiting", 0),
        dead_letters=counted.get("dead", 0),
        webhooks_failing=await _count(
            tx, and_(WEBHOOK.c.failing_since.is_not(None), WEBHOOK.c.off_at.is_(None))
        ),
        webhooks_off=await _count(tx, WEBHOOK.c.off_at.is_not(None)),
    )


def _late(due: Any, now: datetime) -> float:
    return 0 if due is None else max(0.0, (now - due).total_seconds())


async def _count(tx: Transaction, which: ColumnElement[bool]) -> int:
    return int((await tx.run(select(func.count()).select_from(WEBHOOK).where(which))).scalar_one())
