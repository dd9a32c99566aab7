"""One established WebSocket, below ASGI: whole frames in, framed bytes out, nothing in between.

ASGI costs a task, a queue and several allocations for each message, and a live text sends little
else than small messages. So an accepted socket is taken out of its hands (``handshake``).

A wire bounds what a peer can cost: the size of a message, frames that carry nothing, bytes that
wait for him (then he is behind), and the time he may let them wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableSet
from typing import Any, Final, Protocol

from websockets.frames import Close

from server.monitoring.metrics.hot import TALLY
from server.monitoring.metrics.sockets import closed, closes_total, slow_readers_total
from server.network.framing import BINARY, CLOSE, PING, PONG, TEXT, Frame, framed
from server.network.holds import BEHIND, BUSY, PACE
from server.network.incoming import FrameTooBig, Incoming
from server.network.pace import Bucket
from server.network.pulse import Pulse
from server.network.uncommon import Uncommon

MESSAGE_BYTES_MAX: Final = 1_048_576
OUTBOX_BYTES_MAX: Final = 1_048_576
BEHIND_S_MAX = 30.0
"""A reader who takes nothing for this long is sent away and may come back."""

BEATS_MAX: Final = 8
"""Pulses (two minutes) that a frame may take to come whole, or we to take it."""

CONTROL_BYTES_MAX: Final = 125
REASON_CHARS_MAX: Final = 40

CLOSING_S_MAX = 5.0
"""How long a peer may take to answer our close."""

IDLE_FRAMES_PER_S = 200.0
IDLE_FRAMES_BURST = 2_048.0
"""Pings, pongs and fragments; a message of 1 MiB in fragments of 512 bytes still passes."""

NOT_TEXT, TOO_BIG, GOING_AWAY = 1007, 1009, 1012

PULSE = Pulse()


class Receiver(Protocol):
    """What a wire tells: a message (none while it is held), the end of being behind, the end."""

    def receive(self, message: bytes | str) -> None: ...
    def drained(self) -> None: ...
    def lost(self) -> None: ...


class Wire(asyncio.Protocol):
    """The server's end of one WebSocket."""

    __slots__ = (
        "_connections",
        "_holds",
        "_idle_frames",
        "_incoming",
        "_is_closing",
        "_is_lost",
        "_loop",
        "_patience",
        "_receiver",
        "_timer",
        "_transport",
        "_uncommon",
        "_was_heard",
    )

    def __init__(
        self, transport: asyncio.Transport, connections: MutableSet[Any], unread: bytes
    ) -> None:
        """Take over ``transport``; ``connections`` is where the server keeps what it must end."""
        self._transport = transport
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._receiver: Receiver | None = None
        self._incoming = Incoming(unread, MESSAGE_BYTES_MAX)
        self._patience = BEATS_MAX
        self._holds = BUSY
        self._uncommon: Uncommon | None = None
        self._idle_frames = Bucket(IDLE_FRAMES_PER_S, IDLE_FRAMES_BURST, self._loop.time())
        self._is_closing = False
        self._is_lost = False
        self._was_heard = True
        self._timer: asyncio.TimerHandle | None = None
        transport.set_write_buffer_limits(OUTBOX_BYTES_MAX, OUTBOX_BYTES_MAX // 4)
        transport.pause_reading()
        connections.add(self)
        PULSE.join(self)

    # What the socket's user does.

    def begin(self, receiver: Receiver) -> None:
        """Hand everything that comes to ``receiver`` from now on."""
        if self._is_lost:
            self._loop.call_soon(receiver.lost)
            return
        self._receiver = receiver
        self.release(BUSY)

    def send(self, frames: bytes) -> None:
        """Send bytes that are whole frames already; ask ``is_behind`` where they can wait."""
        if not self._is_closing:
            TALLY.sent_bytes += len(frames)
            self._transport.write(frames)

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye after what was sent before; the peer has a few seconds to answer."""
        if self._is_closing or self._transport.is_closing():
            self._is_closing = True
            return
        self._is_closing = True
        closed(code)
        self._transport.write(framed(Close(code, reason[:REASON_CHARS_MAX]).serialize(), CLOSE))
        self._holds = 0
        self._transport.resume_reading()
        self._deadline(CLOSING_S_MAX, self._transport.abort)
        self._loop.call_soon(self._read_on)

    @property
    def is_closing(self) -> bool:
        return self._is_closing

    @property
    def is_behind(self) -> bool:
        """The peer has not taken what waits for him."""
        return self._holds >= BEHIND

    def hold(self, why: int) -> None:
        """Read no further until ``release`` is called for the same reason."""
        if self._is_closing:
            return
        if not self._holds:
            self._transport.pause_reading()
        self._holds |= why

    def release(self, why: int) -> None:
        """Read on, unless there is another reason not to."""
        if not self._holds & why:
            return
        self._holds &= ~why
        if not self._holds and not self._transport.is_closing():
            self._transport.resume_reading()
            self._loop.call_soon(self._read_on)

    def beat(self) -> None:
        """Ping the peer; who was not heard of since, or never ends his frame, is gone."""
        if self._is_closing or self.is_behind:
            return  # there is a deadline of its own
        self._patience = self._patience - 1 if self._waits() else BEATS_MAX
        if not self._patience or not (self._was_heard or self._holds):
            self._transport.abort()
        elif not self._holds:
            self._was_heard = False
            self._transport.write(framed(b"", PING))

    def _waits(self) -> bool:
        """For the end of a frame, or for somebody of ours who holds the wire."""
        return bool(self._holds & ~PACE) or (self._incoming.is_unfinished and not self._holds)

    def shutdown(self) -> None:
        """The server ends (called by uvicorn)."""
        self.close(GOING_AWAY, "restarting")

    # What the transport does.

    def data_received(self, data: bytes) -> None:
        TALLY.received_bytes += len(data)
        self._was_heard = True
        self._incoming.feed(data)
        self._read_on()

    def pause_writing(self) -> None:
        if self._is_closing:
            return
        slow_readers_total.labels("behind").inc()
        self.hold(BEHIND)
        self._deadline(BEHIND_S_MAX, self._fell_behind, self._transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        if self._is_closing:
            return
        self._cancel_deadline()
        self.release(BEHIND)
        if self._receiver is not None:
            self._receiver.drained()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._is_closing:
            closes_total.labels("lost").inc()
        self._is_closing = self._is_lost = True
        self._cancel_deadline()
        self._incoming.clear()
        self._connections.discard(self)
        PULSE.leave(self)
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.lost()

    # Reading.

    def _read_on(self) -> None:
        """Take whole frames until there are none, or the wire is held."""
        while not self._holds and not self._transport.is_closing():
            try:
                frame = self._incoming.next()
            except FrameTooBig:
                self.close(TOO_BIG, "too-big")
                self._transport.close()
                return
            if frame is None:
                return
            self._patience = BEATS_MAX
            self._take(frame, self._incoming.data)

    def _take(self, frame: Frame, data: bytes) -> None:
        first = frame.first
        is_common = frame.is_masked and self._uncommon is None and not self._is_closing
        if is_common and first in (BINARY, TEXT):
            self._deliver(frame.payload(data), is_text=first == TEXT)
            return
        if not self._may_idle():
            return
        if self._is_closing:
            if first == CLOSE:
                self._transport.close()
        elif first != PONG or not is_common or frame.end - frame.start > CONTROL_BYTES_MAX:
            self._take_uncommon(data[frame.at : frame.end])

    def _deliver(self, message: bytes, *, is_text: bool) -> None:
        if self._receiver is None:
            return
        if not is_text:
            self._receiver.receive(message)
            return
        try:
            text = message.decode()
        except UnicodeDecodeError:
            self.close(NOT_TEXT, "not UTF-8")
        else:
            self._receiver.receive(text)

    def _take_uncommon(self, frame: bytes) -> None:
        uncommon = self._uncommon or Uncommon(MESSAGE_BYTES_MAX)
        taken = uncommon.take(frame)
        self._uncommon = uncommon if uncommon.is_amid_message else None
        self._transport.write(taken.answer)
        if taken.is_over:
            closes_total.labels("peer").inc()
            self._is_closing = True
            self._deadline(CLOSING_S_MAX, self._transport.abort)
            self._transport.close()
        elif taken.message is not None:
            self._deliver(taken.message, is_text=taken.is_text)

    def _may_idle(self) -> bool:
        """Count a frame that brings nobody anything; cut off who sends too many."""
        if not self._idle_frames.spend(1, self._loop.time()):
            return True
        # No farewell: he who floods does not read, and it would wait for him.
        self._incoming.clear()
        self._transport.abort()
        return False

    # Deadlines: of a close, or of a reader who is behind.

    def _fell_behind(self, waiting_before: int) -> None:
        """He has had his time: did he take anything meanwhile?"""
        waiting = self._transport.get_write_buffer_size()
        if waiting < waiting_before:
            self._deadline(BEHIND_S_MAX, self._fell_behind, waiting)
            return
        slow_readers_total.labels("sent-away").inc()
        self._transport.abort()

    def _deadline(self, seconds: float, act: Any, *arguments: Any) -> None:
        self._cancel_deadline()
        self._timer = self._loop.call_later(seconds, act, *arguments)

    def _cancel_deadline(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
