"""Both wire protocols: what is read, what is written, what is refused."""

import contextlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.sync.codec import write_var_bytes, write_var_string, write_var_uint
from collab.sync.messages import (
    AccessChanged,
    Acknowledged,
    Authenticate,
    Authenticated,
    Awareness,
    AwarenessEntry,
    Detach,
    Ended,
    Ignored,
    Outgoing,
    PermissionDenied,
    QueryAwareness,
    Refused,
    SyncStep1,
    SyncStep2,
    Update,
)
from collab.sync.protocols import hocuspocus, ywebsocket
from collab.sync.protocols.sync_body import AWARENESS_ENTRIES_MAX, AWARENESS_STATE_BYTES_MAX
from collab.sync.refusals import FrameRefused, RefusalReason


def frame(*parts: int | bytes | str) -> bytes:
    """A frame from varUints, var bytes and var strings."""
    buffer = bytearray()
    for part in parts:
        if isinstance(part, int):
            write_var_uint(buffer, part)
        elif isinstance(part, bytes):
            write_var_bytes(buffer, part)
        else:
            write_var_string(buffer, part)
    return bytes(buffer)


def awareness(*entries: tuple[int, int, str]) -> bytes:
    return frame(len(entries), *(part for entry in entries for part in entry))


PRESENCE = Awareness((AwarenessEntry(7, 3, "{}"), AwarenessEntry(8, 1, None)))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (frame(0, 0, b"\x00"), SyncStep1(b"\x00")),
        (frame(0, 1, b"\x00\x00"), SyncStep2(b"\x00\x00")),
        (frame(0, 2, b"ab"), Update(b"ab")),
        (frame(1, awareness((7, 3, "{}"), (8, 1, "null"))), PRESENCE),
        (frame(3), QueryAwareness()),
    ],
)
def test_y_websocket_frames_are_read(data: bytes, message: object) -> None:
    assert ywebsocket.parse(data) == message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (frame("doc", 0, 0, b"\x00"), SyncStep1(b"\x00")),
        (frame("doc", 0, 1, b"\x00\x00"), SyncStep2(b"\x00\x00")),
        (frame("doc", 0, 2, b"ab"), Update(b"ab")),
        (frame("doc", 1, awareness((7, 3, "{}"), (8, 1, "null"))), PRESENCE),
        (frame("doc", 2, 0, "token"), Authenticate("token")),
        (frame("doc", 2, 0, "token", "4.5.0"), Authenticate("token")),
        (frame("doc", 3), QueryAwareness()),
        (frame("doc", 5, "hello"), Ignored()),
        (frame("doc", 7), Detach()),
    ],
)
def test_hocuspocus_frames_are_read(data: bytes, message: object) -> None:
    assert hocuspocus.parse(data) == ("doc", message)


def test_hocuspocus_pings_mean_nothing_to_us() -> None:
    assert hocuspocus.parse(b"\x0a") == ("", Ignored())


def test_a_hocuspocus_address_may_name_a_session() -> None:
    address, _ = hocuspocus.parse(frame("doc\0tab-2", 3))
    assert hocuspocus.document_name(address) == "doc"


@pytest.mark.parametrize("parse", [ywebsocket.parse, hocuspocus.parse])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\xff" * 160_000,
        frame(0, 9, b""),
        frame("d", 0, 9, b""),
        frame(0, 2, b"a") + b"x",
    ],
)
def test_nonsense_is_malformed(parse: Callable[[bytes], object], data: bytes) -> None:
    with pytest.raises(FrameRefused) as refused:
        parse(data)
    assert refused.value.reason is RefusalReason.MALFORMED


@pytest.mark.parametrize("kind", [4, 6, 8, 11, 200])
def test_types_that_only_servers_send_are_refused(kind: int) -> None:
    with pytest.raises(FrameRefused):
        hocuspocus.parse(frame("doc", kind, 1))


def test_presence_has_bounds() -> None:
    entries = [(n, 1, "{}") for n in range(AWARENESS_ENTRIES_MAX + 1)]
    with pytest.raises(FrameRefused) as too_many:
        ywebsocket.parse(frame(1, awareness(*entries)))
    assert too_many.value.reason is RefusalReason.TOO_MANY
    ywebsocket.parse(frame(1, awareness(*entries[1:])))
    with pytest.raises(FrameRefused) as too_big:
        ywebsocket.parse(frame(1, awareness((1, 1, "x" * (AWARENESS_STATE_BYTES_MAX + 1)))))
    assert too_big.value.reason is RefusalReason.TOO_BIG


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for parse in (ywebsocket.parse, hocuspocus.parse):
        with contextlib.suppress(FrameRefused):
            parse(data)


@pytest.mark.parametrize(
    ("message", "data"),
    [
        (SyncStep1(b"\x00"), frame(0, 0, b"\x00")),
        (SyncStep2(b"u"), frame(0, 1, b"u")),
        (Update(b"u"), frame(0, 2, b"u")),
        (PRESENCE, frame(1, awareness((7, 3, "{}"), (8, 1, "null")))),
        (PermissionDenied("stale-document"), frame(2, 0, "stale-document")),
        (Refused(RefusalReason.GAP), frame(2, 0, "gap")),
        (Acknowledged(), None),
        (Authenticated(write=True), None),
        (AccessChanged(write=True, reason=None), None),
    ],
)
def test_y_websocket_frames_are_written(message: Outgoing, data: bytes | None) -> None:
    assert ywebsocket.encode(message) == data


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (SyncStep1(b"\x00"), (0, 0, b"\x00")),
        (SyncStep2(b"u"), (0, 1, b"u")),
        (Update(b"u"), (0, 2, b"u")),
        (Authenticated(write=True), (2, 2, "read-write")),
        (Authenticated(write=False), (2, 2, "readonly")),
        (PermissionDenied("forbidden"), (2, 1, "forbidden")),
        (Acknowledged(), (8, 1)),
        (Ended("gap"), (7, "gap")),
        (Refused(RefusalReason.GAP), (5, json.dumps({"type": "refused", "reason": "gap"}))),
        (
            AccessChanged(write=False, reason="muted"),
            (5, json.dumps({"type": "access", "write": False, "reason": "muted"})),
        ),
    ],
)
def test_hocuspocus_frames_are_written(
    message: Outgoing, parts: tuple[int | bytes | str, ...]
) -> None:
    assert hocuspocus.encode("doc", message) == frame("doc", *parts)
