"""The line between one node and one server, which can be cut or stalled.

It runs on a thread of its own, so that it moves bytes while the test waits for something.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from enum import Enum
from typing import Any

CHUNK_BYTES = 65_536
CALL_S = 10


class Line(Enum):
    """What the line does with bytes."""

    WHOLE = "whole"
    CUT = "cut"
    """Connections are reset, and so is whoever tries anew."""
    STALLED = "stalled"
    """Connections stay and are taken, but nothing moves: a cable that was pulled."""


class Forwarder:
    """A port of this machine that leads to another one."""

    def __init__(self) -> None:
        self.port = 0
        self._target = 0
        self._line = Line.WHOLE
        self._loop = asyncio.new_event_loop()
        self._flows: set[asyncio.Task[None]] = set()
        self._moves = asyncio.Event()
        self._moves.set()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self, target: int) -> None:
        """Listen on a free port and lead to the port ``target``."""
        self._target = target
        self._thread.start()
        self._call(self._listen())

    def cut(self) -> None:
        """Reset what is open, and everything that comes."""
        self._call(self._set(Line.CUT))

    def stall(self) -> None:
        """Move nothing any more, in either direction, and say nothing."""
        self._call(self._set(Line.STALLED))

    def heal(self) -> None:
        """Let through again; what was stalled goes on where it stood."""
        self._call(self._set(Line.WHOLE))

    def stop(self) -> None:
        """End everything."""
        if not self._thread.is_alive():
            return
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CALL_S)
        self._loop.close()

    # On the thread of the forwarder.

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(CALL_S)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _set(self, line: Line) -> None:
        self._line = line
        if line is Line.STALLED:
            self._moves.clear()
        else:
            self._moves.set()
        if line is Line.CUT:
            await self._end_flows()

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._end_flows()

    async def _end_flows(self) -> None:
        flows = list(self._flows)
        for flow in flows:
            flow.cancel()
        await asyncio.gather(*flows, return_exceptions=True)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        flow = asyncio.ensure_future(self._carry(reader, writer))
        self._flows.add(flow)
        flow.add_done_callback(self._flows.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._line is Line.CUT:
                return
            await self._moves.wait()
            with suppress(OSError):
                there = await asyncio.open_connection("127.0.0.1", self._target)
                try:
                    await self._both_ways((reader, writer), there)
                finally:
                    there[1].transport.abort()
        finally:
            writer.transport.abort()

    async def _both_ways(
        self,
        here: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        there: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        """Until one side ends; then the other is ended, too."""
        ways = [
            asyncio.ensure_future(self._move(here[0], there[1])),
            asyncio.ensure_future(self._move(there[0], here[1])),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _move(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK_BYTES):
            await self._moves.wait()
            writer.write(data)
            await writer.drain()
