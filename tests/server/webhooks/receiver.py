"""A system on this machine that is told of events, and answers as a test wants."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

HUGE_CHUNK = b"x" * 65_536


@dataclass
class Request:
    """What arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)["data"]["event"]
        return found


@dataclass
class Receiver:
    """Notes each request and answers with ``answer``: a status, ``silent`` or ``huge``."""

    port: int = 0
    answer: int | str = 204
    location: str = ""
    requests: list[Request] = field(default_factory=list)
    at_once: int = 0
    at_once_most: int = 0
    tasks: set[Any] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def kinds(self) -> list[str]:
        return [json.loads(each.body)["type"] for each in self.requests]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tasks.add(asyncio.current_task())
        self.at_once += 1
        self.at_once_most = max(self.at_once, self.at_once_most)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.at_once -= 1
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        named = (line.split(": ", 1) for line in head[1:] if line)
        headers = {name.lower(): value for name, value in named}
        body = await reader.readexactly(int(headers["content-length"]))
        self.requests.append(Request(head[0].split(" ")[1], headers, body))
        if self.answer == "silent":
            await reader.read()
            return
        status = 200 if self.answer == "huge" else self.answer
        where = f"Location: {self.location}\r\n" if self.location else ""
        length = "" if self.answer == "huge" else "Content-Length: 0\r\n"
        writer.write(f"HTTP/1.1 {status} Well\r\n{where}{length}Connection: close\r\n\r\n".encode())
        await writer.drain()
        while self.answer == "huge":
            writer.write(HUGE_CHUNK)
            await writer.drain()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver that listens; whatever it still does ends with it."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in receiver.tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*receiver.tasks, return_exceptions=True)
