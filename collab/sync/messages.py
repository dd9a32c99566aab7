"""What clients and server say to each other about one document, whatever the wire protocol.

The protocols package turns frames into ``Incoming`` and ``Outgoing`` into frames; room and hub
know only these. Names follow y-protocols (sync step 1 and 2, update, awareness).
"""

from __future__ import annotations

from dataclasses import dataclass

from collab.sync.refusals import RefusalReason


@dataclass(frozen=True, slots=True)
class SyncStep1:
    """ "Here is what I have": a state vector; asks for the rest. Both directions."""

    state_vector: bytes


@dataclass(frozen=True, slots=True)
class SyncStep2:
    """The answer to a step 1: a v1 update with everything the other side lacks."""

    update: bytes


@dataclass(frozen=True, slots=True)
class Update:
    """A v1 update: what has just been typed."""

    update: bytes


@dataclass(frozen=True, slots=True)
class AwarenessEntry:
    """One client's presence; ``state`` is a JSON text, ``None`` means gone."""

    client_id: int
    clock: int
    state: str | None


@dataclass(frozen=True, slots=True)
class Awareness:
    """Presence of one or more clients. Both directions."""

    entries: tuple[AwarenessEntry, ...]


@dataclass(frozen=True, slots=True)
class QueryAwareness:
    """Asks for everybody's presence."""


@dataclass(frozen=True, slots=True)
class Authenticate:
    """A hocuspocus client presents its token."""

    token: str


@dataclass(frozen=True, slots=True)
class Detach:
    """A hocuspocus client leaves this document and keeps the socket."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A frame that the protocol allows and that means nothing to us."""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The client may take part; reading only unless ``write``."""

    write: bool


@dataclass(frozen=True, slots=True)
class PermissionDenied:
    """The client may not take part in this document; ``reason`` is a code."""

    reason: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One frame with changes is durable. Sent once per step 2 and per update."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A frame with changes was refused; the author keeps his text."""

    reason: RefusalReason


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """The right to write changed in mid-session; ``reason`` is a code such as ``muted``."""

    write: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Fullness:
    """The document has reached so many percent of its greatest size; at 100 only deletes pass."""

    percent: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The server ends this document for this client; ``reason`` is a code."""

    reason: str


Changes = SyncStep2 | Update
Incoming = SyncStep1 | Changes | Awareness | QueryAwareness | Authenticate | Detach | Ignored
Outgoing = (
    SyncStep1
    | Changes
    | Awareness
    | Authenticated
    | PermissionDenied
    | Acknowledged
    | Refused
    | AccessChanged
    | Fullness
    | Ended
)
