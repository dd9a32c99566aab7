"""Two moderators decide about one idea at the same time, each at another node.

Whatever dies meanwhile, exactly one of them has decided, and the other is told who. Whose request
dies asks again with the same revision, at the next node, until he has an answer.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from tests.harness.api import Api

ANSWER_S: Final = 5
AGAIN_S: Final = 0.25
ASIDE: Final = "archived"
WORKED_ON: Final = "open"
FIRST_WAIT_S: Final = (0.0, 0.05)


@dataclass(frozen=True, slots=True)
class Told:
    """What one moderator was told in the end; ``winner`` is the reason of the act that counts."""

    reason: str
    has_decided: bool
    winner: str | None


@dataclass(frozen=True, slots=True)
class Bout:
    """One decision that two wanted to make, at the revision they had both seen."""

    revision: int
    told: Sequence[Told]


class Deciders:
    """Moderators who decide about the same idea again and again."""

    def __init__(
        self, ref: str, tokens: Sequence[str], origins: Sequence[str], rng: random.Random
    ) -> None:
        self.bouts: list[Bout] = []
        self.deaths = 0
        """How often a request had no answer that says what has become of it."""
        self._ref = ref
        self._tokens = tokens
        self._origins = origins
        self._rng = rng
        self._is_deciding = asyncio.Lock()

    async def decide(self) -> None:
        """Let all of them decide at once; returns when each knows what has become of it."""
        async with self._is_deciding:
            number = len(self.bouts)
            waits = [self._rng.uniform(*FIRST_WAIT_S) for _ in self._tokens]
            seen = await self._until_seen()
            wishes = [
                self._until_told(place, wait_s, seen, f"Beschluss {number} von {place}")
                for place, wait_s in enumerate(waits)
            ]
            self.bouts.append(Bout(seen["expected_revision"], await asyncio.gather(*wishes)))

    async def judge(self) -> list[str]:
        """What is wrong with the decisions, in the light of the idea's history."""
        async with Api(self._origins[0], self._tokens[0]) as api:
            history = await api.call("GET", f"/ideas/{self._ref}/stages")
        by_revision: dict[int, list[str]] = {}
        for change in history["changes"]:
            by_revision.setdefault(change["revision"], []).append(change["reason"])
        return [wrong for bout in self.bouts for wrong in faults(bout, by_revision)]

    async def _until_seen(self) -> dict[str, Any]:
        """What is decided on: the idea as it stands, read wherever somebody answers."""
        turn = 0
        while True:
            try:
                async with self._api(0, turn) as api:
                    idea, text = await api.idea(self._ref), await api.text(self._ref)
            except (httpx2.HTTPError, AssertionError):  # no answer, or one that says "later"
                turn += 1
                await asyncio.sleep(AGAIN_S)
                continue
            return {
                "to": WORKED_ON if idea["stage"] == ASIDE else ASIDE,
                "expected_revision": idea["revision"],
                "text_version": text["version"],
            }

    async def _until_told(
        self, place: int, wait_s: float, seen: Mapping[str, Any], reason: str
    ) -> Told:
        """Ask until there is an answer, at the own node first."""
        await asyncio.sleep(wait_s)
        turn = 0
        while True:
            try:
                async with self._api(place, turn) as api:
                    answer = await api.client.post(
                        f"/api/v1/ideas/{self._ref}/stage", json={**seen, "reason": reason}
                    )
            except httpx2.HTTPError:
                answer = None
            if answer is not None and answer.status_code < 500:
                return _told(reason, answer)
            self.deaths += 1
            turn += 1
            await asyncio.sleep(AGAIN_S)

    def _api(self, place: int, turn: int) -> Api:
        """The way of one moderator, who goes from node to node while nobody answers."""
        api = Api(self._origins[(place + turn) % len(self._origins)], self._tokens[place])
        api.client.timeout = ANSWER_S
        return api


def _told(reason: str, answer: httpx2.Response) -> Told:
    body = answer.json()
    if answer.status_code == 200:
        return Told(reason, has_decided=True, winner=body["reason"])
    winner = body.get("winner") or {}
    return Told(reason, has_decided=False, winner=winner.get("reason"))


def faults(bout: Bout, by_revision: Mapping[int, Sequence[str]]) -> list[str]:
    """What is wrong with one decision, if these acts led to each revision."""
    acts = by_revision.get(bout.revision + 1, [])
    where = f"decision on revision {bout.revision}"
    if len(acts) != 1:
        return [f"{where}: {len(acts)} acts, {list(acts)}"]
    if acts[0] not in {told.reason for told in bout.told}:
        return [f"{where}: decided by somebody else, {acts[0]!r}"]
    found = [
        f"{where}: {told.reason!r} was told that {told.winner!r} counts, but {acts[0]!r} does"
        for told in bout.told
        if told.winner != acts[0]
    ]
    winners = [told.reason for told in bout.told if told.has_decided]
    if len(winners) > 1:
        found.append(f"{where}: {winners} were all told to have decided")
    return found
