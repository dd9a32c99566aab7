"""The frames that are not simply a message: close, ping, fragments, and what nobody may send.

They go through the sans-I/O core of ``websockets``, which knows RFC 6455. The core lives only as
long as a fragmented message is under way, so an idle socket does not carry one.
"""

from __future__ import annotations

from dataclasses import dataclass

from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, Protocol, Side


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a frame: a message that is complete now, bytes for the peer, the end."""

    message: bytes | None
    is_text: bool
    answer: bytes
    is_over: bool


class Uncommon:
    """Takes whole frames in the order in which they came."""

    __slots__ = ("_core", "_is_text", "_parts")

    def __init__(self, message_bytes_max: int) -> None:
        self._core = Protocol(Side.SERVER, state=OPEN, max_size=message_bytes_max)
        self._parts: list[bytes] = []
        self._is_text = False

    @property
    def is_amid_message(self) -> bool:
        """Fragments are still to come; until then every frame belongs here."""
        return self._core.current_size is not None

    def take(self, frame: bytes) -> Taken:
        """Take one whole frame."""
        core = self._core
        core.receive_data(frame)
        message = None
        for event in core.events_received():
            assert isinstance(event, Frame)
            message = self._assembled(event)
        answer = b"".join(core.data_to_send())
        is_over = core.parser_exc is not None or core.close_rcvd is not None
        return Taken(message, self._is_text, answer, is_over)

    def _assembled(self, event: Frame) -> bytes | None:
        """The message that ends with this frame; its size is bounded by the core."""
        if event.opcode in (Opcode.PING, Opcode.PONG, Opcode.CLOSE):
            return None
        if event.opcode is not Opcode.CONT:
            self._is_text = event.opcode is Opcode.TEXT
        if event.data:  # fragments without anything in them would fill the list for ever
            self._parts.append(bytes(event.data))
        if not event.fin:
            return None
        message = b"".join(self._parts)
        self._parts.clear()
        return message
