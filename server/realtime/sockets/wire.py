"""The WebSocket protocol of the server: uvicorn's, with a bound on what one peer can make it parse.

Uvicorn stops reading once a message has come, but takes apart everything that came with it, and
it never stops for frames that are no message: 12 MB of empty fragments, sent by anybody, would
hold up everybody for half a minute. Here bytes are taken apart in small pieces while somebody
waits for them, and frames that carry nothing are counted.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

PIECE_BYTES = 4_096
IDLE_FRAMES_PER_S = 200.0
IDLE_FRAMES_BURST = 2_048.0
"""Pings, pongs and fragments; a message of 1 MiB in fragments of 512 bytes still passes."""


class BoundedProtocol(WebSocketsSansIOProtocol):
    """One WebSocket; a peer who floods it with idle frames is cut off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unread = bytearray()
        self._idle_frames = IDLE_FRAMES_BURST
        self._counted_at = self.loop.time()
        self._is_reading = False

    def data_received(self, data: bytes) -> None:
        self._unread += data
        self._read_on()

    async def receive(self) -> Any:
        message = await super().receive()
        self._read_on()
        return message

    async def send(self, message: Any) -> None:
        await super().send(message)
        # After a close the peer's own close may lie behind what nobody waits for any more.
        if self.close_sent:
            self._read_on()

    def handle_cont(self, event: Frame) -> None:
        if self._may_idle():
            super().handle_cont(event)

    def handle_ping(self) -> None:
        if self._may_idle():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        if self._may_idle():
            super().handle_pong(event)

    def handle_text(self, event: Frame) -> None:
        if not self.close_sent or self._may_idle():
            super().handle_text(event)

    def handle_bytes(self, event: Frame) -> None:
        if not self.close_sent or self._may_idle():
            super().handle_bytes(event)

    def _read_on(self) -> None:
        """Take apart what has come, until there is a message to be fetched."""
        if self._is_reading:
            return
        self._is_reading = True
        try:
            while self._unread and not self.read_paused and not self.transport.is_closing():
                piece = bytes(self._unread[:PIECE_BYTES])
                del self._unread[:PIECE_BYTES]
                super().data_received(piece)
        finally:
            self._is_reading = False

    def _may_idle(self) -> bool:
        """Count a frame that brings nobody anything; cut off who sends too many."""
        if self.transport.is_closing():
            return False
        now = self.loop.time()
        earned = (now - self._counted_at) * IDLE_FRAMES_PER_S
        self._idle_frames = min(IDLE_FRAMES_BURST, self._idle_frames + earned) - 1
        self._counted_at = now
        if self._idle_frames >= 0:
            return True
        # No farewell: he who floods does not read, and it would wait for him.
        self._unread.clear()
        self.transport.abort()
        return False
