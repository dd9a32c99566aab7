"""The client's side of both wire protocols: what providers send, and what they hear."""

from __future__ import annotations

import json
from functools import lru_cache

from collab.sync.codec import Reader, write_var_bytes, write_var_string, write_var_uint
from collab.sync.messages import (
    AccessChanged,
    Acknowledged,
    Authenticate,
    Authenticated,
    Awareness,
    Changes,
    Ended,
    Outgoing,
    PermissionDenied,
    Refused,
    SyncStep1,
)
from collab.sync.protocols.sync_body import awareness_payload, read_awareness, read_sync, write_sync
from collab.sync.refusals import RefusalReason

SYNC, AWARENESS, AUTH, STATELESS, CLOSE, SYNC_STATUS = 0, 1, 2, 5, 7, 8
DENIED, H_DENIED, H_AUTHENTICATED = 0, 1, 2
REASONS: frozenset[str] = frozenset(RefusalReason)

Said = SyncStep1 | Changes | Awareness | Authenticate


def frame(address: str | None, message: Said) -> bytes:
    """One frame of a client; without an address it is one of the y-websocket protocol."""
    buffer = bytearray()
    if address is not None:
        write_var_string(buffer, address)
    if isinstance(message, Authenticate):
        write_var_uint(buffer, AUTH)
        write_var_uint(buffer, 0)
        write_var_string(buffer, message.token)
    elif isinstance(message, Awareness):
        write_var_uint(buffer, AWARENESS)
        write_var_bytes(buffer, awareness_payload(message))
    else:
        write_var_uint(buffer, SYNC)
        write_sync(buffer, message)
    return bytes(buffer)


@lru_cache(maxsize=2_048)
def heard(data: bytes, *, is_hocuspocus: bool) -> tuple[str | None, Outgoing]:
    """One frame of the server: the address it names, if any, and its message."""
    reader = Reader(data)
    address = reader.var_string() if is_hocuspocus else None
    kind = reader.var_uint()
    if kind == SYNC:
        return address, read_sync(reader)
    if kind == AWARENESS:
        return address, read_awareness(reader.var_bytes())
    if kind == AUTH:
        return address, _auth(reader.var_uint(), reader.var_string(), is_hocuspocus=is_hocuspocus)
    if kind == SYNC_STATUS:
        assert reader.var_uint() == 1, "the provider counts nothing else"
        return address, Acknowledged()
    if kind == STATELESS:
        return address, _notice(reader.var_string())
    assert kind == CLOSE, f"no provider reads a frame of type {kind}"
    return address, Ended(reader.var_string())


def _auth(kind: int, text: str, *, is_hocuspocus: bool) -> Outgoing:
    if is_hocuspocus and kind == H_AUTHENTICATED:
        return Authenticated(text == "read-write")
    assert kind == (H_DENIED if is_hocuspocus else DENIED)
    if text.startswith("{"):
        said = json.loads(text)
        return AccessChanged(said["write"], said["reason"])
    if not is_hocuspocus and text in REASONS:
        return Refused(RefusalReason(text))
    return PermissionDenied(text)


def _notice(text: str) -> Outgoing:
    said = json.loads(text)
    if said["type"] == "access":
        return AccessChanged(said["write"], said["reason"])
    assert said["type"] == "refused"
    return Refused(RefusalReason(said["reason"]))
