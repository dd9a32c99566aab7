"""lib0 encoding: what is written is read, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.sync.codec import (
    UINT_MAX,
    Reader,
    write_var_bytes,
    write_var_string,
    write_var_uint,
)
from collab.sync.refusals import FrameRefused, RefusalReason


def refuses(read: object, data: bytes) -> None:
    with pytest.raises(FrameRefused) as refusal:
        getattr(Reader(data), str(read))()
    assert refusal.value.reason is RefusalReason.MALFORMED


@given(st.integers(0, UINT_MAX), st.binary(max_size=300), st.text(max_size=300))
def test_what_is_written_is_read(number: int, data: bytes, text: str) -> None:
    buffer = bytearray()
    write_var_uint(buffer, number)
    write_var_bytes(buffer, data)
    write_var_string(buffer, text)
    reader = Reader(bytes(buffer))
    assert (reader.var_uint(), reader.var_bytes(), reader.var_string()) == (number, data, text)
    reader.done()


@pytest.mark.parametrize(
    ("number", "encoded"),
    [(0, "00"), (127, "7f"), (128, "8001"), (300, "ac02"), (UINT_MAX, "ffffffffffffff0f")],
)
def test_integers_are_little_endian_base_128(number: int, encoded: str) -> None:
    buffer = bytearray()
    write_var_uint(buffer, number)
    assert buffer.hex() == encoded
    assert Reader(bytes(buffer)).var_uint() == number


@pytest.mark.parametrize(
    "encoded",
    ["", "80", "8000", "ff8000", "ffffffffffffff10", "ffffffffffffffff0f", "ff" * 100_000],
)
def test_integers_that_lib0_does_not_write_are_refused(encoded: str) -> None:
    refuses("var_uint", bytes.fromhex(encoded))


@pytest.mark.parametrize("encoded", ["", "02", "0261", "80808040", "05616263"])
def test_bytes_beyond_the_end_are_refused(encoded: str) -> None:
    refuses("var_bytes", bytes.fromhex(encoded))
    refuses("var_string", bytes.fromhex(encoded))


@pytest.mark.parametrize("encoded", ["01ff", "03eda080", "02c080", "01c3"])
def test_text_that_is_not_utf8_is_refused(encoded: str) -> None:
    refuses("var_string", bytes.fromhex(encoded))


def test_bytes_left_over_are_refused() -> None:
    reader = Reader(b"\x01\x02")
    assert reader.byte() == 1
    assert reader.remaining == 1
    with pytest.raises(FrameRefused):
        reader.done()


def test_a_byte_beyond_the_end_is_refused() -> None:
    refuses("byte", b"")
