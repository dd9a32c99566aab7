"""Rooms of one document at several processes, and peers that believe as providers do."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from collab.sync.messages import Awareness, AwarenessEntry
from collab.sync.rooms.elsewhere import Seats
from collab.sync.rooms.session import Grant, Participant, Session
from collab.sync.rooms.shown import Shown

GRACE_S = 4.0
NAMES = ("ana", "bo", "cleo", "dan")
WRITER = Grant(read=True, write=True)


@dataclass
class Peer:
    """What a provider believes: a state with a newer clock, or a removal with the same."""

    clocks: dict[int, int] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)

    def hear(self, told: Awareness | None) -> None:
        for entry in () if told is None else told.entries:
            clock = self.clocks.get(entry.client_id, 0)
            is_removal = entry.state is None and entry.client_id in self.states
            if entry.clock > clock or (entry.clock == clock and is_removal):
                self.clocks[entry.client_id] = entry.clock
                if entry.state is None:
                    self.states.pop(entry.client_id, None)
                else:
                    self.states[entry.client_id] = entry.state

    def cursors(self) -> dict[int, tuple[str, object]]:
        """Whose cursor is where, by client id."""
        found = {}
        for client_id, state in self.states.items():
            says = json.loads(state)
            found[client_id] = (says["user"]["id"], says.get("cursor"))
        return found


@dataclass
class Node:
    """One process: its room, a peer that sits there all the time, and what it says."""

    name: str
    shown: Shown = field(default_factory=Shown)
    peer: Peer = field(default_factory=Peer)
    serials: Iterator[int] = field(default_factory=lambda: count(1))

    def turn(self, now: float) -> list[Seats]:
        """Tell peers and the other processes what has changed."""
        self.peer.hear(self.shown.expire(now))
        self.peer.hear(self.shown.spread())
        return self.shown.news(self.serials, whole=False)

    def whole(self) -> list[Seats]:
        return self.shown.news(self.serials, whole=True)


@dataclass
class Client:
    """Somebody's page: it keeps its client id and its clock wherever it connects."""

    client_id: int
    name: str
    clock: int = 0
    cursor: int = 0
    at: Node | None = None
    session: Session | None = None

    def come(self, node: Node, session_id: int) -> None:
        person = Participant(UUID(int=NAMES.index(self.name)), self.name, self.name.title())
        self.session = Session(session_id, person, WRITER, address="d", echoes=True)
        self.at = node
        self.clock = self.clock or 1
        self.say()

    def move(self) -> None:
        self.clock = max(self.clock, 0 if self.at is None else self.adopted()) + 1
        self.cursor += 1
        self.say()

    def say(self) -> None:
        assert self.at is not None
        assert self.session is not None
        state = json.dumps({"cursor": {"anchor": self.cursor}})
        entry = AwarenessEntry(self.client_id, self.clock, state)
        self.at.shown.report(self.session, Awareness((entry,)))

    def leave(self, now: float) -> None:
        assert self.at is not None
        assert self.session is not None
        self.at.shown.leave(self.session.id, now + GRACE_S)
        self.at = self.session = None

    def adopted(self) -> int:
        """The clock that the room has told of this client; a provider takes it over."""
        assert self.at is not None
        return self.at.peer.clocks.get(self.client_id, 0)


class World:
    """Some nodes, their pages, and a relay that loses, doubles and delays."""

    def __init__(self, luck: random.Random, nodes: int) -> None:
        self.luck = luck
        self.now = 0.0
        self.nodes = [Node(f"n{number}") for number in range(nodes)]
        self.clients = [Client(10 + number, luck.choice(NAMES)) for number in range(6)]
        self._way: list[tuple[Node, Node, Seats]] = []
        self._sessions = count(1)

    def act(self) -> None:
        """Somebody comes, goes, moves, or changes from one process to another."""
        client = self.luck.choice(self.clients)
        if client.at is None:
            client.come(self.luck.choice(self.nodes), next(self._sessions))
        elif self.luck.random() < 0.6:
            client.move()
        else:
            client.leave(self.now)
            if self.luck.random() < 0.6:
                client.come(self.luck.choice(self.nodes), next(self._sessions))

    def turn(self, *, is_quiet: bool) -> None:
        """Time goes by, rooms tell, and some of what is under way arrives."""
        self.now += 1.0 if is_quiet else self.luck.choice((0.1, 0.5, 1.0))
        for node in self.nodes:
            said = node.turn(self.now)
            if self.luck.random() < 0.1:
                said += node.whole()
            self.post(node, said, is_quiet=is_quiet)
        self.luck.shuffle(self._way)
        keep = 0 if is_quiet else self.luck.randrange(len(self._way) + 1)
        arriving, self._way = self._way[keep:], self._way[:keep]
        for source, target, seats in arriving:
            target.shown.hear(source.name, seats, self.now)

    def post(self, source: Node, said: list[Seats], *, is_quiet: bool) -> None:
        for target in self.nodes:
            for seats in said if target is not source else ():
                copies = 1 if is_quiet else self.luck.choice((0, 1, 1, 2))
                self._way += [(source, target, seats)] * copies

    def settle(self) -> None:
        """Everybody is still for longer than the grace period, and all is repeated."""
        for _ in range(18):
            self.turn(is_quiet=True)
            for node in self.nodes:
                self.post(node, node.whole(), is_quiet=True)
        self.turn(is_quiet=True)
        self.turn(is_quiet=True)

    def truth(self) -> dict[int, tuple[str, object]]:
        return {
            client.client_id: (client.name, {"anchor": client.cursor})
            for client in self.clients
            if client.at is not None
        }
