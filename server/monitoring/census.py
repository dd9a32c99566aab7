"""How many rooms, sockets and people there are now, for the numbers of the operator."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from server.realtime.hub import Hub
from server.realtime.live import Live


@dataclass(frozen=True, slots=True)
class Census:
    """Counts of one moment; the keys are those of ``server.monitoring.metrics``."""

    rooms: Counter[str]
    connections: Counter[str]
    sessions: Counter[tuple[str, str]]


def census(hub: Hub, live: Live) -> Census:
    """Count what is open in this process."""
    sessions = Counter(
        (
            "y-websocket" if each.echoes else "hocuspocus",
            "writer" if each.grant.write else "observer",
        )
        for room in hub.rooms
        for each in room.room.sessions
    )
    if len(live):
        sessions["live", "page"] = len(live)
    connections = Counter(each.protocol for each in hub.sockets)
    return Census(hub.rooms.states(), connections, sessions)
