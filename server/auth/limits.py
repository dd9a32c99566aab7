"""Limits on guessing and flooding over HTTP; kept in the memory of the process.

Sliding windows, so nobody is locked out for longer than his own attempts last.
"""

from typing import Final

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from collab.errors import Limited

SIGN_IN_PER_ADDRESS: Final = parse("30/5minutes")
SIGN_IN_PER_NAME: Final = parse("10/15minutes")
LINK_PER_ADDRESS: Final = parse("20/10minutes")
RESET_PER_ADDRESS: Final = parse("10/hour")
RESET_PER_PERSON: Final = parse("3/hour")
CREATE_PER_PERSON: Final = parse("30/hour")
WRITE_PER_PERSON: Final = parse("60/minute")
TICKET_PER_PERSON: Final = parse("120/minute")


class Limiter:
    """Counts acts by whoever commits them."""

    def __init__(self) -> None:
        self._strategy = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def hit(self, limit: RateLimitItem, *who: str) -> None:
        """Count one act of ``who``.

        Raises:
            Limited: there were too many; ``retry_after_s`` says when to come back.
        """
        if await self._strategy.hit(limit, *who):
            return
        raise Limited(retry_after_s=limit.get_expiry() // limit.amount + 1)

    async def forget(self, limit: RateLimitItem, *who: str) -> None:
        """Forget what ``who`` did, for instance after the right password."""
        await self._strategy.clear(limit, *who)
