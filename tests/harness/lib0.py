"""lib0's variable-length encoding, written once more so that the server is not its own judge."""

from __future__ import annotations


class Reader:
    """Reads a frame from its start to its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def uint(self) -> int:
        """A number of 7 bits a byte, the lowest first; the high bit says that more follows."""
        value, shift = 0, 0
        while True:
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def bytes(self) -> bytes:
        """Bytes behind their number."""
        length = self.uint()
        self._at += length
        return self._data[self._at - length : self._at]

    def string(self) -> str:
        """UTF-8 behind the number of its bytes."""
        return self.bytes().decode()

    def is_done(self) -> bool:
        """Nothing is left."""
        return self._at >= len(self._data)


def uint(value: int) -> bytes:
    """A number as lib0 writes it."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def prefixed(data: bytes) -> bytes:
    """Bytes behind their number."""
    return uint(len(data)) + data


def string(text: str) -> bytes:
    """UTF-8 behind the number of its bytes."""
    return prefixed(text.encode())


def clocks(state_vector: bytes) -> dict[int, int]:
    """A Yjs state vector: how many clock ticks are known of every client."""
    reader = Reader(state_vector)
    return {reader.uint(): reader.uint() for _ in range(reader.uint())}
