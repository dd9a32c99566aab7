"""The parts that both protocols share: bodies of sync and awareness messages (y-protocols)."""

from __future__ import annotations

from collab.sync.codec import Reader, write_var_bytes, write_var_string, write_var_uint
from collab.sync.messages import (
    Awareness,
    AwarenessEntry,
    Changes,
    SyncStep1,
    SyncStep2,
    Update,
)
from collab.sync.refusals import FrameRefused, RefusalReason

STEP_1, STEP_2, UPDATE = 0, 1, 2

AWARENESS_ENTRIES_MAX = 16
"""A client speaks for itself; after a reconnect some providers repeat the peers they know."""

AWARENESS_STATE_BYTES_MAX = 4_096


def read_sync(reader: Reader) -> SyncStep1 | Changes:
    """Read subtype and payload of a sync message."""
    subtype = reader.var_uint()
    payload = reader.var_bytes()
    if subtype == STEP_1:
        return SyncStep1(payload)
    if subtype == STEP_2:
        return SyncStep2(payload)
    if subtype == UPDATE:
        return Update(payload)
    raise FrameRefused(RefusalReason.MALFORMED, f"unknown sync message {subtype}")


def write_sync(buffer: bytearray, message: SyncStep1 | Changes) -> None:
    """Append subtype and payload of a sync message."""
    match message:
        case SyncStep1(payload):
            write_var_uint(buffer, STEP_1)
        case SyncStep2(payload):
            write_var_uint(buffer, STEP_2)
        case Update(payload):
            write_var_uint(buffer, UPDATE)
    write_var_bytes(buffer, payload)


def read_awareness(payload: bytes) -> Awareness:
    """Read the list of presence entries; their JSON is judged by ``presence``.

    Raises:
        FrameRefused: malformed, too many entries, or a state that is too big.
    """
    reader = Reader(payload)
    count = reader.var_uint()
    if count > AWARENESS_ENTRIES_MAX:
        raise FrameRefused(RefusalReason.TOO_MANY, f"{count} presence entries in one message")
    entries = tuple(_read_entry(reader) for _ in range(count))
    reader.done()
    return Awareness(entries)


def _read_entry(reader: Reader) -> AwarenessEntry:
    client_id, clock, state = reader.var_uint(), reader.var_uint(), reader.var_string()
    if len(state) > AWARENESS_STATE_BYTES_MAX:
        raise FrameRefused(RefusalReason.TOO_BIG, f"a presence state of {len(state)} characters")
    return AwarenessEntry(client_id, clock, None if state == "null" else state)


def awareness_payload(message: Awareness) -> bytes:
    """The inner bytes of an awareness message."""
    buffer = bytearray()
    write_var_uint(buffer, len(message.entries))
    for entry in message.entries:
        write_var_uint(buffer, entry.client_id)
        write_var_uint(buffer, entry.clock)
        write_var_string(buffer, "null" if entry.state is None else entry.state)
    return bytes(buffer)
