"""The hocuspocus protocol (``@hocuspocus/provider`` 2.3 and later): many documents per socket.

A frame is ``address:varString type:varUint body``. The address is the document's name, or
``name NUL session`` from providers that tell their sessions apart; answers carry the address the
client used. ``SyncStatus`` answers each step 2 and each update once. See docs/protocol.md.
"""

from __future__ import annotations

import json

from collab.sync.codec import Reader, write_var_bytes, write_var_string, write_var_uint
from collab.sync.messages import (
    AccessChanged,
    Acknowledged,
    Authenticate,
    Authenticated,
    Awareness,
    Detach,
    Ended,
    Fullness,
    Ignored,
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

SYNC, AWARENESS, AUTH, QUERY_AWARENESS, STATELESS, CLOSE, SYNC_STATUS = 0, 1, 2, 3, 5, 7, 8
PING, PONG = 9, 10
TOKEN, PERMISSION_DENIED, AUTHENTICATED = 0, 1, 2

ADDRESS_BYTES_MAX = 200
TOKEN_BYTES_MAX = 4_096


def document_name(address: str) -> str:
    """The document's name in an address; what follows the NUL tells sessions apart."""
    return address.split("\0", 1)[0]


def parse(frame: bytes) -> tuple[str, Incoming]:
    """Read one frame from a client: its address and its message.

    Raises:
        FrameRefused: malformed, too big, or of a type that clients do not send.
    """
    if frame in (bytes([PING]), bytes([PONG])):
        return "", Ignored()
    reader = Reader(frame)
    address = reader.var_string()
    if len(address) > ADDRESS_BYTES_MAX:
        raise FrameRefused(RefusalReason.TOO_BIG, "a document name that long does not exist")
    message = _read_body(reader, reader.var_uint())
    reader.done()
    return address, message


def _read_body(reader: Reader, kind: int) -> Incoming:
    match kind:
        case 0:  # SYNC
            return read_sync(reader)
        case 1:  # AWARENESS
            return read_awareness(reader.var_bytes())
        case 2:  # AUTH
            return _read_auth(reader)
        case 3:  # QUERY_AWARENESS
            return QueryAwareness()
        case 5:  # STATELESS: an application message; Arena has none from clients
            reader.var_string()
            return Ignored()
        case 7:  # CLOSE
            return Detach()
    raise FrameRefused(RefusalReason.MALFORMED, f"unknown message type {kind}")


def _read_auth(reader: Reader) -> Authenticate:
    if reader.var_uint() != TOKEN:
        raise FrameRefused(RefusalReason.MALFORMED, "an auth message that is no token")
    token = reader.var_string()
    if len(token) > TOKEN_BYTES_MAX:
        raise FrameRefused(RefusalReason.TOO_BIG, "a token that long does not exist")
    if reader.remaining:
        reader.var_string()  # the provider's version, sent by newer ones
    return Authenticate(token)


def encode(address: str, message: Outgoing) -> bytes:
    """One frame for ``message``, addressed as the client addresses us."""
    buffer = bytearray()
    write_var_string(buffer, address)
    match message:
        case SyncStep1() | SyncStep2() | Update():
            write_var_uint(buffer, SYNC)
            write_sync(buffer, message)
        case Awareness():
            write_var_uint(buffer, AWARENESS)
            write_var_bytes(buffer, awareness_payload(message))
        case Authenticated(write):
            write_var_uint(buffer, AUTH)
            write_var_uint(buffer, AUTHENTICATED)
            write_var_string(buffer, "read-write" if write else "readonly")
        case PermissionDenied(reason):
            write_var_uint(buffer, AUTH)
            write_var_uint(buffer, PERMISSION_DENIED)
            write_var_string(buffer, reason)
        case Acknowledged():
            write_var_uint(buffer, SYNC_STATUS)
            write_var_uint(buffer, 1)
        case Refused(reason):
            _write_stateless(buffer, {"type": "refused", "reason": reason.value})
        case AccessChanged(write, reason):
            _write_stateless(buffer, {"type": "access", "write": write, "reason": reason})
        case Fullness(percent):
            _write_stateless(buffer, {"type": "fullness", "percent": percent})
        case Ended(reason):
            write_var_uint(buffer, CLOSE)
            write_var_string(buffer, reason)
    return bytes(buffer)


def _write_stateless(buffer: bytearray, payload: dict[str, str | int | bool | None]) -> None:
    write_var_uint(buffer, STATELESS)
    write_var_string(buffer, json.dumps(payload))
