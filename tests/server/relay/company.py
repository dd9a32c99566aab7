"""People in one document, at two nodes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from collab.sync.messages import Awareness, AwarenessEntry, Outgoing
from server.realtime.hub import hub_of
from server.realtime.relay.messages import decode
from storage.relay.bus import Packet
from tests.collab.sync.rooms.presences import Peer
from tests.harness.waiting import until_true
from tests.server.idea.arena_of_all import Everyone
from tests.server.realtime.table import Guest, Table
from tests.server.relay.conftest import Nodes, relay_of
from tests.server.sockets import document_of


@dataclass(eq=False)
class Seated:
    """Somebody with the document open at one node, and what his page shows of the others."""

    table: Table
    guest: Guest
    client_id: int
    clock: int = 0

    async def point(self, cursor: int) -> None:
        """Put the cursor somewhere."""
        self.clock += 1
        state = json.dumps({"cursor": {"anchor": cursor}})
        entry = AwarenessEntry(self.client_id, self.clock, state)
        await self.table.say(self.guest, Awareness((entry,)))

    def leave(self) -> None:
        self.table.leave(self.guest)

    def sees(self) -> dict[int, object]:
        """Where the cursors of the others are, by client id."""
        peer = Peer()
        said: list[Outgoing] = self.guest.told
        for each in said:
            if isinstance(each, Awareness):
                peer.hear(each)
        return {
            client_id: json.loads(state).get("cursor", {}).get("anchor")
            for client_id, state in peer.states.items()
            if client_id != self.client_id
        }

    async def until_sees(self, cursors: dict[int, object]) -> None:
        await until_true(lambda: self.sees() == cursors, f"sees {cursors}")


async def seated(node: Everyone, document_id: UUID, handle: str, client_id: int) -> Seated:
    """The person opens the document at this node."""
    services, person = node.arena.services, (await node.actor(handle)).person_id
    assert person is not None
    table = Table(hub_of(services), services.database, document_id, person)
    return Seated(table, await table.sit(person), client_id)


async def a_document(nodes: Nodes) -> tuple[str, UUID]:
    """A new idea, and its document."""
    ref = await nodes.one.idea("open", kind="need")
    return ref, UUID((await document_of(nodes.one, ref)).split(".")[0])


async def knowing_each_other(nodes: Nodes) -> None:
    """Each node has heard that the other is there."""
    heard: set[str] = set()
    names = {relay_of(nodes.one).node, relay_of(nodes.other).node}

    def fate(packet: Packet) -> list[Packet]:
        parcel = decode(packet[1])
        assert parcel is not None
        heard.update(parcel.node for item in parcel.items if item.kind == "alive")
        return [packet]

    nodes.exchange.fate = fate
    await until_true(lambda: heard == names, "both are heard")


def silenced(node: Everyone, nodes: Nodes) -> None:
    """Nothing that this node says arrives any more: it was stopped, or cut off."""
    name = relay_of(node).node

    def fate(packet: Packet) -> list[Packet]:
        parcel = decode(packet[1])
        return [] if parcel is not None and parcel.node == name else [packet]

    nodes.exchange.fate = fate


def heard_again(nodes: Nodes) -> None:
    nodes.exchange.fate = lambda packet: [packet]
