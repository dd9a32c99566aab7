"""Clears away what has served."""

from uuid import UUID

import structlog

from server.services import Services
from storage.retention.clearing import BY_ID
from storage.retention.clearing import clear as clear_period

log = structlog.get_logger(__name__)


async def clear(services: Services, item: UUID) -> None:
    """A piece of what one period lets go."""
    period = BY_ID[item]
    async with services.database.write() as tx:
        count = await clear_period(tx, period, services.clock())
    if count:
        log.info("cleared_away", table=period.table, what=period.name, rows=count)
