"""Somebody who looks at an idea's page: hears on ``/live`` that talk has changed, and fetches it.

As the page does: a random moment after the notice within what the notice says, compressed, one
fetch at a time, and one more if something changed meanwhile. One connection is kept for the
fetches.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import time
from dataclasses import dataclass, field

from websockets.asyncio.client import connect

SPREAD_S = 0.5
"""As in web/src/live.ts."""


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True)
class Seen:
    """When each observer first saw each comment, by the mark in its text."""

    marks: dict[str, list[float]] = field(default_factory=dict)
    fetches: int = 0
    bytes_read: int = 0
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, mark: str, moment: float) -> None:
        """One observer has seen this comment for the first time."""
        self.marks[mark].append(moment)
        self._more.set()

    async def wait_for(self, count: int) -> None:
        """Until so many times somebody saw a comment."""
        while sum(map(len, self.marks.values())) < count:
            self._more.clear()
            await self._more.wait()


class Observer:
    """One page on the idea; a guest without a token."""

    def __init__(self, port: int, ref: str, seen: Seen, token: str = "") -> None:
        self.is_ready = asyncio.Event()
        self._port = port
        self._topic = f"idea:{ref}:comments"
        self._path = f"/ideas/{ref}/fragments/comments"
        self._seen = seen
        self._token = token
        self._known: set[str] = set()
        self._changed = asyncio.Event()
        self._spread_s = SPREAD_S

    async def look(self) -> None:
        """Look until cancelled."""
        url = f"ws://127.0.0.1:{self._port}/live"
        async with connect(
            url, additional_headers=self._named(), compression=None, proxy=None
        ) as socket:
            await socket.send(json.dumps({"subscribe": [self._topic]}))
            async with asyncio.TaskGroup() as group:
                group.create_task(self._fetch())
                async for message in socket:
                    notice = json.loads(message)
                    self._spread_s = notice.get("within", SPREAD_S * 1000) / 1000
                    if self._topic in notice.get("changed", ()):
                        self._changed.set()
                    elif "subscribed" in notice:
                        self.is_ready.set()

    async def _fetch(self) -> None:
        line = await _opened(self._port)
        try:
            while True:
                await self._changed.wait()
                await asyncio.sleep(random.random() * self._spread_s)
                self._changed.clear()
                try:
                    found = await self._ask(line)
                except (asyncio.IncompleteReadError, ConnectionError):
                    # Closed because nothing was asked for a while; browsers open another then.
                    line[1].close()
                    line = await _opened(self._port)
                    found = await self._ask(line)
                self._note(*found)
        finally:
            line[1].close()

    async def _ask(self, line: Line) -> tuple[bytes, int]:
        reader, writer = line
        named = "".join(f"{name}: {value}\r\n" for name, value in self._named().items())
        head = f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{named}"
        writer.write(f"{head}Accept-Encoding: gzip\r\n\r\n".encode())
        return await answer(reader)

    def _note(self, body: bytes, travelled: int) -> None:
        now = time.perf_counter()
        self._seen.fetches += 1
        self._seen.bytes_read += travelled
        for mark in self._seen.marks:
            if mark not in self._known and mark.encode() in body:
                self._known.add(mark)
                self._seen.note(mark, now)

    def _named(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}


async def _opened(port: int) -> Line:
    return await asyncio.open_connection("127.0.0.1", port)


async def answer(reader: asyncio.StreamReader) -> tuple[bytes, int]:
    """The body of one answer, and as how many bytes it came.

    Raises:
        RuntimeError: the server refused.
    """
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, *lines = head.split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines if line)
    body = await reader.readexactly(int(fields["content-length"]))
    if " 200 " not in status:
        raise RuntimeError(f"the server answered {status}: {body[:200]!r}")
    if fields.get("content-encoding") == "gzip":
        return gzip.decompress(body), len(body)
    return body, len(body)
