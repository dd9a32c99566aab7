"""People who read pages and comment beside those who type; a comment is written once or not."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from typing import Final

import httpx2

from tests.harness.api import Api

PAGE_S: Final = (0.1, 0.6)
COMMENT_S: Final = (2.0, 5.5)
ANSWER_S: Final = 20
WORD: Final = re.compile(r"⟨k[0-9]+⟩")


class Visitors:
    """One reader of pages and one who comments, both led by the proxy."""

    def __init__(self, origin: str, ref: str, token: str) -> None:
        self.statuses: Counter[str] = Counter()
        """How requests ended: by status, or by the kind of error."""
        self.written: set[str] = set()
        """Comments that were said to be written."""
        self.sent = 0
        self._origin = origin
        self._ref = ref
        self._token = token
        self._is_over = asyncio.Event()

    async def visit(self, rng: random.Random) -> None:
        """Read and comment until told to stop."""
        self._is_over.clear()
        readings, writings = random.Random(rng.random()), random.Random(rng.random())
        await asyncio.gather(self._read_on(readings), self._write_on(writings))

    def stop(self) -> None:
        """Ask for nothing more."""
        self._is_over.set()

    async def judge(self) -> list[str]:
        """What is wrong with the comments: lost, or there twice."""
        there: Counter[str] = Counter()
        async with Api(self._origin, self._token) as api:
            page = await api.call("GET", f"/ideas/{self._ref}/comments")
            while True:
                there.update(WORD.findall(str([each["text"] for each in page["comments"]])))
                if page["earlier"] is None:
                    return comment_faults(there, self.written)
                earlier = f"?before={page['earlier']}"
                page = await api.call("GET", f"/ideas/{self._ref}/comments{earlier}")

    async def _read_on(self, rng: random.Random) -> None:
        async with self._api() as api:
            while not self._is_over.is_set():
                await self._ask(api, "GET", f"/ideas/{self._ref}")
                await self._pause(rng.uniform(*PAGE_S))

    async def _write_on(self, rng: random.Random) -> None:
        async with self._api() as api:
            while not self._is_over.is_set():
                word = f"⟨k{self.sent}⟩"
                self.sent += 1
                new = {"text": word}
                status = await self._ask(api, "POST", f"/api/v1/ideas/{self._ref}/comments", new)
                if status == 201:
                    self.written.add(word)
                await self._pause(rng.uniform(*COMMENT_S))

    async def _ask(
        self, api: Api, method: str, path: str, body: dict[str, str] | None = None
    ) -> int | None:
        """Ask once; nobody here asks again for what may have been done."""
        try:
            answer = await api.client.request(method, path, json=body)
        except httpx2.HTTPError as error:
            self.statuses[f"{method} {type(error).__name__}"] += 1
            return None
        self.statuses[f"{method} {answer.status_code}"] += 1
        return answer.status_code

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._is_over.wait()
        except TimeoutError:
            return

    def _api(self) -> Api:
        api = Api(self._origin, self._token)
        api.client.timeout = ANSWER_S
        return api


def comment_faults(there: Counter[str], written: set[str]) -> list[str]:
    """What is wrong if these comments are there and those were said to be written."""
    missing = sorted(written - set(there))
    doubled = sorted(word for word, count in there.items() if count > 1)
    found = [f"{len(missing)} written comments are missing: {missing[:5]}"] if missing else []
    return found + ([f"comments are there twice: {doubled[:5]}"] if doubled else [])
