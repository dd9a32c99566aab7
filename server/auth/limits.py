"""Limits on guessing and flooding over HTTP; kept in the memory of the process.

Sliding windows, so nobody is locked out for longer than his own attempts last. Limits by address
are wide, because a whole workshop may share one; what must be guessed has 256 bits or costs a
failed attempt.
"""

from typing import Final

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from collab.errors import Limited
from server.monitoring.metrics.http import rate_limited_total

FAILED_PER_ADDRESS: Final = parse("30/5minutes")
FAILED_PER_NAME_AND_ADDRESS: Final = parse("10/15minutes")
# From many addresses at once; wide, or strangers could lock somebody out for the price of it.
FAILED_PER_NAME: Final = parse("200/hour")
LINK_PER_ADDRESS: Final = parse("300/10minutes")
RESET_PER_ADDRESS: Final = parse("60/hour")
RESET_PER_PERSON: Final = parse("3/hour")
INVITE_PER_PERSON: Final = parse("500/hour")
CREATE_PER_PERSON: Final = parse("1000/hour")
COMMENT_PER_PERSON: Final = parse("1000/hour")
REACT_PER_PERSON: Final = parse("2000/hour")
SUGGEST_PER_PERSON: Final = parse("300/hour")
DECIDE_PER_PERSON: Final = parse("1000/hour")
SETTLE_PER_PERSON: Final = parse("1000/hour")
NAME_VERSION_PER_PERSON: Final = parse("200/hour")
JUDGE_PER_PERSON: Final = parse("1000/hour")
# Wide: a whole workshop may share one address, and many may report one thing.
REPORT_PER_ADDRESS: Final = parse("60/hour")
REPORT_PER_TARGET: Final = parse("60/hour")
APPEAL_PER_PERSON: Final = parse("60/hour")
OFFER_PER_PERSON: Final = parse("200/hour")
RELATE_PER_PERSON: Final = parse("1000/hour")
REFUSED_PER_PERSON: Final = parse("100/hour")
RECORD_PER_PERSON: Final = parse("1000/hour")
ALIGN_PER_PERSON: Final = parse("1000/hour")
ASK_PER_PERSON: Final = parse("200/hour")
PROFILE_PER_PERSON: Final = parse("200/hour")
LINK_IDEAS_PER_PERSON: Final = parse("1000/hour")
FOLLOW_PER_PERSON: Final = parse("1000/hour")
SEEN_PER_PERSON: Final = parse("3000/hour")
SIMILAR_PER_ADDRESS: Final = parse("1200/minute")
TICKET_PER_PERSON: Final = parse("600/minute")
NOTE_PER_PERSON: Final = parse("1000/hour")
DOT_PER_PERSON: Final = parse("1000/hour")
WORKSHOP_PER_PERSON: Final = parse("60/hour")
# Wide: everybody in a room comes in within minutes, over one address.
JOIN_PER_ADDRESS: Final = parse("1200/10minutes")
WRONG_RECEIPT_PER_PERSON: Final = parse("10/hour")
WRONG_RECEIPT_PER_ADDRESS: Final = parse("120/hour")
WRONG_CODE_PER_ADDRESS: Final = parse("120/10minutes")


class Limiter:
    """Counts acts by whoever commits them."""

    def __init__(self) -> None:
        self._strategy = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def hit(self, limit: RateLimitItem, *who: str) -> None:
        """Count one act of ``who``.

        Raises:
            Limited: there were too many; ``retry_after_s`` says when to come back.
        """
        if not await self._strategy.hit(limit, *who):
            raise _limited(limit)

    async def require(self, limit: RateLimitItem, *who: str) -> None:
        """Raise Limited if the next act of ``who`` would be one too many; counts nothing."""
        if not await self._strategy.test(limit, *who):
            raise _limited(limit)

    async def note(self, limit: RateLimitItem, *who: str) -> None:
        """Count one act of ``who`` that has happened."""
        await self._strategy.hit(limit, *who)

    async def forget(self, limit: RateLimitItem, *who: str) -> None:
        """Forget what ``who`` did, for instance after the right password."""
        await self._strategy.clear(limit, *who)


def _limited(limit: RateLimitItem) -> Limited:
    rate_limited_total.inc()
    return Limited(retry_after_s=limit.get_expiry() // limit.amount + 1)
