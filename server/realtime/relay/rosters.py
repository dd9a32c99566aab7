"""Rosters: who has which document open at which node, and who is at the board, for the pages.

Each node tells the others what has changed, at most once a second, and every few seconds, or when
somebody asks, all there is. What a node told goes with the node. Of more people in one document
or at the board than a message takes, and of more documents, the others see no more than that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count, islice
from uuid import UUID

from collab.process.events.event import ARENA_TOPIC, BOARD_TOPIC
from collab.sync.rooms.copies import Copy
from server.realtime.hub import Hub
from server.realtime.live import Live
from server.realtime.onlookers import Onlooker, Seen
from server.realtime.polling.watch import pause
from server.realtime.present import Present
from server.realtime.relay.messages import (
    BOARD_MAX,
    CARDS_MAX,
    DOCUMENTS_MAX,
    ENTRIES_MAX,
    NAME_MAX,
    PEOPLE_MAX,
    Asked,
    People,
    Person,
    Roster,
    Whole,
)
from server.realtime.relay.nodes import Nodes
from server.realtime.relay.relay import Relay

TELL_S = 1.0
REPEAT_S = 10.0


class Rosters:
    """What the other nodes have told."""

    def __init__(self) -> None:
        self._documents: dict[str, Copy[UUID, People]] = {}
        self._boards: dict[str, Copy[str, Person]] = {}

    def take(self, node: str, roster: Roster) -> tuple[bool, bool]:
        """Take what a node tells; whether documents, and whether the board, look different."""
        if node not in self._documents:
            self._documents[node] = Copy(DOCUMENTS_MAX)
            self._boards[node] = Copy(BOARD_MAX)
        whole = roster.whole
        documents = {document: people or None for document, people in roster.documents.items()}
        in_documents = self._documents[node].take(
            roster.serial, documents, None if whole is None else set(whole.documents)
        )
        at_board = self._boards[node].take(
            roster.serial, roster.board, None if whole is None else set(whole.board)
        )
        return bool(in_documents), bool(at_board)

    def forget(self, node: str) -> None:
        """The node has gone, and its people with it."""
        self._documents.pop(node, None)
        self._boards.pop(node, None)

    def present(self, document_id: UUID) -> Iterator[Present]:
        """Who has the document open at other nodes; who is at several comes several times."""
        for node in sorted(self._documents, reverse=True):
            for each in self._documents[node].get(document_id) or ():
                yield Present(each.person, each.handle, each.name, each.colour)

    def open_documents(self) -> set[UUID]:
        """The documents that somebody has open at another node."""
        return {document for copy in self._documents.values() for document in copy}

    def onlookers(self) -> list[Seen]:
        """Who is at the board at other nodes, and at which cards."""
        return [
            (Onlooker(each.person, each.handle, each.name, each.colour), each.cards)
            for copy in self._boards.values()
            for each in copy.values()
        ]


class Telling:
    """Tells the others what is so at this node."""

    def __init__(self, relay: Relay, hub: Hub, live: Live) -> None:
        self._relay = relay
        self._hub = hub
        self._live = live
        self._serials = count(1)
        self._dirty: set[UUID] = set()
        self._documents: dict[UUID, People] = {}
        """What was told of the documents that are open here."""
        self._board: dict[str, Person] = {}
        self._wake = asyncio.Event()
        self._is_asked = True
        self._repeated_at = float("-inf")

    def document_changed(self, document_id: UUID) -> None:
        """Somebody may have come or left there."""
        self._dirty.add(document_id)
        self._wake.set()

    def board_changed(self) -> None:
        self._wake.set()

    def repeat(self) -> None:
        """Tell everything soon."""
        self._is_asked = True
        self._wake.set()

    async def run(self) -> None:
        """Tell what has changed for ever."""
        while True:
            await pause(self._wake, REPEAT_S)
            self.tell()
            await asyncio.sleep(TELL_S)

    def tell(self) -> None:
        """Tell what has changed, or everything if it is time to."""
        changed = self._look_at_documents()
        board = {each.handle: each for each in map(_watcher, self._onlookers())}
        moved: dict[str, Person | None] = {
            handle: board.get(handle)
            for handle in board.keys() | self._board.keys()
            if board.get(handle) != self._board.get(handle)
        }
        self._board = board
        if changed:
            self._live.touch(ARENA_TOPIC, BOARD_TOPIC)
        now = asyncio.get_running_loop().time()
        if self._is_asked or now - self._repeated_at >= REPEAT_S:
            self._is_asked, self._repeated_at = False, now
            whole = Whole(documents=tuple(self._documents)[:DOCUMENTS_MAX], board=tuple(board))
            self._say(self._documents, dict(board), whole)
        elif changed or moved:
            self._say(changed, dict(islice(moved.items(), BOARD_MAX)), None)

    def _look_at_documents(self) -> dict[UUID, People]:
        """What has changed since it was told."""
        dirty, self._dirty = self._dirty, set()
        changed: dict[UUID, People] = {}
        for document in dirty:
            people = tuple(map(_person, self._hub.company.here(document)[:PEOPLE_MAX]))
            if people == self._documents.get(document, ()):
                continue
            changed[document] = people
            if people:
                self._documents[document] = people
            else:
                del self._documents[document]
        return changed

    def _onlookers(self) -> list[Seen]:
        return self._live.onlookers.of_this_process()[:BOARD_MAX]

    def _say(
        self,
        documents: dict[UUID, People],
        board: dict[str, Person | None],
        whole: Whole | None,
    ) -> None:
        """In pieces: the first says what there is."""
        some = list(documents.items())[:DOCUMENTS_MAX]
        for start in range(0, max(1, len(some)), ENTRIES_MAX):
            piece = dict(some[start : start + ENTRIES_MAX])
            serial = next(self._serials)
            if start == 0:
                roster = Roster(serial=serial, documents=piece, board=board, whole=whole)
            else:
                roster = Roster(serial=serial, documents=piece)
            self._relay.tell_all(roster)


def connect_rosters(relay: Relay, nodes: Nodes, hub: Hub, live: Live) -> None:
    """Let the pages of this node show who is at others, and theirs who is here."""
    _connect_hearing(relay, nodes, hub, live)
    _connect_telling(relay, nodes, hub, live)


def _connect_hearing(relay: Relay, nodes: Nodes, hub: Hub, live: Live) -> None:
    rosters = Rosters()

    def take(node: str, roster: Roster) -> None:
        if node not in nodes:
            return
        in_documents, at_board = rosters.take(node, roster)
        if in_documents:
            live.touch(ARENA_TOPIC, BOARD_TOPIC)
        elif at_board:
            live.touch(BOARD_TOPIC)

    def gone(node: str) -> None:
        rosters.forget(node)
        live.touch(ARENA_TOPIC, BOARD_TOPIC)

    hub.company.elsewhere = rosters.present
    hub.company.open_elsewhere = rosters.open_documents
    live.onlookers.elsewhere = rosters.onlookers
    relay.on(Roster, take)
    nodes.on_gone.append(gone)


def _connect_telling(relay: Relay, nodes: Nodes, hub: Hub, live: Live) -> None:
    """Everything is told to whoever asks, and when the relay has come back."""
    telling = Telling(relay, hub, live)

    def repeat() -> None:
        telling.repeat()
        for room in hub.rooms:
            room.telling.repeat()

    def asked(_node: str, asked: Asked) -> None:
        if asked.node in (None, relay.node):
            repeat()

    def listening(channel: str | None) -> None:
        if channel is None:
            relay.tell_all(Asked())
            repeat()

    live.on_board = telling.board_changed
    hub.rooms.outlet.on_people = telling.document_changed
    relay.on(Asked, asked)
    relay.on_listening.append(listening)
    nodes.on_come.append(lambda node: relay.tell_all(Asked(node=node)))
    hub.spawn(telling.run(), "rosters")


def _person(each: Present) -> Person:
    return Person(
        person=each.person_id, handle=each.handle, name=each.name[:NAME_MAX], colour=each.colour
    )


def _watcher(seen: Seen) -> Person:
    each, cards = seen
    return Person(
        person=each.person_id,
        handle=each.handle,
        name=each.name[:NAME_MAX],
        colour=each.colour,
        cards=tuple(cards)[:CARDS_MAX],
    )
