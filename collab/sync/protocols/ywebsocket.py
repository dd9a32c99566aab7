"""The y-websocket protocol (y-websocket 3 and 4, y-protocols): one document per socket.

A frame is ``type:varUint body``: 0 sync, 1 awareness, 2 auth (server to client), 3 query awareness.
A frame carries exactly one message, because version 3 reads no further than the first. There is
no acknowledgement: a version 4 client takes the echo of its own update for one, so the hub sends
the author his update back once it is durable. See docs/protocol.md.
"""

from __future__ import annotations

import json

from collab.sync.codec import Reader, write_var_bytes, write_var_string, write_var_uint
from collab.sync.messages import (
    AccessChanged,
    Acknowledged,
    Authenticated,
    Awareness,
    Ended,
    Fullness,
    Incoming,
    Outgoing,
    PermissionDenied,
    QueryAwareness,
    Refused,
    SyncStep1,
    SyncStep2,
    Update,
)
from collab.sync.protocols.sync_body import (
    awareness_payload,
    read_awareness,
    read_sync,
    write_sync,
)
from collab.sync.refusals import FrameRefused, RefusalReason

SYNC, AWARENESS, AUTH, QUERY_AWARENESS = 0, 1, 2, 3
PERMISSION_DENIED = 0

EMPTY_UPDATE = b"\x00\x00"


def parse(frame: bytes) -> Incoming:
    """Read one frame from a client.

    Raises:
        FrameRefused: the frame is malformed or of a type that clients do not send.
    """
    reader = Reader(frame)
    kind = reader.var_uint()
    message: Incoming
    if kind == SYNC:
        message = read_sync(reader)
    elif kind == AWARENESS:
        message = read_awareness(reader.var_bytes())
    elif kind == QUERY_AWARENESS:
        message = QueryAwareness()
    else:
        raise FrameRefused(RefusalReason.MALFORMED, f"unknown message type {kind}")
    reader.done()
    return message


def encode(message: Outgoing) -> bytes | None:
    """One frame for ``message``; ``None`` if this protocol has no word for it."""
    buffer = bytearray()
    match message:
        case SyncStep1() | SyncStep2() | Update():
            write_var_uint(buffer, SYNC)
            write_sync(buffer, message)
        case Awareness():
            write_var_uint(buffer, AWARENESS)
            write_var_bytes(buffer, awareness_payload(message))
        case PermissionDenied(reason) | Ended(reason):
            _write_denial(buffer, reason)
        case Refused(reason):
            _write_denial(buffer, reason.value)
        case AccessChanged(write=False, reason=reason):
            _write_denial(buffer, json.dumps({"write": False, "reason": reason}))
        case AccessChanged() | Acknowledged() | Authenticated() | Fullness():
            return None
    return bytes(buffer)


def _write_denial(buffer: bytearray, reason: str) -> None:
    write_var_uint(buffer, AUTH)
    write_var_uint(buffer, PERMISSION_DENIED)
    write_var_string(buffer, reason)
