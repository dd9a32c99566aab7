"""Frames: ours are what every client reads, a peer's are found wherever they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame as TheirFrame
from websockets.frames import Opcode
from websockets.protocol import OPEN, Protocol, Side

from server.network.framing import HEADER_BYTES_MAX, framed, next_frame

SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]


@pytest.mark.parametrize("size", SIZES)
def test_a_client_reads_the_frame_of_every_size(size: int) -> None:
    client = Protocol(Side.CLIENT, state=OPEN)
    client.receive_data(framed(b"x" * size))
    (event,) = client.events_received()
    assert isinstance(event, TheirFrame)
    assert bytes(event.data) == b"x" * size


@pytest.mark.parametrize("size", SIZES)
def test_the_payload_of_a_masked_frame_is_what_was_sent(size: int) -> None:
    payload = bytes(n % 251 for n in range(size))
    data = TheirFrame(Opcode.BINARY, payload).serialize(mask=True)
    frame = next_frame(data, 0)
    assert frame is not None
    assert frame.end == len(data)
    assert frame.payload(data) == payload


@given(st.binary(max_size=300), st.integers(0, 320), st.binary(max_size=5))
def test_a_frame_is_found_or_waited_for_wherever_it_is_cut(
    payload: bytes, cut: int, before: bytes
) -> None:
    whole = TheirFrame(Opcode.BINARY, payload).serialize(mask=True)
    data = before + whole[:cut]
    frame = next_frame(data, len(before))
    if frame is None:
        assert cut < HEADER_BYTES_MAX
    elif frame.end <= len(data):
        assert frame.payload(data) == payload
    else:
        assert frame.end == len(before) + len(whole)
