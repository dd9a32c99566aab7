"""The figures of moderation for everybody."""

from datetime import date, datetime, time, timedelta
from typing import Final

from collab.process.abuse.figures import Case, Month, figures
from collab.process.abuse.hidings import AppealState
from collab.process.abuse.reports import Ground, Outcome
from collab.process.calendar.berlin import BERLIN
from server.services import Services
from storage.abuse import hidings, reports

MONTHS: Final = 12


async def moderation_figures(services: Services) -> list[Month]:
    """The last twelve months, the newest first."""
    days = _first_days(services.clock().astimezone(BERLIN).date())
    since = datetime.combine(days[-1], time(), BERLIN)
    async with services.database.read() as tx:
        came, cases = await reports.since(tx, since)
        appeals = await hidings.appeals_since(tx, since)
    return figures(
        [(at.astimezone(BERLIN), ground) for at, ground in came],
        [
            Case(
                each.opened_at,
                each.decided_at.astimezone(BERLIN) if each.decided_at else None,
                each.outcome,
            )
            for each in cases
        ],
        [(at.astimezone(BERLIN), state) for at, state in appeals],
        [f"{day.year:04d}-{day.month:02d}" for day in days],
        grounds=list(Ground),
        outcomes=list(Outcome),
        appeal_states=list(AppealState),
    )


def _first_days(today: date) -> list[date]:
    """The first days of this month and those before it."""
    days = [today.replace(day=1)]
    while len(days) < MONTHS:
        days.append((days[-1] - timedelta(days=1)).replace(day=1))
    return days
