"""What a peer has sent and nobody has taken yet, frame by frame.

Bytes are taken apart where they lie: a peer who sends a thousand small frames at once and is
then slowed down must not cost a copy of the rest for each of them.
"""

from __future__ import annotations

from server.network.framing import HEADER_BYTES_MAX, Frame, next_frame


class FrameTooBig(Exception):
    """The header claims more than a message may have; nothing of the rest is read."""


class Incoming:
    """Bytes in, whole frames out."""

    __slots__ = ("_at", "_later", "_needed", "_size_max", "data")

    def __init__(self, data: bytes, size_max: int) -> None:
        """``size_max``: bytes of a frame's payload."""
        self.data = data
        """Where the frames that ``next`` returns lie, until it is called again."""
        self._at = 0
        self._later = bytearray()
        self._needed = 0
        self._size_max = size_max

    @property
    def is_unfinished(self) -> bool:
        """Something has come that was not taken."""
        return self._at < len(self.data) or bool(self._later)

    def feed(self, data: bytes) -> None:
        """More bytes have come."""
        if self.is_unfinished:
            self._later += data
        else:
            self.data, self._at = data, 0

    def next(self) -> Frame | None:
        """The next whole frame; ``None`` while it has not come to its end.

        Raises:
            FrameTooBig: its header says that it will be.
        """
        while True:
            frame = next_frame(self.data, self._at)
            rest = len(self.data) - self._at
            if frame is None:
                self._needed = min(rest + 1, HEADER_BYTES_MAX)
            elif frame.end - frame.start > self._size_max:
                raise FrameTooBig
            elif frame.end <= len(self.data):
                self._at = frame.end
                return frame
            else:
                self._needed = frame.end - self._at
            if rest + len(self._later) < self._needed or not self._later:
                return None
            self.data, self._at = self.data[self._at :] + self._later, 0
            self._later.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.data, self._at = b"", 0
        self._later.clear()
