"""Two databases by mistake: nodes that serve the same address must share one installation.

The relay remembers for a while which installation serves an address. A node that finds another
one there refuses to start; where it is found later, the node is not ready.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

import structlog

from storage.relay.bus import Bus
from storage.relay.unavailable import RelayRefused, RelayUnavailable

log = structlog.get_logger(__name__)

CLAIM_S = 15
RENEW_S = 5.0


class Site:
    """The claim of one node: this address is served from this installation."""

    def __init__(self, bus: Bus, address: str, installation: UUID) -> None:
        self._bus = bus
        self._address = address
        self._installation = installation.hex
        self.why_not: str | None = None
        """What is wrong, if another installation serves the address."""

    async def claim(self) -> None:
        """Claim the address, or renew the claim.

        Raises:
            RelayRefused: another installation serves it.
        """
        try:
            found = await self._bus.claim(
                f"arena:site:{self._address}", self._installation, CLAIM_S
            )
        except RelayRefused:
            raise
        except RelayUnavailable:
            return  # nobody can be asked; the next time
        if found == self._installation:
            self.why_not = None
            return
        self.why_not = (
            f"Another Arena already serves {self._address} from another database. All nodes of "
            "one address need the same ARENA_DATABASE_URL; two arenas need an ARENA_BASE_URL each. "
            f"If the other was replaced on purpose, wait {CLAIM_S} seconds and start again."
        )
        raise RelayRefused(self.why_not)

    async def run(self) -> None:
        """Renew the claim for ever."""
        while True:
            await asyncio.sleep(RENEW_S)
            try:
                await self.claim()
            except RelayRefused as error:
                log.error("this node has another database", reason=str(error))
