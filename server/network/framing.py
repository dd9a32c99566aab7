"""WebSocket frames (RFC 6455 §5.2): making ours, and finding the next one of a peer."""

from __future__ import annotations

from typing import Final, NamedTuple

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform without the compiled part
    from websockets.utils import apply_mask

TEXT: Final = 0x81
BINARY: Final = 0x82
CLOSE: Final = 0x88
PING: Final = 0x89
PONG: Final = 0x8A
"""First bytes of frames that are no fragments: FIN and the opcode."""

MASKED: Final = 0x80
HEADER_BYTES_MAX: Final = 14


def framed(payload: bytes, first: int = BINARY) -> bytes:
    """One unfragmented frame from the server, which masks nothing."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 1 << 16:
        return bytes((first, 126)) + size.to_bytes(2) + payload
    return bytes((first, 127)) + size.to_bytes(8) + payload


class Frame(NamedTuple):
    """Where a peer's frame lies: ``[at, end)``, its payload from ``start`` on."""

    at: int
    first: int
    start: int
    end: int
    is_masked: bool

    def payload(self, data: bytes) -> bytes:
        """The unmasked payload."""
        return apply_mask(data[self.start : self.end], data[self.start - 4 : self.start])


def next_frame(data: bytes, at: int) -> Frame | None:
    """The frame that begins at ``at``, as its header claims it; ``None`` if that is cut off.

    The frame may end beyond ``data``.
    """
    available = len(data) - at
    if available < 2:
        return None
    second = data[at + 1]
    size, start = second & 0x7F, at + 2
    if size == 126:
        if available < 4:
            return None
        size, start = int.from_bytes(data[start : start + 2]), start + 2
    elif size == 127:
        if available < 10:
            return None
        size, start = int.from_bytes(data[start : start + 8]), start + 8
    is_masked = second >= MASKED
    if is_masked:
        start += 4
    return Frame(at, data[at], start, start + size, is_masked)
