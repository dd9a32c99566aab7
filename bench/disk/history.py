"""What people typed, what they were promised, what they saw; and whether a text keeps to it."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from websockets.exceptions import InvalidHandshake

from tests.harness.actor import Actor
from tests.harness.ideas import FREE_SECTION

BEGINNING = "Anfang "
TOKEN = re.compile(r"⟨[a-z]+[0-9]+🌳⟩")
UNACKNOWLEDGED_MAX = 8
PAUSE_S = 0.004
RETURN_S = 0.05
RETURNS_MAX = 600


class Author:
    """Types one unmistakable token after the other, and comes back whenever he is sent away."""

    def __init__(self, actor: Actor, name: str) -> None:
        self.actor = actor
        self.name = name
        self.returns = 0
        self.close_codes: Counter[int] = Counter()
        self._tokens: list[tuple[str, int]] = []
        self._is_stopping = False

    @property
    def typed(self) -> list[str]:
        """Every token typed so far."""
        return [token for token, _ in self._tokens]

    @property
    def acknowledged(self) -> set[str]:
        """The tokens that the server has acknowledged."""
        return {token for token, clock in self._tokens if clock <= self.actor.acknowledged}

    @property
    def seen(self) -> set[str]:
        """Everybody's tokens that this author was shown."""
        return set(TOKEN.findall(self.actor.text.read(FREE_SECTION))) - set(self.typed)

    async def type_on(self, rng: random.Random) -> None:
        """Type and come back, until told to stop."""
        self._is_stopping = False
        while not self._is_stopping:
            if not self.actor.is_connected:
                self._note_close()
                if not await self._has_come_back():
                    continue
            if len(self.typed) - len(self.acknowledged) < UNACKNOWLEDGED_MAX:
                await self._type()
            await asyncio.sleep(rng.random() * PAUSE_S)

    def stop(self) -> None:
        """Stop typing; what is typed stays to be sent."""
        self._is_stopping = True

    async def leave(self) -> None:
        """Close the socket, if it is still open."""
        await self.actor.disconnect()

    async def until_saved(self) -> None:
        """Come back as often as it takes until everything is acknowledged."""
        for _ in range(RETURNS_MAX):
            if self.actor.is_connected or await self._has_come_back():
                await self.actor.until(
                    lambda: self._is_saved or not self.actor.is_connected, f"{self.name} is saved"
                )
            if self._is_saved:
                return
        raise TimeoutError(f"{self.name} could not save: {dict(self.close_codes)}")

    @property
    def _is_saved(self) -> bool:
        return self.actor.acknowledged >= self.actor.text.clock

    async def until_reads(self, text: str) -> None:
        """Wait until the own copy is this text."""
        await self.actor.until(
            lambda: self.actor.text.read(FREE_SECTION) == text,
            f"{self.name} reads what a newcomer reads",
        )

    async def _type(self) -> None:
        token = self._next_token()
        self.actor.text.append(FREE_SECTION, token)
        self._note(token)
        await self.actor.flush()

    def _next_token(self) -> str:
        return f"⟨{self.name}{len(self._tokens)}🌳⟩"

    def _note(self, token: str) -> None:
        """Keep in mind that it stands in the own copy, and at which clock."""
        self._tokens.append((token, self.actor.text.clock))

    def _note_close(self) -> None:
        if self.actor.close_code is not None:
            self.close_codes[self.actor.close_code] += 1

    async def _has_come_back(self) -> bool:
        await self.actor.disconnect()
        try:
            await self.actor.connect(is_waiting=False)
            await self.actor.until(
                lambda: self.actor.is_synced or not self.actor.is_connected, "an answer"
            )
        except (OSError, InvalidHandshake):
            await asyncio.sleep(RETURN_S)
            return False
        self.returns += self.actor.is_connected
        return self.actor.is_connected


def promised(authors: Sequence[Author]) -> set[str]:
    """What has to be there whatever happens: acknowledged to its author, or seen by another."""
    acknowledged = set[str]().union(*(author.acknowledged for author in authors))
    return acknowledged.union(*(author.seen for author in authors))


def faults(text: str, due: Iterable[str]) -> list[str]:
    """What is wrong with ``text`` if these tokens are due behind its beginning, once each."""
    there = Counter(TOKEN.findall(text))
    missing = sorted(set(due) - set(there))
    doubled = sorted(token for token, count in there.items() if count > 1)
    found = [f"{len(missing)} promised tokens are missing: {missing[:5]}"] if missing else []
    if doubled:
        found.append(f"tokens are there twice: {doubled[:5]}")
    if (other := TOKEN.sub("", text)) != BEGINNING:
        found.append(f"beside the tokens there is {other[:80]!r}")
    return found
