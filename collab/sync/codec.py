"""lib0 encoding, strict: what every frame, state vector and update is made of.

A ``varUint`` is little-endian base 128, the high bit says "more". We take only the shortest
encoding of a number and nothing above 2^53 - 1, the biggest integer of JavaScript: lib0 itself
never writes anything else, and a lenient reader is how 160 kB of ``0xFF`` cost 8 seconds.

:class:`Reader` is for frames. The functions ``read_*`` work on ``(data, at)`` and return the
value and the next position; the update parser uses them because it runs for each keystroke.
Reading past the end raises ``IndexError`` there, which the caller turns into a refusal.
"""

from collab.sync.refusals import FrameRefused, RefusalReason

UINT_MAX = (1 << 53) - 1
UINT_BYTES_MAX = 8


def malformed(detail: str) -> FrameRefused:
    """The refusal for bytes that are not what they should be."""
    return FrameRefused(RefusalReason.MALFORMED, detail)


def read_var_uint(data: bytes, at: int) -> tuple[int, int]:
    """Read one varUint at ``at``; return it and the position behind it."""
    byte = data[at]
    at += 1
    if byte < 0x80:
        return byte, at
    value = byte & 0x7F
    shift = 7
    while shift < 7 * UINT_BYTES_MAX:
        byte = data[at]
        at += 1
        if byte < 0x80:
            value |= byte << shift
            if byte == 0 or value > UINT_MAX:
                break
            return value, at
        value |= (byte & 0x7F) << shift
        shift += 7
    raise malformed("overlong or oversized integer")


def read_var_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    """Read a varUint length and that many bytes."""
    length, at = read_var_uint(data, at)
    end = at + length
    if end > len(data):
        raise malformed("bytes run past the end")
    return data[at:end], end


def read_var_string(data: bytes, at: int) -> tuple[str, int]:
    """Read a varUint length in bytes and that much UTF-8 (no lone surrogates)."""
    raw, at = read_var_bytes(data, at)
    try:
        return raw.decode(), at
    except UnicodeDecodeError as error:
        raise malformed("text is not UTF-8") from error


class Reader:
    """Reads one frame from its start to its end; each method raises ``FrameRefused(malformed)``."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def remaining(self) -> int:
        """Bytes not yet read."""
        return len(self._data) - self._at

    def byte(self) -> int:
        """One byte, 0 to 255."""
        if self._at >= len(self._data):
            raise malformed("frame ends early")
        self._at += 1
        return self._data[self._at - 1]

    def var_uint(self) -> int:
        """A number up to 2^53 - 1 in its shortest encoding."""
        try:
            value, self._at = read_var_uint(self._data, self._at)
        except IndexError:
            raise malformed("frame ends early") from None
        return value

    def var_bytes(self) -> bytes:
        """A length and that many bytes."""
        try:
            value, self._at = read_var_bytes(self._data, self._at)
        except IndexError:
            raise malformed("frame ends early") from None
        return value

    def var_string(self) -> str:
        """A length in bytes and that much UTF-8."""
        try:
            value, self._at = read_var_string(self._data, self._at)
        except IndexError:
            raise malformed("frame ends early") from None
        return value

    def done(self) -> None:
        """Refuse the frame if bytes are left over."""
        if self._at != len(self._data):
            raise malformed("bytes left over at the end")


def write_var_uint(buffer: bytearray, number: int) -> None:
    """Append ``number`` (0 to 2^53 - 1) in its shortest encoding."""
    assert 0 <= number <= UINT_MAX, "not a varUint"
    while number >= 0x80:
        buffer.append(number & 0x7F | 0x80)
        number >>= 7
    buffer.append(number)


def write_var_bytes(buffer: bytearray, data: bytes) -> None:
    """Append the length of ``data`` and ``data``."""
    write_var_uint(buffer, len(data))
    buffer += data


def write_var_string(buffer: bytearray, text: str) -> None:
    """Append ``text`` as UTF-8 with its length in bytes."""
    write_var_bytes(buffer, text.encode())
