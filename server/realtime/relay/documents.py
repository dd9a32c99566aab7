"""What is written in documents, from the rooms of this node to those of others and back."""

from __future__ import annotations

from uuid import UUID

from server.realtime.hub import Hub
from server.realtime.relay.messages import ITEMS_MAX, Moved
from server.realtime.relay.relay import Relay
from server.realtime.rooms.elsewhere.written import Written

CARRIED_BYTES_MAX = 256 * 1024
"""What is longer is not carried: whoever has the document open reads it from the log."""


def connect_documents(relay: Relay, hub: Hub) -> None:
    """Let the rooms of this node and those of others hear of each other."""

    def tell(document_id: UUID, written: Written) -> None:
        relay.tell_of(document_id, told(document_id, written))

    def take(_node: str, moved: Moved) -> None:
        if moved.digest is None:
            hub.follow(moved.document)
        else:
            hub.take_written(moved.document, heard(moved, moved.digest))

    hub.on_written = tell
    # A room hears what is told while it loads; where its channel is new, it looks once it is heard.
    hub.on_room_opened = relay.opened
    hub.on_room_closed = relay.closed
    relay.on(Moved, take)


def told(document_id: UUID, written: Written) -> Moved:
    """A committed turn as others are told of it."""
    moved = Moved(
        document=document_id,
        epoch=written.epoch,
        before=written.before,
        seq=written.seq,
        access_version=written.access_version,
    )
    if written.size > CARRIED_BYTES_MAX or len(written.updates) > ITEMS_MAX:
        return moved
    carried = {"updates": written.updates, "claims": written.claims, "digest": written.digest}
    return moved.model_copy(update=carried)


def heard(moved: Moved, digest: bytes) -> Written:
    """The committed turn that another node tells of; whether it is sound, the room finds out."""
    return Written(
        epoch=moved.epoch,
        before=moved.before,
        seq=moved.seq,
        access_version=moved.access_version,
        updates=moved.updates,
        claims=moved.claims,
        digest=digest,
    )
