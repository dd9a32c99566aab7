"""A wire whose transport is the test: what the server writes is heard, and nothing is a network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, Protocol, Side

from server.network.wire import Wire


@dataclass(frozen=True, slots=True)
class Closed:
    """The server said goodbye."""

    code: int
    reason: str


Heard = bytes | str | Closed


class TestTransport(asyncio.Transport):
    """Bytes that nobody takes until the test does; knows its marks as real transports do."""

    __test__ = False

    def __init__(self) -> None:
        super().__init__()
        self.written = bytearray()
        self.reads = True
        self.is_ended = False
        self.is_aborted = False
        self.is_stuck = False
        self.high = 65_536
        self.protocol: Any = None
        self.news = asyncio.Event()
        self._is_paused = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self.high = high or self.high

    def get_write_buffer_size(self) -> int:
        return len(self.written) if self.is_stuck else 0

    def write(self, data: Any) -> None:
        self.written += data
        self.news.set()
        if self.is_stuck and len(self.written) > self.high and not self._is_paused:
            self._is_paused = True
            self.protocol.pause_writing()

    def unstick(self) -> None:
        """The peer reads again."""
        self.is_stuck = False
        if self._is_paused:
            self._is_paused = False
            self.protocol.resume_writing()

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True

    def is_closing(self) -> bool:
        return self.is_ended

    def close(self) -> None:
        if not self.is_ended:
            self.is_ended = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    def abort(self) -> None:
        self.is_aborted = True
        self.close()


class Peer:
    """The other end of a wire, in the same event loop."""

    def __init__(self) -> None:
        self.transport = TestTransport()
        self.wire = Wire(self.transport, set(), b"")
        self.transport.protocol = self.wire
        self._client = Protocol(Side.CLIENT, state=OPEN)
        self._unheard: list[Heard] = []

    def say(self, message: bytes | str) -> None:
        """Send one message."""
        if isinstance(message, str):
            frame = Frame(Opcode.TEXT, message.encode())
        else:
            frame = Frame(Opcode.BINARY, message)
        self.say_raw(frame.serialize(mask=True))

    def say_raw(self, data: bytes) -> None:
        """Send bytes as they are, in whatever pieces."""
        self.wire.data_received(data)

    def hang_up(self) -> None:
        """The connection is gone without a word."""
        self.transport.is_ended = True
        self.wire.connection_lost(None)

    def heard(self) -> list[Heard]:
        """What the server has sent since the last time, message by message."""
        self._client.receive_data(bytes(self.transport.written))
        self.transport.written.clear()
        news = [said for event in self._client.events_received() if (said := _said(event))]
        heard, self._unheard = [*self._unheard, *news], []
        return heard

    async def until(self, is_it: Callable[[Heard], object]) -> Heard:
        """The next message that ``is_it``; what comes before is passed over."""
        async with asyncio.timeout(30):
            while True:
                self.transport.news.clear()
                heard = self.heard()
                for at, each in enumerate(heard):
                    if is_it(each):
                        self._unheard = heard[at + 1 :]
                        return each
                await self.transport.news.wait()


def _said(event: object) -> Heard | None:
    assert isinstance(event, Frame)
    data = bytes(event.data)
    if event.opcode is Opcode.CLOSE:
        return Closed(int.from_bytes(data[:2]), data[2:].decode())
    if event.opcode is Opcode.TEXT:
        return data.decode()
    return data if event.opcode is Opcode.BINARY else None
