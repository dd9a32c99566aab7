"""Who is where in a document, from the rooms of this node to those of others and back.

Rooms tell what has changed, and every few seconds all there is; a room that opens asks. So the
cost of a lost message is that a cursor stands still for as long.
"""

from __future__ import annotations

from uuid import UUID

from collab.sync.messages import AwarenessEntry
from collab.sync.rooms.elsewhere import SEATS_MAX, STATE_BYTES_MAX, Seats
from server.realtime.hub import Hub
from server.realtime.relay.messages import Seated, Wanted
from server.realtime.relay.nodes import Nodes
from server.realtime.relay.relay import Relay


def connect_seats(relay: Relay, nodes: Nodes, hub: Hub) -> None:
    """Let the rooms of this node show who is in those of others, and theirs who is here."""
    _connect_hearing(relay, nodes, hub)
    _connect_asking(relay, hub)
    hub.rooms.outlet.on_seats = lambda document, seats: relay.tell_of(
        document, seated_of(document, seats)
    )


def _connect_hearing(relay: Relay, nodes: Nodes, hub: Hub) -> None:
    def take(node: str, seated: Seated) -> None:
        room = hub.rooms.get(seated.document)
        if room is not None:
            nodes.expect(node)
            room.telling.hear(node, seats_of(seated))

    def forget(node: str) -> None:
        for room in hub.rooms:
            room.telling.forget(node)

    relay.on(Seated, take)
    nodes.on_gone.append(forget)


def _connect_asking(relay: Relay, hub: Hub) -> None:
    def ask(document_id: UUID) -> None:
        relay.tell_of(document_id, Wanted(document=document_id))

    def answer(_node: str, wanted: Wanted) -> None:
        room = hub.rooms.get(wanted.document)
        if room is not None:
            room.telling.repeat()

    def listening(channel: str | None) -> None:
        """What was told until now was heard neither here nor there."""
        for room in hub.rooms:
            if channel is not None and relay.is_heard(room.document_id, channel):
                ask(room.document_id)
                room.telling.repeat()

    hub.rooms.outlet.on_question = ask
    relay.on(Wanted, answer)
    relay.on_listening.append(listening)


def seated_of(document_id: UUID, seats: Seats) -> Seated:
    """What a room tells, as it goes over the relay; beyond the bounds it is left out."""
    whole = None if seats.whole is None else tuple(sorted(seats.whole)[:SEATS_MAX])
    entries = tuple(
        (each.client_id, each.clock, each.state)
        for each in seats.entries
        if each.state is None or len(each.state) <= STATE_BYTES_MAX
    )
    return Seated(document=document_id, serial=seats.serial, entries=entries, whole=whole)


def seats_of(seated: Seated) -> Seats:
    """What a room at another node has told."""
    entries = tuple(AwarenessEntry(*each) for each in seated.entries)
    return Seats(seated.serial, entries, None if seated.whole is None else frozenset(seated.whole))
