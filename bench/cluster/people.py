"""People whose way to the server leads over a proxy: they lose it, wait longer, and come back."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Final

from websockets.exceptions import InvalidHandshake

from bench.disk.history import TOKEN, UNACKNOWLEDGED_MAX, Author
from tests.harness.actor import Actor
from tests.harness.ideas import FREE_SECTION

KEYSTROKE_S: Final = (0.02, 0.2)
AMID_ODDS: Final = 0.3
SHOWN_EVERY: Final = 4
STEP_S: Final = 0.02
PATIENCE_S: Final = 5.0
"""So long a client waits for any answer; then he lets go of the socket and comes back."""
RETURN_S: Final = 0.1
RETURN_S_MAX: Final = 2.0


class Roamer(Author):
    """An author who comes back through whatever node he is led to, with growing patience.

    What is not acknowledged he keeps and sends again. While ``may_return`` is not set he stays
    away, so that somebody can look whether the server holds what it has acknowledged.
    """

    def __init__(self, actor: Actor, name: str, may_return: asyncio.Event) -> None:
        super().__init__(actor, name)
        self._may_return = may_return
        self._attempts = 0
        self._heard_at = time.monotonic()
        self._heard = 0

    async def type_on(self, rng: random.Random) -> None:
        self._is_stopping = False
        while not self._is_stopping:
            is_ahead = len(self.typed) - len(self.acknowledged) >= UNACKNOWLEDGED_MAX
            if await self.is_there() and not is_ahead:
                await self._type_somewhere(rng)
                await asyncio.sleep(rng.uniform(*KEYSTROKE_S))
            else:
                await asyncio.sleep(STEP_S)

    async def is_saved(self) -> bool:
        """Whether everything is acknowledged; if he was away he has tried to come back."""
        return await self.is_there() and self._is_saved

    async def is_there(self) -> bool:
        """Whether he has a socket that answers; if not he has tried once to get one."""
        if self.actor.is_connected and not self._is_out_of_patience():
            if self.actor.is_shown_as_gone:
                await self.show()
            return True
        self._note_close()
        await self.actor.drop()
        await self._may_return.wait()
        if await reached(self.actor):
            self.returns += 1
            self._attempts = 0
            self._heard_at = time.monotonic()
            await self.show()
            return True
        self._attempts += 1
        await asyncio.sleep(min(RETURN_S * 2**self._attempts, RETURN_S_MAX))
        return False

    async def leave(self) -> None:
        await self.actor.drop()

    async def show(self) -> None:
        """Say that he is there, and where."""
        await self.actor.point({"cursor": {"anchor": len(self.typed)}})

    async def _type_somewhere(self, rng: random.Random) -> None:
        """Type at the end, or behind any token that is there."""
        if len(self.typed) % SHOWN_EVERY == 0:
            await self.show()
        amid, place = rng.random(), rng.random()
        ends = [found.end() for found in TOKEN.finditer(self.actor.text.read(FREE_SECTION))]
        if amid > AMID_ODDS or not ends:
            await self._type()
            return
        token = self._next_token()
        self.actor.text.splice(FREE_SECTION, [(ends[int(place * len(ends))], 0, token)])
        self._note(token)
        await self.actor.flush()

    def _is_out_of_patience(self) -> bool:
        """Whether something is typed and nothing was acknowledged for too long."""
        if self._is_saved or self.actor.acknowledged != self._heard:
            self._heard, self._heard_at = self.actor.acknowledged, time.monotonic()
        return time.monotonic() - self._heard_at > PATIENCE_S


class Reader:
    """Reads at one node, whatever happens to it."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._is_stopping = False

    @property
    def seen(self) -> set[str]:
        """Every token that he was shown."""
        return set(TOKEN.findall(self.actor.text.read(FREE_SECTION)))

    async def read_on(self) -> None:
        """Come back whenever the socket is lost, until told to stop."""
        while not self._is_stopping:
            is_there = self.actor.is_connected or await reached(self.actor)
            await asyncio.sleep(STEP_S if is_there else RETURN_S)

    def stop(self) -> None:
        """Stop coming back."""
        self._is_stopping = True


async def reached(actor: Actor) -> bool:
    """Whether the actor has opened a new socket and got the text, within his patience."""
    await actor.drop()
    try:
        async with asyncio.timeout(PATIENCE_S):
            await actor.connect(is_waiting=False)
            await actor.until(lambda: actor.is_synced or not actor.is_connected, "an answer")
    except (OSError, InvalidHandshake):  # a TimeoutError is an OSError
        await actor.drop()
        return False
    return actor.is_connected
