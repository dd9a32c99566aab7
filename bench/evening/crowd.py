"""Those who look on from elsewhere: they come back when the server they looked at is gone."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import Final

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from bench.talk.observing import Observer

RETURN_S: Final = (0.2, 2.0)
LOST: Final = (OSError, ConnectionClosed, InvalidHandshake, asyncio.IncompleteReadError)


class Onlooker(Observer):
    """An open page on the idea that everybody looks at."""

    async def stay(self, rng: random.Random) -> None:
        """Look until cancelled; after a loss come back and fetch what was missed."""
        while True:
            with suppress(*LOST):
                try:
                    await self.look()
                except* LOST:
                    pass
            await asyncio.sleep(rng.uniform(*RETURN_S))
            self._changed.set()
