"""One open WebSocket: a bounded outbox with one writer, and a pace for its reader.

Nobody but the writer sends on the socket, so frames leave in order and a slow reader holds up
only himself.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from uuid import UUID

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

OUTBOX_BYTES_MAX = 1_048_576
OUTBOX_FRAMES_MAX = 4_096
BEHIND_S_MAX = 30.0
"""A reader who takes nothing for this long is sent away and may come back."""

FRAMES_PER_S = 150
FRAMES_BURST = 600
BYTES_PER_S = 1_048_576
BYTES_BURST = 4 * 1_048_576

CLOSE_MALFORMED = 1007
CLOSE_NOT_ALLOWED = 1008
CLOSE_TOO_BIG = 1009
CLOSE_GOING_AWAY = 1012
CLOSE_TRY_AGAIN_LATER = 1013
CLOSE_REFUSED = 4400
CLOSE_SIGN_IN = 4401
CLOSE_FORBIDDEN = 4403
CLOSE_ABSENT = 4404
CLOSE_STALE = 4409


class Connection:
    """The server's end of a WebSocket."""

    def __init__(
        self,
        websocket: WebSocket,
        *,
        person_id: UUID | None,
        session_key: str | None,
        token_key: str | None = None,
    ) -> None:
        self.person_id = person_id
        self.session_key = session_key
        self.token_key = token_key
        self.on_drained: list[Callable[[], None]] = []
        self._websocket = websocket
        self._frames: deque[bytes | str] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self._drained = asyncio.Event()
        self._closing: tuple[int, str] | None = None

    @property
    def is_closing(self) -> bool:
        return self._closing is not None

    @property
    def is_behind(self) -> bool:
        """The reader has not taken what waits for him."""
        return self._bytes >= OUTBOX_BYTES_MAX or len(self._frames) >= OUTBOX_FRAMES_MAX

    def send(self, frame: bytes | str) -> None:
        """Queue a frame; ask ``is_behind`` first where it can be left out and made up for."""
        if self._closing is None:
            self._frames.append(frame)
            self._bytes += len(frame)
            self._wake.set()

    def close(self, code: int, reason: str = "") -> None:
        """Close the socket once what is queued has left."""
        if self._closing is None:
            self._closing = (code, reason)
            self._wake.set()
            self._drained.set()

    async def caught_up(self) -> None:
        """Wait until the reader is no longer behind; who takes nothing may ask for nothing."""
        while self.is_behind and self._closing is None:
            self._drained.clear()
            await self._drained.wait()

    async def write(self) -> None:
        """Send what is queued until the connection closes; run this in a task of its own."""
        try:
            while await self._write_queued():
                self._wake.clear()
                await self._wake.wait()
            assert self._closing is not None
            await self._close_socket(*self._closing)
        except (WebSocketDisconnect, RuntimeError, OSError):
            # The peer has gone in the middle of a frame; its reader sees it too and tidies up.
            self.close(CLOSE_GOING_AWAY)

    async def _write_queued(self) -> bool:
        """Send everything queued; ``False`` once the connection is to be closed."""
        was_behind = self.is_behind
        try:
            async with asyncio.timeout(BEHIND_S_MAX) as limit:
                while self._frames:
                    frame = self._frames.popleft()
                    self._bytes -= len(frame)
                    if isinstance(frame, str):
                        await self._websocket.send_text(frame)
                    else:
                        await self._websocket.send_bytes(frame)
                    was_behind = was_behind or self.is_behind
                    if not self.is_behind:
                        self._drained.set()
                    limit.reschedule(asyncio.get_running_loop().time() + BEHIND_S_MAX)
        except TimeoutError:
            self._frames.clear()
            self.close(CLOSE_TRY_AGAIN_LATER, "fell behind")
        if was_behind:
            for drained in self.on_drained:
                drained()
        return self._closing is None or bool(self._frames)

    async def _close_socket(self, code: int, reason: str) -> None:
        if self._websocket.application_state is WebSocketState.CONNECTED:
            async with asyncio.timeout(BEHIND_S_MAX):
                await self._websocket.close(code, reason[:120])


class Pace:
    """Two token buckets, frames and bytes, that hold a fast sender back to a bounded rate."""

    def __init__(
        self, frames_per_s: float = FRAMES_PER_S, frames_burst: float = FRAMES_BURST
    ) -> None:
        self._at = asyncio.get_running_loop().time()
        self._frames_per_s = frames_per_s
        self._frames_burst = frames_burst
        self._frames = frames_burst
        self._bytes = float(BYTES_BURST)

    async def spend(self, frame_bytes: int) -> None:
        """Account for one received frame; waits as long as the sender is over his rate."""
        now = asyncio.get_running_loop().time()
        passed, self._at = now - self._at, now
        self._frames = min(self._frames_burst, self._frames + passed * self._frames_per_s) - 1
        self._bytes = min(BYTES_BURST, self._bytes + passed * BYTES_PER_S) - frame_bytes
        debt_s = max(-self._frames / self._frames_per_s, -self._bytes / BYTES_PER_S)
        if debt_s > 0:
            await asyncio.sleep(debt_s)
